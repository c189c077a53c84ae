import { GitError } from '../../git/process/error.ts';
import { openGit, tryGit } from '../../git/process/process.ts';
import { UsageError } from '../../model/errors.ts';
import type { ScanContext } from './contract.ts';

/** Reads a file of a commit (`<ref>:<path>`), or gives undefined when the commit lacks it. */
export function readCommitFile(
  context: ScanContext,
): (root: string, ref: string, path: string) => Promise<string | undefined> {
  return async (root, ref, path) => {
    const git = openPolicyGit(context, root, ref);
    await checkRef(git, ref);
    const found = await tryGit(git, ['cat-file', 'blob', `${ref}:./${path}`]);
    return found?.toString('utf8');
  };
}

/** Lists the names of the files directly in a folder of a commit. */
export function listCommitFolder(
  context: ScanContext,
): (root: string, ref: string, folder: string) => Promise<string[]> {
  return async (root, ref, folder) => {
    const git = openPolicyGit(context, root, ref);
    await checkRef(git, ref);
    const found = await tryGit(git, ['ls-tree', '-z', '--name-only', ref, '--', `${folder.replace(/\/$/, '')}/`]);
    const paths = (found?.toString('utf8') ?? '').split('\0').filter((path) => path !== '');
    return paths.map((path) => path.slice(path.lastIndexOf('/') + 1)).sort();
  };
}

function openPolicyGit(context: ScanContext, root: string, ref: string): ReturnType<typeof openGit> {
  try {
    return openGit({ directory: root, env: context.env, location: false });
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`--policy-ref ${ref}: ${error.message}.`);
  }
}

/** Throws `UsageError` for a name that git does not know, and where there is no repository at all. */
async function checkRef(git: ReturnType<typeof openGit>, ref: string): Promise<void> {
  if (!ref.startsWith('-') && (await hasCommit(git, ref))) return;
  throw new UsageError(`--policy-ref ${ref}: there is no such commit here. Fetch it first: git fetch origin ${ref}.`);
}

async function hasCommit(git: ReturnType<typeof openGit>, ref: string): Promise<boolean> {
  try {
    return (await tryGit(git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])) !== undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`--policy-ref ${ref}: ${error.message} (${git.directory}). Run in a clone of the repository.`);
  }
}
