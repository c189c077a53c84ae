import { accessSync, constants } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isFormat, loadReporter, writeInTurn, writeWith } from '../../engine/ask/render.ts';
import type { Progress, ScanContext, ScanOptions } from '../../engine/plan/contract.ts';
import { resolveRoot } from '../../engine/plan/root.ts';
import { scan } from '../../engine/scan.ts';
import type { FlagsOf } from '../../flags/types.ts';
import { defined } from '../../lib/fields/defined.ts';
import { errorCode } from '../../lib/files/walk.ts';
import { type Content, writeWhole } from '../../lib/files/write-file.ts';
import { ProviderError, UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import { type CliIo, wantsColor } from '../io.ts';
import { resolveNames, resolveScanOptions } from '../options.ts';
import { createProgressLine } from '../progress.ts';
import { type Output, parseReportFlag } from '../report-flag.ts';

/** `scan` shows findings first, `inventory` identities first; the pipeline is the same. */
export type ScanView = 'human' | 'inventory';

/** Runs a scan and writes its reports. The exit code depends on the report only, never on where it is written. */
export async function runScan(
  targets: readonly string[],
  flags: FlagsOf<'scan'>,
  view: ScanView,
  io: CliIo,
): Promise<number> {
  const outputs = await planOutputs(flags, view);
  for (const { file } of outputs) checkFolder(file, io.cwd);
  const options = await resolveNames(resolveScanOptions(targets, flags), io.cwd);
  if (outputs.some(({ file }) => file !== undefined) || flags.state !== undefined || flags.record !== undefined) {
    await refuseLinks(outputs, flags, options, io.cwd);
  }
  const progress = createProgressLine(io, flags.progress !== false && flags.quiet !== true);
  const onProgress = (now: Progress): void => {
    io.onProgress?.(now);
    progress.update(now);
  };
  const report = await scan(options, { ...scanContext(io), onProgress }).finally(progress.clear);
  await writeOutputs(report, outputs, flags, io, resolveRoot(options, io.cwd));
  return report.summary.exitCode;
}

/** Makes the context of a scan from the command line. */
export function scanContext(io: CliIo): ScanContext {
  const { now, cwd, env, home, version, stdin, sleep } = io;
  return {
    now,
    cwd,
    env,
    home,
    version,
    stdin,
    sleep,
    ...defined({ network: io.network, signal: io.signal, clock: io.clock }),
  };
}

/** Checks formats before the scan, so that a typo does not cost an hour. */
async function planOutputs(flags: FlagsOf<'scan'>, view: ScanView): Promise<Output[]> {
  const asked = (flags.report ?? []).map(parseReportFlag);
  if (flags.json === true) asked.push({ format: 'json' });
  const toStdout = asked.filter((output) => output.file === undefined);
  if (toStdout.length > 1) {
    const second = toStdout[1]?.format;
    throw new UsageError(`Only one report can go to standard output. Write --report ${second}=<file> for the second.`);
  }
  if (toStdout.length === 0 && flags.quiet !== true) asked.unshift({ format: view });
  for (const { format } of asked) {
    if (!isFormat(format)) throw (await import('../usage/wrong-format.ts')).wrongFormat(format);
  }
  const files = asked.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, at) => files.indexOf(file) < at);
  if (twice !== undefined) throw new UsageError(`Two reports go to ${twice}: name another file for one of them.`);
  return asked;
}

/** Refuses a report that cannot be written before the scan, not after an hour of work. Throws `UsageError`. */
function checkFolder(file: string | undefined, cwd: string): void {
  if (file === undefined) return;
  try {
    accessSync(dirname(resolve(cwd, file)), constants.W_OK);
  } catch (error) {
    throw cannotWrite(file, error);
  }
}

/** Loads the check lazily, because most scans write to standard output only. Throws `UsageError`. */
async function refuseLinks(
  outputs: readonly Output[],
  flags: FlagsOf<'scan'>,
  options: ScanOptions,
  cwd: string,
): Promise<void> {
  const { refuseLinkAbove } = await import('../usage/refuse-link-above.ts');
  const refuse = (what: string, file: string): void => refuseLinkAbove(what, resolve(cwd, file), options.targets, cwd);
  for (const { file } of outputs) if (file !== undefined) refuse(`The report ${file}`, file);
  if (flags.state !== undefined) refuse(`The state ${flags.state}`, flags.state);
  // A recording is a folder, and the folder itself may be the link.
  if (flags.record !== undefined) refuse(`The recording ${flags.record}`, join(flags.record, 'answers'));
}

/** Writes every report that can be written. Then it says which could not. */
async function writeOutputs(
  report: Report,
  outputs: readonly Output[],
  flags: FlagsOf<'scan'>,
  io: CliIo,
  root: string,
): Promise<void> {
  const failed: Error[] = [];
  for (const { format, file } of outputs) {
    const color = file === undefined && wantsColor(flags.color, io);
    const showSecrets = flags.showSecrets === true;
    const options = {
      color,
      showSecrets,
      verbose: flags.verbose === true,
      // A getter, because few reporters need the width, and asking the terminal takes longer than writing a report.
      get width() {
        return io.width;
      },
    };
    try {
      const reporter = await loadReporter(format);
      const write = (put: (piece: string) => void) => writeWith(reporter, report, options, root, put);
      if (file === undefined) await writeInTurn(reporter, report, options, root, (piece) => io.stdout(piece));
      else writeFile(file, write, io.cwd);
    } catch (error) {
      failed.push(toError(error));
    }
  }
  const [first, ...others] = failed;
  if (others.length > 0) await explainAll(others, io);
  if (first !== undefined) throw first;
}

/** Loads lazily what is needed for errors only. */
async function explainAll(errors: readonly Error[], io: CliIo): Promise<void> {
  const { explainError } = await import('../explain-error.ts');
  for (const error of errors) explainError(error, io);
}

/** Throws `UsageError` or `ProviderError` where the file cannot be written. */
function writeFile(file: string, content: Content, cwd: string): void {
  try {
    writeWhole(resolve(cwd, file), content);
  } catch (error) {
    throw error instanceof ProviderError ? error : cannotWrite(file, error);
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Errors that another path would not cure: the disk is full or broken. */
const OUTSIDE: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EFBIG']);

function cannotWrite(file: string, error: unknown): UsageError | ProviderError {
  const code = errorCode(error);
  const message = `The report ${file} cannot be written (${code}).`;
  if (OUTSIDE.has(code)) return new ProviderError(`${message} Free some space, or write to another place.`);
  const advice =
    code === 'ENOENT' ? `Make the folder ${dirname(file)} first.` : 'Check the folder and its permissions.';
  return new UsageError(`${message} ${advice}`);
}
