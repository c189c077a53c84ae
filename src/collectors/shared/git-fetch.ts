import { GitError } from '../../git/process/error.ts';
import type { Git } from '../../git/process/open.ts';
import { runGit, tryGit } from '../../git/process/process.ts';
import type { CollectContext } from '../contract.ts';

const FETCH = [
  'fetch',
  '--quiet',
  '--no-tags',
  '--no-recurse-submodules',
  '--no-auto-maintenance',
  '--upload-pack=git-upload-pack',
];

/** True if the user allowed fetching what a shallow clone lacks (`--deepen`), and the run is online. */
export function mayDeepen(context: CollectContext): boolean {
  return context.options['deepen'] === true && context.network !== undefined;
}

/** True if a clone lacks older commits. */
export async function isShallow(git: Git): Promise<boolean> {
  return (await tryGit(git, ['rev-parse', '--is-shallow-repository']))?.toString('latin1').trim() === 'true';
}

/**
 * Fetches into a repository. The remote's programs, helpers and URL rewrites to other transports stay off. So only
 * HTTPS, SSH and file remotes without a helper can be reached. Returns git's message if it fails, else an empty text.
 */
export async function tryFetch(git: Git, args: readonly string[]): Promise<string> {
  try {
    await runGit(git, [...FETCH, ...args]);
    return '';
  } catch (error) {
    if (error instanceof GitError && (error.failure === 'failed' || error.failure === 'timeout')) return error.message;
    throw error;
  }
}
