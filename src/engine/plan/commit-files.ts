import { LARGEST_POLICY, refusePolicyFile } from '../../config/policy-files.ts';
import { GitError } from '../../git/process/error.ts';
import { openGit } from '../../git/process/open.ts';
import { runGit, tryGit } from '../../git/process/process.ts';
import { staysBelow } from '../../lib/files/tree-file.ts';
import { UsageError } from '../../model/errors.ts';
import type { ScanContext } from './contract.ts';

const LINK = '120000';
/** A listing longer than this is no folder of policy. Bytes. */
const LARGEST_LISTING = 16 * 1024 * 1024;

type Git = ReturnType<typeof openGit>;

/** A line of `git ls-tree -l`. */
interface TreeLine {
  readonly mode: string;
  readonly type: string;
  readonly oid: string;
  readonly size: number;
  readonly path: string;
}

/**
 * Reads a file of a commit (`<ref>:<path>`), or returns undefined when the commit lacks it. Throws `ConfigError` for a
 * link, for a path that leaves the repository, and for what is too large: as for files of the working tree.
 */
export function readCommitFile(
  context: ScanContext,
): (root: string, ref: string, path: string) => Promise<string | undefined> {
  return async (root, ref, path) => {
    const git = await openPolicyGit(context, root, ref);
    const lines = await listTree(git, ref, path, prefixesOf(path));
    const file = lines.find((line) => line.path === path.replace(/^\.\//, ''));
    if (file === undefined) return undefined;
    if (file.type !== 'blob') throw refusePolicyFile(`${ref}:${path}`, { state: 'folder' });
    if (file.size > LARGEST_POLICY) throw refusePolicyFile(`${ref}:${path}`, { state: 'too-large', size: file.size });
    return (await tryGit(git, ['cat-file', 'blob', file.oid]))?.toString('utf8');
  };
}

/**
 * Lists the names of everything but folders directly in a folder of a commit. Throws `ConfigError` as `readCommitFile`.
 */
export function listCommitFolder(
  context: ScanContext,
): (root: string, ref: string, folder: string) => Promise<string[]> {
  return async (root, ref, folder) => {
    const git = await openPolicyGit(context, root, ref);
    const plain = folder.replace(/^\.\//, '').replace(/\/+$/, '');
    const lines = await listTree(git, ref, folder, [...prefixesOf(plain), `${plain}/`]);
    const inside = lines.filter((line) => line.path.startsWith(`${plain}/`) && line.type === 'blob');
    return inside.map((line) => line.path.slice(plain.length + 1)).sort();
  };
}

/** `a/b/c` as `a`, `a/b`, `a/b/c`. */
function prefixesOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** What a commit holds at some paths. Throws `ConfigError` where one of them is a link: git follows none. */
async function listTree(git: Git, ref: string, shown: string, paths: readonly string[]): Promise<TreeLine[]> {
  if (!staysBelow(shown)) throw refusePolicyFile(`${ref}:${shown}`, { state: 'outside' });
  const args = ['ls-tree', '-t', '-l', '-z', ref, '--', ...paths];
  const lines = (await runGit(git, args, { maxBytes: LARGEST_LISTING }))
    .toString('utf8')
    .split('\0')
    .flatMap(parseLine);
  const link = lines.find((line) => line.mode === LINK && paths.includes(line.path));
  if (link !== undefined) throw refusePolicyFile(`${ref}:${link.path}`, { state: 'symlink' });
  return lines;
}

function parseLine(line: string): TreeLine[] {
  const [, mode, type, oid, size, path] = /^(\d+) (\w+) ([0-9a-f]+) +(\S+)\t([\s\S]*)$/.exec(line) ?? [];
  if (mode === undefined || type === undefined || oid === undefined || path === undefined) return [];
  return [{ mode, type, oid, path, size: Number(size) }];
}

/** Throws `UsageError` where there is no repository or no such commit. */
async function openPolicyGit(context: ScanContext, root: string, ref: string): Promise<Git> {
  try {
    const git = openGit({ directory: root, env: context.env, location: false });
    await checkRef(git, ref);
    return git;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`--policy-ref ${ref}: ${error.message}.`);
  }
}

/** Throws `UsageError` for a name that git does not know, and where there is no repository at all. */
async function checkRef(git: Git, ref: string): Promise<void> {
  if (!ref.startsWith('-') && (await hasCommit(git, ref))) return;
  throw new UsageError(`--policy-ref ${ref}: there is no such commit here. Fetch it first: git fetch origin ${ref}.`);
}

async function hasCommit(git: Git, ref: string): Promise<boolean> {
  try {
    return (await tryGit(git, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])) !== undefined;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new UsageError(`--policy-ref ${ref}: ${error.message} (${git.directory}). Run in a clone of the repository.`);
  }
}
