import { relative, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { GitError } from '../../git/process/error.ts';
import { openGit } from '../../git/process/open.ts';
import { tryGit } from '../../git/process/process.ts';
import { nameFromPlace, namingOf, repositoryName } from '../../git/repository/remote.ts';
import { defined } from '../../lib/fields/defined.ts';
import { joinBytes, type WalkEntry, walkTree } from '../../lib/files/walk.ts';
import { toSlashes } from '../../lib/system.ts';
import type { CollectContext } from '../contract.ts';
import { pipeAbove } from './ignore-files.ts';
import { listWorkTree } from './list-git.ts';
import type { Tree, TreeEntry, TreePart } from './tree.ts';

const NEVER_ENTERED = new Set(['.git']);
/** Entries in one part of a walk. Most trees are one part, and the list of a huge tree does not fill the memory. */
const PART = 100_000;
/** Most paths in one question to git, because the length of a command line is limited. */
const MOST_SPECS = 500;
/** Entries between two turns of the event loop. */
const TURN_EVERY = 4_096;

/** Decides how to list the files below `folder` (absolute), or only `file` in it. */
export async function openTree(context: CollectContext, folder: string, file?: string): Promise<Tree> {
  const repository = await openRepository(context, folder);
  if (repository === undefined) return folderTree(folder, nameFromPlace(folder), file);
  const { root, name, below, ignored, store } = repository;
  const path = below === '' ? (file ?? '') : `${below}/${file ?? ''}`;
  const tree = { folder: root, name, store, within: '', ignoreRules: 'git', whole: false } as const;
  if (file !== undefined) return { ...tree, parts: () => onePart([{ kind: 'file', path }]) };
  if (ignored || context.options['include-ignored'] === true)
    return { ...folderTree(root, name, undefined, below), store };
  const git = gitIn(context, root);
  return { ...tree, parts: () => listWorkTree(git, below), whole: below === '' };
}

/**
 * Opens a repository inside a target as if the user had named it. If git does not accept exactly this folder as a
 * repository, all its files are listed as a part of the tree around it.
 */
export async function openNested(context: CollectContext, outer: Tree, path: string): Promise<Tree> {
  const folder = `${outer.folder}/${path}`;
  const within = `${outer.within}${path}/`;
  const repository = await openRepository(context, folder);
  if (repository?.root !== folder) {
    return { ...folderTree(outer.folder, outer.name, undefined, path), within: outer.within };
  }
  if (context.options['include-ignored'] === true)
    return { ...folderTree(folder, repository.name), within, store: repository.store };
  const parts = (): AsyncIterable<TreePart> => listWorkTree(gitIn(context, folder), '');
  const { name, store } = repository;
  return { folder, name, store, within, ignoreRules: 'git', whole: true, parts };
}

/** Returns those of some paths that the index names as submodules. */
export async function submodulesAmong(
  context: CollectContext,
  { folder, ignoreRules }: Tree,
  paths: readonly string[],
): Promise<ReadonlySet<string>> {
  const submodules = new Set<string>();
  for (let at = 0; ignoreRules === 'git' && at < paths.length; at += MOST_SPECS) {
    const specs = paths.slice(at, at + MOST_SPECS).map((path) => `:(literal,top)${path}`);
    const output = await tryGit(gitIn(context, folder), ['ls-files', '-z', '--stage', '--', ...specs]);
    for (const line of output?.toString('utf8').split('\0') ?? []) {
      const path = /^160000 \S+ \d\t(.*)$/s.exec(line)?.[1];
      if (path !== undefined) submodules.add(path);
    }
  }
  return submodules;
}

interface Repository {
  readonly root: string;
  /** Its git folder. In a linked worktree it is that of the main repository. */
  readonly store: string;
  readonly name: string;
  /** Path of the named folder, from the root. */
  readonly below: string;
  readonly ignored: boolean;
}

async function openRepository(context: CollectContext, folder: string): Promise<Repository | undefined> {
  try {
    const folders = await tryGit(gitIn(context, folder), ['rev-parse', '--show-toplevel', '--git-common-dir']);
    const [, root, common] = /^(.*)\n([^\n]*)\n$/s.exec(folders?.toString('utf8') ?? '') ?? [];
    if (root === undefined || common === undefined) return undefined;
    const below = toSlashes(relative(root, folder));
    const store = resolve(folder, common);
    const [name, ignored] = await Promise.all([nameOf(context, store), isIgnored(context, root, below)]);
    return { root, name, below, ignored, store };
  } catch (error) {
    // Without git, or in a repository of another user, every file is scanned: more, not less.
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

function nameOf(context: CollectContext, commonDirectory: string): Promise<string> {
  return repositoryName(gitIn(context, commonDirectory), commonDirectory, namingOf(context.env));
}

function gitIn(context: CollectContext, directory: string): ReturnType<typeof openGit> {
  const optional = defined({ signal: context.signal });
  return openGit({ directory, env: context.env, location: false, ...optional });
}

/** If the user names a folder that git ignores, it is scanned as a whole. */
async function isIgnored(context: CollectContext, root: string, below: string): Promise<boolean> {
  // Git would wait for a pipe. That it is one is said where the files are listed.
  if (below === '' || pipeAbove(root, below) !== undefined) return false;
  return (await tryGit(gitIn(context, root), ['check-ignore', '--quiet', '--', below])) !== undefined;
}

function folderTree(folder: string, name: string, file?: string, below = ''): Tree {
  const parts = file === undefined ? () => walkFolder(folder, below) : () => onePart([{ kind: 'file', path: file }]);
  return { folder, name, within: '', ignoreRules: 'none', whole: false, parts };
}

async function* onePart(entries: readonly TreeEntry[]): AsyncGenerator<TreePart> {
  yield { count: entries.length, entries };
}

async function* walkFolder(folder: string, below: string): AsyncGenerator<TreePart> {
  const start = below === '' ? folder : `${folder}/${below}`;
  let entries: TreeEntry[] = [];
  for (const entry of walkTree(start, NEVER_ENTERED)) {
    entries.push(toEntry(entry, below === '' ? entry.path : `${below}/${entry.path}`));
    if (entries.length % TURN_EVERY === 0) await setImmediate();
    if (entries.length < PART) continue;
    yield { count: entries.length, entries };
    entries = [];
  }
  if (entries.length > 0) yield { count: entries.length, entries };
}

function toEntry(entry: WalkEntry, path: string): TreeEntry {
  if (entry.kind === 'error') return { ...entry, path };
  const kind = entry.kind === 'special' ? 'special-file' : entry.kind;
  if (entry.raw === undefined) return { kind, path };
  return { kind, path, raw: joinBytes([...partBefore(entry.path, path), entry.raw]) };
}

/** The part of `path` in front of the walked folder, as bytes. */
function partBefore(walked: string, path: string): Buffer[] {
  return path === walked ? [] : [Buffer.from(path.slice(0, path.length - walked.length - 1))];
}
