import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { BASELINE_FILE } from '../../config/config.ts';
import { formatIgnoreFile } from '../../config/ignore-file.ts';
import { EXIT } from '../../engine/judge/summary.ts';
import { resolveRoot } from '../../engine/plan/root.ts';
import { scan } from '../../engine/scan.ts';
import type { FlagsOf } from '../../flags/types.ts';
import { errorCode } from '../../lib/files/walk.ts';
import { writeWhole } from '../../lib/files/write-file.ts';
import { UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import type { CliIo, Finish } from '../io.ts';
import { resolveNames, resolveScanOptions } from '../options.ts';
import { declareVerb } from '../program.ts';
import { createProgressLine } from '../progress.ts';
import { refuseLinkAbove } from '../usage/refuse-link-above.ts';
import { scanContext } from './scan.ts';

const HEADER = `Findings that existed when the baseline was made: one id a line, sorted, no values, no line numbers.
Lines that are no longer needed are named by every full scan; make the file again with "bowerbird baseline".`;

/** `bowerbird baseline [targets]`: accepts all present findings. */
export function addBaseline(program: Command, io: CliIo, finish: Finish): void {
  declareVerb(program, 'baseline', io).action(async (targets: string[], flags: FlagsOf<'baseline'>) => {
    finish(await runBaseline(targets, flags, io));
  });
}

async function runBaseline(targets: readonly string[], flags: FlagsOf<'baseline'>, io: CliIo): Promise<number> {
  const progress = createProgressLine(io, flags.progress !== false);
  const options = await resolveNames(resolveScanOptions(targets, flags), io.cwd);
  const name = flags.output ?? BASELINE_FILE;
  const file = flags.output === undefined ? join(resolveRoot(options, io.cwd), name) : resolve(io.cwd, name);
  refuseLinkAbove(`The baseline ${name}`, file, options.targets, io.cwd);
  const report = await scan(options, { ...scanContext(io), onProgress: progress.update }).finally(progress.clear);
  const lines = baselineIds(report).map((id) => ({ id }));
  try {
    writeWhole(file, formatIgnoreFile(lines, HEADER));
  } catch (error) {
    throw new UsageError(`${name} cannot be written (${errorCode(error)}). Check the folder.`);
  }
  io.stdout(`${lines.length} ${lines.length === 1 ? 'finding' : 'findings'} written to ${name}.\n`);
  if (report.summary.state !== 'incomplete' && report.summary.gaps === 0) return EXIT.clean;
  io.stderr(`bowerbird: the scan was incomplete, so the baseline is too: ${report.summary.notes.join('; ')}\n`);
  return EXIT.incomplete;
}

/** Returns the ids that belong into a baseline: of open findings, and of those that the old baseline accepts. */
export function baselineIds(report: Report): string[] {
  const accepted = report.findings.filter((finding) => (finding.suppression?.kind ?? 'baseline') === 'baseline');
  return accepted.map((finding) => finding.id);
}
