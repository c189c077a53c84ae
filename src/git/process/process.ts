import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { ByteSource } from './byte-source.ts';
import { explainExit, GitError } from './error.ts';
import type { Git } from './open.ts';

/** Most bytes of stderr that are kept. */
export const STDERR_BYTES = 16 * 1024;
const KILL_DELAY = 2_000;
const DEFAULT_OUTPUT = 256 * 1024 * 1024;

/**
 * Passed on every command line, so that no setting of a scanned repository starts a program or changes what plumbing
 * prints. Settings on the command line win over those of the repository. Settings that are lists, or of which git takes
 * the first, are switched off through the environment instead (`gitEnvironment`).
 */
const FIXED_SETTINGS = [
  'core.quotePath=off',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'core.askPass=',
  'core.sshCommand=ssh -oBatchMode=yes',
  'core.alternateRefsCommand=true',
  'core.commitGraph=false',
  'credential.helper=',
  'diff.external=',
  'diff.renames=false',
  'log.showSignature=false',
  'advice.graftFileDeprecated=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.allow=never',
  'protocol.ext.allow=never',
  'safe.bareRepository=all',
  'submodule.recurse=false',
];

/** A running git command. Always `await ended()` or call `stop()`. */
export interface GitProcess {
  readonly stdin: Writable;
  readonly output: ByteSource;
  /**
   * Resolves with the text on stderr if the command succeeded, and throws GitError otherwise. Read the output first.
   */
  ended(): Promise<string>;
  /** Ends the process if it still runs. */
  stop(): void;
}

/**
 * Starts a git command with the fixed settings and `more` of them (`key=value`). Output is pulled, never buffered
 * beyond the pipe. simple-git is not used here: its version 4 drops GIT_INDEX_FILE and buffers whole outputs.
 */
export function startGit(git: Git, args: readonly string[], more: readonly string[] = []): GitProcess {
  const settings = [...FIXED_SETTINGS, ...more].flatMap((setting) => ['-c', setting]);
  const child = spawn(git.executable, ['--no-pager', ...settings, ...args], {
    cwd: git.directory,
    env: git.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let cause: GitError | undefined;
  const fail = (error: GitError) => {
    cause ??= error;
    kill(child);
  };
  const abort = () => fail(new GitError('aborted', 'the run was cancelled'));
  git.signal?.addEventListener('abort', abort, { once: true });
  if (git.signal?.aborted) abort();
  const stderr = captureStderr(child);
  child.stdin.on('error', ignoreClosedPipe);
  const name = args[0] ?? '';
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', (error) => reject(cause ?? startError(error, git)));
    child.once('close', (code) => {
      git.signal?.removeEventListener('abort', abort);
      if (cause) reject(cause);
      else if (code === 0) resolve(stderr());
      else reject(explainExit(name, code, stderr()));
    });
  });
  ended.catch(ignoreUntilAwaited);
  const idle = () => fail(new GitError('timeout', `git ${name} gave nothing for ${git.idle / 1000} seconds`));
  return {
    stdin: child.stdin,
    output: new ByteSource(child.stdout, git.idle, idle),
    ended: () => ended,
    stop: () => {
      git.signal?.removeEventListener('abort', abort);
      kill(child);
    },
  };
}

/**
 * Runs a command to its end and returns its whole output.
 * @throws GitError, also where the output is longer than `maxBytes` (default 256 MiB)
 */
export async function runGit(
  git: Git,
  args: readonly string[],
  options: { readonly input?: string; readonly maxBytes?: number } = {},
): Promise<Buffer> {
  const child = startGit(git, args);
  child.stdin.end(options.input ?? '');
  const parts: Buffer[] = [];
  let length = 0;
  for (let part = await child.output.next(); part !== undefined; part = await child.output.next()) {
    parts.push(part);
    length += part.length;
    if (length > (options.maxBytes ?? DEFAULT_OUTPUT)) {
      child.stop();
      throw new GitError('failed', `git ${args[0]} printed more than ${options.maxBytes ?? DEFAULT_OUTPUT} bytes`);
    }
  }
  await child.ended();
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

/** Like `runGit`, but returns undefined for an exit code other than 0. Other failures throw. */
export async function tryGit(git: Git, args: readonly string[]): Promise<Buffer | undefined> {
  try {
    return await runGit(git, args);
  } catch (error) {
    if (error instanceof GitError && error.failure === 'failed') return undefined;
    throw error;
  }
}

function captureStderr(child: ChildProcessWithoutNullStreams): () => string {
  const parts: Buffer[] = [];
  let length = 0;
  child.stderr.on('data', (part: Buffer) => {
    if (length >= STDERR_BYTES) return;
    parts.push(part.subarray(0, STDERR_BYTES - length));
    length += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8');
}

function startError(error: Error, git: Git): GitError {
  const missing = 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  if (missing) return new GitError('not-found', `there is no folder ${git.directory}`);
  return new GitError('failed', `git could not be started: ${error.message}`);
}

function kill(child: ChildProcessWithoutNullStreams): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdout.destroy();
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_DELAY);
  timer.unref();
  child.once('close', () => clearTimeout(timer));
}

/** The exit code tells the reason better than the broken pipe does. */
function ignoreClosedPipe(): void {}

/** A caller that stops early never looks at the result. The rejection is still there for a caller that does. */
function ignoreUntilAwaited(): void {}
