import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ScanContext } from '../../engine/options.ts';
import { findReporter, renderReport } from '../../engine/render.ts';
import { scan } from '../../engine/scan.ts';
import { errorCode } from '../../lib/walk.ts';
import { UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import { type CliIo, wantsColor } from '../io.ts';
import { resolveScanOptions } from '../options.ts';
import { parseReportFlag, type ScanFlags } from '../program.ts';
import { createProgressLine } from '../progress.ts';

/** `scan` shows findings first, `inventory` identities first; the pipeline is the same. */
export type ScanView = 'human' | 'inventory';

/** Runs a scan and writes its reports. The exit code depends on the report only, never on where it is written. */
export async function runScan(
  targets: readonly string[],
  flags: ScanFlags,
  view: ScanView,
  io: CliIo,
): Promise<number> {
  const outputs = planOutputs(flags, view);
  const options = resolveScanOptions(targets, flags);
  const progress = createProgressLine(io, flags.progress !== false && flags.quiet !== true);
  const report = await scan(options, { ...scanContext(io, flags), onProgress: progress.update }).finally(
    progress.clear,
  );
  for (const output of outputs) await writeOutput(report, output, flags, io);
  return report.summary.exitCode;
}

/** The context of a scan that the command line makes. Network only with a collector or flag that needs it. */
export function scanContext(io: CliIo, _flags: Pick<ScanFlags, 'verify'>): ScanContext {
  const { now, cwd, env, home, version, stdin, sleep } = io;
  return {
    now,
    cwd,
    env,
    home,
    version,
    stdin,
    sleep,
    ...(io.network === undefined ? {} : { network: io.network }),
    ...(io.signal === undefined ? {} : { signal: io.signal }),
  };
}

interface Output {
  readonly format: string;
  readonly file?: string;
}

/** Checks formats before any work is done: a typo must not cost an hour. */
function planOutputs(flags: ScanFlags, view: ScanView): Output[] {
  const asked = (flags.report ?? []).map(parseReportFlag);
  if (flags.json === true) asked.push({ format: 'json' });
  const toStdout = asked.filter((output) => output.file === undefined);
  if (toStdout.length > 1) {
    throw new UsageError(`Only one report can go to standard output: write ${toStdout[1]?.format}=<file>.`);
  }
  if (toStdout.length === 0 && flags.quiet !== true) asked.unshift({ format: view });
  for (const { format } of asked) findReporter(format);
  return asked;
}

async function writeOutput(report: Report, output: Output, flags: ScanFlags, io: CliIo): Promise<void> {
  const color = output.file === undefined && wantsColor(flags.color, io);
  const showSecrets = flags.showSecrets === true;
  const options = { color, width: io.width, showSecrets, verbose: flags.verbose === true };
  const text = renderReport(report, output.format, options, io.cwd);
  if (output.file === undefined) return io.stdout(text);
  try {
    await writeFile(resolve(io.cwd, output.file), text);
  } catch (error) {
    throw new UsageError(`The report ${output.file} cannot be written (${errorCode(error)}). Check the folder.`);
  }
}
