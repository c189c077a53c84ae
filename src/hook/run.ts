import { EXIT } from '../engine/judge/summary.ts';
import type { ScanOptions } from '../engine/plan/contract.ts';
import type { Git } from '../git/process/open.ts';
import { tryGit } from '../git/process/process.ts';
import type { Report } from '../model/report.ts';
import type { HookStage } from './script.ts';

/** Everything a hook may touch. It has no network: the scan it is given must have none either. */
export interface HookIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard input of a pre-push hook. */
  readStdin(): Promise<string>;
  stdout(text: string): void;
  stderr(text: string): void;
  /** Git in the repository of the hook, with the variables that git gave the hook. */
  git(): Git;
  scan(options: ScanOptions, signal: AbortSignal | undefined): Promise<Report>;
  /** Renders with the reporter of that name. */
  render(report: Report, format: string): string | Promise<string>;
}

export interface HookRunOptions {
  readonly stage: HookStage;
  /** Arguments that git gives a pre-push hook: name of the remote, then its URL. */
  readonly args: readonly string[];
  /** ms; 0 for no limit. A scan that is cut is incomplete and stops the commit. */
  readonly timeLimit: number;
  readonly options?: Omit<ScanOptions, 'targets'>;
}

/**
 * Scans what a commit or push would add and returns the exit code: anything but 0 stops it. Says nothing when all was
 * read and nothing was found.
 */
export async function runHook(run: HookRunOptions, io: HookIo): Promise<number> {
  const targets = run.stage === 'pre-push' ? await readPush(run, io) : await commitTargets(io);
  if (targets.length === 0) return EXIT.clean;
  const signal = run.timeLimit > 0 ? AbortSignal.timeout(run.timeLimit) : undefined;
  const report = await io.scan({ ...run.options, targets, verify: false }, signal);
  const { exitCode } = report.summary;
  if (exitCode === EXIT.clean) return exitCode;
  io.stdout(await io.render(report, 'brief'));
  if (signal?.aborted === true) {
    io.stderr(`bowerbird: Stopped after ${run.timeLimit / 1000} seconds. ${adviseTime(run, io)}\n`);
  }
  return exitCode;
}

/** Loaded only for a push: a commit waits for everything that is loaded. */
async function readPush({ args }: HookRunOptions, io: HookIo): Promise<string[]> {
  const { pushTargets } = await import('./pushed.ts');
  return pushTargets(args, io);
}

function adviseTime({ stage }: HookRunOptions, { env }: HookIo): string {
  if (env['PRE_COMMIT'] === '1') return 'Give it more in .pre-commit-config.yaml: args: [--time-limit, "300"].';
  return `Give it more: add --time-limit <seconds> behind "hook run ${stage}" in the hook, or skip it once with --no-verify.`;
}

/** `pre-commit run --all-files` has nothing staged and means the whole tree. */
async function commitTargets(io: HookIo): Promise<string[]> {
  if (io.env['PRE_COMMIT'] !== '1') return ['staged:'];
  const unchanged = await tryGit(io.git(), ['diff-index', '--cached', '--quiet', 'HEAD', '--']);
  return unchanged === undefined ? ['staged:'] : ['.'];
}
