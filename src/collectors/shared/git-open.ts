import { resolve } from 'node:path';
import { GitError, type GitFailure } from '../../git/process/error.ts';
import { type Git, openGit } from '../../git/process/open.ts';
import { UsageError } from '../../model/errors.ts';
import type { Gap, GapReason } from '../../model/gap.ts';
import type { CollectContext, Collected } from '../contract.ts';

/** Returns the folder of a git target: the named one, else the working directory. */
export function targetFolder(context: CollectContext, value: string): string {
  const { directory } = context.options;
  return resolve(context.cwd, typeof directory === 'string' ? directory : '.', value);
}

/** GIT_DIR, GIT_INDEX_FILE and the like describe the working directory. For another folder they would be wrong. */
export function keepsLocation(context: CollectContext, folder: string): boolean {
  return folder === resolve(context.cwd);
}

/** Opens git for a target. `network` is only for fetching the missing part of a shallow clone. */
export function openTargetGit(context: CollectContext, folder: string, options: { network?: boolean } = {}): Git {
  return openGit({
    directory: folder,
    env: context.env,
    location: keepsLocation(context, folder),
    network: options.network ?? false,
    ...(context.signal ? { signal: context.signal } : {}),
  });
}

/**
 * Passes items on, and turns a failure of git into a gap of the whole scope.
 * @throws UsageError where git is missing or too old
 */
export async function* guardGit(
  scope: string,
  folder: string,
  collect: () => AsyncIterable<Collected>,
): AsyncGenerator<Collected> {
  try {
    yield* collect();
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (error.failure === 'git-missing' || error.failure === 'git-too-old') throw new UsageError(error.message);
    yield { kind: 'gap', scope, gap: targetGap(error, folder) };
  }
}

const REASONS: Readonly<Record<GitFailure, GapReason>> = {
  'git-missing': 'unsupported',
  'git-too-old': 'unsupported',
  'not-found': 'not-found',
  'not-a-repository': 'not-a-repository',
  'dubious-ownership': 'denied',
  timeout: 'timeout',
  aborted: 'timeout',
  limit: 'limit',
  failed: 'unreadable',
};

/** The gap of a whole scope that a failure of git leaves. */
export function targetGap(error: GitError, folder: string): Gap {
  return { reason: REASONS[error.failure], subject: folder, message: advise(error, folder), scope: true };
}

function advise(error: GitError, folder: string): string {
  if (error.failure === 'not-a-repository') return `${folder} is not a git repository: nothing of it was read.`;
  if (error.failure !== 'dubious-ownership') return `${folder}: ${error.message}.`;
  const command = /git config --global --add safe\.directory .*/.exec(error.stderr)?.[0];
  const advice = command ?? `git config --global --add safe.directory ${folder}`;
  return `${folder} belongs to another user and git refuses to read it. If you trust it, run: ${advice}`;
}
