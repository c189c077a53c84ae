import { rmSync } from 'node:fs';
import { simpleGit } from 'simple-git';
import type { MirrorReason } from './contract.ts';
import { explainGit } from './explain.ts';
import { countRequests, endHelpers, explainSilence, readTrace } from './trace.ts';
import type { Watch } from './watch.ts';

/** What git prints beyond this is not progress and not a list of refs that is allowed. */
const MOST_STDOUT = 64 * 1024 * 1024;
const MOST_STDERR = 4 * 1024 * 1024;
/** How long git may take to end after it was told to. */
const GRACE = 10_000;
/** How long its helpers may. Git does not end them all itself. */
const HELPERS_GRACE = 250;

/** One command of git. */
export interface GitCommand {
  readonly program: string;
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The file that `GIT_TRACE2_EVENT` names. */
  readonly trace: string;
  readonly watch: Watch;
  /** Whether it asks no server. */
  readonly isLocal: boolean;
}

export type GitAnswer =
  | { readonly ok: true; readonly stdout: string; readonly requests: number }
  | { readonly ok: false; readonly reason: MirrorReason; readonly requests: number };

/**
 * Runs a command to its end, or until the watch stops it. Never throws. simple-git leaves variables that git knows out
 * and refuses settings it thinks unsafe, unless each is named: all of ours are made here and are made to be safe.
 */
export async function runMirrorGit(command: GitCommand): Promise<GitAnswer> {
  const { watch, trace } = command;
  watch.signal.addEventListener('abort', () => void setTimeout(() => endHelpers(readTrace(trace)), HELPERS_GRACE));
  watch.start();
  const outcome = await settle(command);
  watch.end();
  const text = readTrace(trace);
  if (watch.reason !== undefined) endHelpers(text);
  rmSync(trace, { force: true });
  const requests = countRequests(text);
  if (watch.reason !== undefined) return { ok: false, reason: watch.reason, requests };
  if ('reason' in outcome) return { ok: false, reason: outcome.reason, requests };
  const silence = command.isLocal ? undefined : explainSilence(text);
  return silence === undefined ? { ok: true, ...outcome, requests } : { ok: false, reason: silence, requests };
}

async function settle(command: GitCommand): Promise<{ readonly stdout: string } | { readonly reason: MirrorReason }> {
  try {
    const run = startSimpleGit(command).raw([...command.args]);
    run.catch(ignore);
    const stdout = await Promise.race([run, command.watch.stoppedFor(GRACE)]);
    return stdout === undefined ? { reason: 'broken' } : { stdout };
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    return { reason: /\bspawn\b.*\bE[A-Z]+\b/.test(text) ? 'no-git' : explainGit(text) };
  }
}

function startSimpleGit({ program, folder, env, watch }: GitCommand) {
  const git = simpleGit({
    baseDir: folder,
    binary: program,
    trimmed: false,
    abort: watch.signal,
    progress: ({ stage, progress }) => watch.progressed(stage, progress),
    // What git started may hold its pipes for longer than git lives.
    completion: { onClose: true, onExit: 2_000 },
    allowEnvironment: Object.keys(env),
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeCustomBinary: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeTemplateDir: true,
    },
    // By itself simple-git takes a git that a signal ended, or that failed in silence, for one that succeeded.
    errors: (error, { exitCode, stdErr }) => {
      if (exitCode === 0) return error;
      return error ?? new Error(Buffer.concat(stdErr).toString('utf8') || `exit ${exitCode}`);
    },
  });
  return git.env({ ...env }).outputHandler((_command, stdout, stderr) => {
    bound(stdout, MOST_STDOUT, () => watch.stop('too-many-refs'), watch);
    bound(stderr, MOST_STDERR, () => watch.stop('broken'), watch);
  });
}

/** simple-git keeps all that is printed: a server decides how much that is. */
function bound(stream: NodeJS.ReadableStream, most: number, stop: () => void, watch: Watch): void {
  let bytes = 0;
  stream.on('data', (part: Buffer) => {
    bytes += part.length;
    watch.heard();
    if (bytes > most) stop();
  });
}

/** The race is over; nobody waits for this any more. */
function ignore(): void {}
