import { isUtf8 } from 'node:buffer';
import { basename, relative, sep } from 'node:path';
import { GitError } from '../../lib/git/error.ts';
import { openGit, runGit, tryGit } from '../../lib/git/process.ts';
import { repositoryName } from '../../lib/git/remote.ts';
import { joinBytes, type WalkEntry, walkTree } from '../../lib/walk.ts';
import type { Origin } from '../../model/artifact.ts';
import type { CollectContext } from '../contract.ts';

/** Entries of a tree: files to read, and what is left out or unreadable. `raw`: bytes of a path that is not UTF-8. */
export type TreeEntry =
  | { readonly kind: 'file' | 'symlink' | 'special-file'; readonly path: string; readonly raw?: Buffer }
  | { readonly kind: 'error'; readonly path: string; readonly code: string };

/** A listed tree. Paths of entries are relative to `folder`. */
export interface Tree {
  readonly folder: string;
  readonly name: string;
  /** `git`, or `none` where no repository tells what is ignored. */
  readonly ignoreRules: 'git' | 'none';
  readonly entries: readonly TreeEntry[];
  /** The whole work tree of a repository, not a part of it. */
  readonly whole: boolean;
  readonly origin: Omit<Origin, 'path'>;
}

const NEVER_ENTERED = new Set(['.git']);

/** Lists the files below `folder` (absolute), or only `file` in it. */
export async function listTree(context: CollectContext, folder: string, file?: string): Promise<Tree> {
  const repository = await openRepository(context, folder);
  if (repository === undefined) return walkFolder(folder, basename(folder), file);
  const { root, name } = repository;
  const below = relative(root, folder).split(sep).join('/');
  const only = file === undefined ? below : [below, file].filter((part) => part !== '').join('/');
  if (file !== undefined) return treeOf(root, name, 'git', [{ kind: 'file', path: only }]);
  const all = context.options['include-ignored'] === true || (await isIgnored(context, root, below));
  if (all) return walkFolder(root, name, undefined, below);
  return treeOf(root, name, 'git', await listWorkTree(context, root, below), below === '');
}

interface Repository {
  readonly root: string;
  readonly name: string;
}

async function openRepository(context: CollectContext, folder: string): Promise<Repository | undefined> {
  try {
    const git = gitIn(context, folder);
    const found = await tryGit(git, ['rev-parse', '--show-toplevel']);
    if (found === undefined) return undefined;
    const root = found.toString('utf8').replace(/\n$/, '');
    return { root, name: await repositoryName(git, root) };
  } catch (error) {
    // Without git, or in a repository of somebody else, every file is scanned: more, not less.
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

function gitIn(context: CollectContext, directory: string): ReturnType<typeof openGit> {
  const optional = context.signal === undefined ? {} : { signal: context.signal };
  return openGit({ directory, env: context.env, location: false, ...optional });
}

/** What the user names is meant: a folder that git ignores is scanned whole. */
async function isIgnored(context: CollectContext, root: string, below: string): Promise<boolean> {
  if (below === '') return false;
  return (await tryGit(gitIn(context, root), ['check-ignore', '--quiet', '--', below])) !== undefined;
}

async function listWorkTree(context: CollectContext, root: string, below: string): Promise<TreeEntry[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const limit = below === '' ? [] : ['--', `:(literal)${below}`];
  const listed = await runGit(gitIn(context, root), [...args, ...limit]);
  const names = isUtf8(listed) ? listed.toString('utf8').split('\0') : splitBytes(listed);
  return names.filter((name) => name.length > 0).map(toListed);
}

function splitBytes(listed: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let start = 0, end = listed.indexOf(0); end >= 0; start = end + 1, end = listed.indexOf(0, start)) {
    names.push(listed.subarray(start, end));
  }
  return names;
}

function toListed(name: string | Buffer): TreeEntry {
  const path = name.toString('utf8').replace(/\/$/, '');
  return typeof name === 'string' || isUtf8(name) ? { kind: 'file', path } : { kind: 'file', path, raw: name };
}

async function walkFolder(folder: string, name: string, file?: string, below = ''): Promise<Tree> {
  if (file !== undefined) return treeOf(folder, name, 'none', [{ kind: 'file', path: file }]);
  const entries: TreeEntry[] = [];
  const start = below === '' ? folder : `${folder}/${below}`;
  for await (const entry of walkTree(start, NEVER_ENTERED)) {
    entries.push(toEntry(entry, below === '' ? entry.path : `${below}/${entry.path}`));
  }
  return treeOf(folder, name, 'none', entries);
}

function toEntry(entry: WalkEntry, path: string): TreeEntry {
  if (entry.kind === 'error') return { ...entry, path };
  const raw = entry.raw === undefined ? {} : { raw: joinBytes([...below(entry.path, path), entry.raw]) };
  return { kind: entry.kind === 'special' ? 'special-file' : entry.kind, path, ...raw };
}

/** The part of `path` before the walked one, as bytes. */
function below(walked: string, path: string): Buffer[] {
  return path === walked ? [] : [Buffer.from(path.slice(0, path.length - walked.length - 1))];
}

function treeOf(
  folder: string,
  name: string,
  ignoreRules: Tree['ignoreRules'],
  entries: readonly TreeEntry[],
  whole = false,
): Tree {
  return { folder, name, ignoreRules, entries, whole, origin: { collector: 'files', repository: name, present: true } };
}
