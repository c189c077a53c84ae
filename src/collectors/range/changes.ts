import { type Change, isComparable, kindOf, RawDiffReader } from '../../git/changes/raw-diff.ts';
import { listTree } from '../../git/objects/list-objects.ts';
import { forEachRecord } from '../../git/process/byte-source.ts';
import { GitError } from '../../git/process/error.ts';
import type { Git } from '../../git/process/open.ts';
import { runGit, startGit, tryGit } from '../../git/process/process.ts';
import { defined } from '../../lib/fields/defined.ts';
import { asSeen, type Exclusion } from '../shared/exclusion.ts';
import type { WantedBlob } from '../shared/git-blobs.ts';

const SUBMODULE = '160000';
const DIFF_TREE = [
  'diff-tree',
  '--stdin',
  '--root',
  '-r',
  '-c',
  '--raw',
  '-z',
  '--no-abbrev',
  '-M',
  '-l200',
  '--always',
];

/** Commits that the head has and the base has not, parents before children. */
export async function newCommits(git: Git, base: string, head: string): Promise<string[]> {
  const output = await runGit(git, ['rev-list', '--reverse', '--topo-order', head, `^${base}`]);
  return output
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '');
}

/** Returns the best common ancestors. Empty if the histories share none, or if a shallow clone hides it. */
export async function mergeBases(git: Git, base: string, head: string): Promise<string[]> {
  const output = await tryGit(git, ['merge-base', '--all', base, head]);
  return (
    output
      ?.toString('latin1')
      .split('\n')
      .filter((line) => line !== '') ?? []
  );
}

/** A blob that a commit of the range brings. `bases`: the earlier versions with which it is compared. */
export interface NewBlob extends WantedBlob {
  readonly path: string;
  readonly commit: string;
  readonly present: boolean;
}

/** What the commits of a range change. */
export interface RangeChanges {
  readonly blobs: readonly NewBlob[];
  readonly submodules: readonly string[];
  /** Paths of blobs that the user leaves out. */
  readonly excluded: readonly string[];
  readonly changes: number;
  /** Why there may be more; absent where there are not. */
  readonly cut?: string;
}

/**
 * Returns the blobs that the commits bring, each once, with the first commit that has it. In a merge only what differs
 * from every parent is new, because the rest belongs to the parents. A blob that is also in a tree of the base side is
 * not new. An earlier version comes before a later one, because parents come before children. So each line of an
 * earlier version was in the base, or is scanned with that version. A blob is left out if all its paths are, and what
 * was left out is no earlier version of anything else.
 */
export async function rangeChanges(
  git: Git,
  commits: readonly string[],
  sides: { readonly base: readonly string[]; readonly head: string },
  isExcluded: Exclusion = excludesNothing,
): Promise<RangeChanges> {
  const [baseFiles, headFiles, changes] = await Promise.all([
    readTrees(git, sides.base, isExcluded),
    readTrees(git, [sides.head], isExcluded),
    readChanges(git, commits, isExcluded),
  ]);
  const blobs: NewBlob[] = [];
  const excluded: string[] = [];
  for (const [oid, { change, commit }] of changes.firsts) {
    if (baseFiles.has(oid)) continue;
    const path = headFiles.get(oid) ?? change.path;
    if (isExcluded(path)) {
      excluded.push(path);
      continue;
    }
    const bases = isExcluded(change.path) ? [] : change.old.filter(isComparable).map((old) => old.oid);
    blobs.push({ oid, bases, path, commit, present: headFiles.has(oid) });
  }
  const { submodules, count, cut } = changes;
  return { blobs, submodules: [...submodules], excluded, changes: count, ...defined({ cut }) };
}

function excludesNothing(): boolean {
  return false;
}

/** Changes of the commits: the first one for each object, and how many there are in all. */
interface FirstChanges {
  readonly firsts: ReadonlyMap<string, { readonly change: Change; readonly commit: string }>;
  readonly submodules: ReadonlySet<string>;
  readonly count: number;
  /** Why there may be more; absent where there are not. */
  readonly cut?: string;
}

/**
 * Keeps one change for each object, because a few small trees can put the same file at a million paths: the first one
 * of a path that is not left out, where there is one.
 */
async function readChanges(git: Git, commits: readonly string[], isExcluded: Exclusion): Promise<FirstChanges> {
  const firsts = new Map<string, { change: Change; commit: string }>();
  const submodules = new Set<string>();
  let count = 0;
  const isBetter = (path: string, known: Change | undefined): boolean =>
    known === undefined || (isExcluded(known.path) && !isExcluded(path));
  const reader = new RawDiffReader((read, commit) => {
    count += 1;
    const change = asSeen(read, isExcluded);
    const kind = kindOf(change);
    if (kind === 'submodule') submodules.add(change.path);
    const isFile = kind === 'file' || kind === 'symlink';
    if (isFile && isBetter(change.path, firsts.get(change.oid)?.change)) firsts.set(change.oid, { change, commit });
  });
  const diff = startGit(git, DIFF_TREE);
  diff.stdin.end(`${commits.join('\n')}\n`);
  try {
    await forEachRecord(diff.output, 0, (record) => reader.push(record));
    await diff.ended();
    return { firsts, submodules, count };
  } catch (error) {
    if (!(error instanceof GitError) || error.failure !== 'limit') throw error;
    return { firsts, submodules, count, cut: error.message };
  } finally {
    diff.stop();
  }
}

const HARMLESS: ReadonlySet<string> = new Set(['failed', 'limit']);

/**
 * Returns the path of each blob in some trees, without the paths that are left out. If a tree cannot be read
 * completely, paths are missing. Then more counts as new, never less.
 */
async function readTrees(
  git: Git,
  trees: readonly string[],
  isExcluded: Exclusion,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  // Most pull requests are based on the commit where they branched off. Then both trees are the same.
  for (const tree of new Set(trees)) {
    try {
      await listTree(git, tree, ({ mode, oid, path }) => {
        if (mode !== SUBMODULE && !paths.has(oid) && !isExcluded(path)) paths.set(oid, path);
      });
    } catch (error) {
      if (!(error instanceof GitError) || !HARMLESS.has(error.failure)) throw error;
    }
  }
  return paths;
}
