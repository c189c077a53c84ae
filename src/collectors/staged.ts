import { join } from 'node:path';
import { type Change, isComparable, kindOf, RawDiffReader } from '../git/changes/raw-diff.ts';
import { startObjects } from '../git/objects/cat-file.ts';
import { MOST_ENTRIES } from '../git/objects/list-objects.ts';
import { TreeSizes } from '../git/objects/tree-size.ts';
import { readHead, readPlainStage } from '../git/plain/staged-changes.ts';
import { forEachRecord } from '../git/process/byte-source.ts';
import type { Environment } from '../git/process/environment.ts';
import { GitError } from '../git/process/error.ts';
import type { Git } from '../git/process/open.ts';
import { runGit, startGit, tryGit } from '../git/process/process.ts';
import { discoverFolders, type GitFolders, mergeParents, readText } from '../git/repository/discover.ts';
import { nameFromConfig, namingOf } from '../git/repository/remote.ts';
import { defined } from '../lib/fields/defined.ts';
import type { Gap } from '../model/gap.ts';
import { type CollectContext, type Collected, defineCollector } from './contract.ts';
import { type DividedChanges, divideChanges } from './shared/exclusion.ts';
import { type AddedBlob, objectGap, rangesAdded, readAdded, type WantedBlob } from './shared/git-blobs.ts';
import { guardGit, keepsLocation, openTargetGit, targetFolder } from './shared/git-open.ts';
import { followLfsPointer } from './shared/lfs.ts';
import { pathNames } from './shared/names.ts';

const SCOPE = 'staged';
const DIFF = [
  'diff-index',
  '--cached',
  '--raw',
  '-z',
  '--no-abbrev',
  '--no-ext-diff',
  '--no-textconv',
  '-M',
  '-l200',
  '--ita-invisible-in-index',
];

/**
 * Reads what the next commit adds: blobs of the index (never files on disk), compared with HEAD and, in a merge, with
 * every other parent. Honours the variables that git sets for hooks. Options: `directory`; `exclude` (list of globs);
 * `full-blobs` scans whole files instead of added lines. The usual case needs no git: the files of the repository are
 * read directly (`readPlainStage`). Otherwise two git processes run.
 */
export default defineCollector({
  id: 'staged',
  title: 'Staged changes',
  reads: 'address',
  scheme: 'staged',
  network: false,
  permissions: [],
  collect(context, address) {
    const folder = targetFolder(context, address.value);
    return guardGit(SCOPE, folder, () => collectStaged(context, folder));
  },
});

async function* collectStaged(context: CollectContext, folder: string): AsyncGenerator<Collected> {
  const git = openTargetGit(context, folder);
  const folders = discoverFolders(folder, git.env);
  const plain = folders && readPlain(context, folder, folders, git.env);
  if (plain !== undefined) {
    const home = homeOf(context, git, folders);
    yield* settle(context, folder, plain, countBytes(plain.blobs));
    yield namesOfChanges(home, plain.changes);
    yield* passOn(context, home, plain.blobs);
    return;
  }
  const comparing = refuseBomb(git, folders).then(() => stagedChanges(git, folders));
  // Starts while git compares, because nearly every commit has content to read.
  const objects = startObjects(git);
  try {
    const divided = divideChanges(context, await comparing);
    const { changes } = divided;
    yield* settle(context, folder, divided);
    const home = homeOf(context, git, folders);
    yield namesOfChanges(home, changes);
    const wanted = wantedBlobs(context, changes);
    if (wanted.length === 0) return;
    for await (const added of readAdded(git, wanted, context.limits.fileBytes, objects)) {
      yield* passOn(context, home, [added]);
    }
  } finally {
    objects.stop();
  }
}

type StagedBlob = AddedBlob<WantedBlob & { readonly path: string }>;

interface PlainContent extends DividedChanges {
  readonly blobs: readonly StagedBlob[];
}

/** Reads everything before anything is passed on. If git must read one part, it reads all of it. */
function readPlain(
  context: CollectContext,
  directory: string,
  folders: GitFolders,
  env: Environment,
): PlainContent | undefined {
  const location = keepsLocation(context, directory);
  return readPlainStage({ directory, folders, env, location }, ({ changes: all, readBlob }) => {
    const { changes, excluded } = divideChanges(context, all);
    const blobs = wantedBlobs(context, changes).map((want): StagedBlob => {
      const [bases, bytes] = [want.bases.map(readBlob), readBlob(want.oid)];
      const isLarge = [...bases, bytes].some((blob) => blob.length > context.limits.fileBytes);
      if (isLarge) throw new Error('git says how large it is');
      const ranges = rangesAdded(bases, bytes);
      return { want, answer: { oid: want.oid, type: 'blob', bytes }, ...(ranges ? { ranges } : {}) };
    });
    return { changes, excluded, blobs };
  });
}

/** Bytes that the commit adds. */
function countBytes(blobs: readonly StagedBlob[]): number {
  let sum = 0;
  for (const { answer, ranges } of blobs) {
    if (ranges !== undefined) for (const { start, end } of ranges) sum += end - start;
    else if ('bytes' in answer) sum += answer.bytes.length;
  }
  return sum;
}

function* settle(
  context: CollectContext,
  folder: string,
  { changes, excluded }: DividedChanges,
  bytes?: number,
): Generator<Collected> {
  const count = changes.length + excluded.length;
  yield { kind: 'plan', scope: 'index', unit: 'comparisons', count: 1 };
  yield { kind: 'done', scope: 'index', count: 1, bytes: 0 };
  yield { kind: 'plan', scope: SCOPE, unit: 'files', count, facts: { changes: count }, ...defined({ bytes }) };
  if (count === 0 && !inCommit(context, folder)) yield { kind: 'gap', scope: SCOPE, gap: nothingStaged(folder) };
  for (const path of excluded) yield { kind: 'skip', scope: SCOPE, skip: { reason: 'excluded', subject: path } };
  yield* settleOthers(changes);
}

/** Git sets the index variable for its hooks. In a hook, an empty change (an amended message) is nothing unusual. */
function inCommit(context: CollectContext, folder: string): boolean {
  return keepsLocation(context, folder) && Boolean(context.env['GIT_INDEX_FILE']);
}

function nothingStaged(folder: string): Gap {
  const message = `Nothing is staged in ${folder}, so nothing was scanned. Stage changes with "git add", or scan "." instead.`;
  return { reason: 'nothing-planned', subject: 'index', message, scope: true };
}

/**
 * Git keeps a whole diff in memory before it prints any of it.
 * @throws GitError `limit` if HEAD describes too many files
 */
async function refuseBomb(git: Git, folders: GitFolders | undefined): Promise<void> {
  if (folders === undefined) return;
  const head = await findHead(git, folders);
  if (head === undefined) return;
  const sizes = new TreeSizes(git, { commonDirectory: folders.commonDirectory, width: head.length === 64 ? 32 : 20 });
  try {
    if (await sizes.isOver(head)) throw new GitError('limit', `HEAD lists more than ${MOST_ENTRIES} files`);
  } finally {
    sizes.close();
  }
}

/**
 * Returns the id of the commit that is checked out, or undefined if there is none. Reads it from files if possible,
 * because a process takes longer.
 */
async function findHead(git: Git, folders: GitFolders): Promise<string | undefined> {
  try {
    return readHead(folders);
  } catch {
    return (await tryGit(git, ['rev-parse', '--quiet', '--verify', 'HEAD']))?.toString('latin1').trim();
  }
}

/** Returns the changed paths. In a merge only those that differ from every parent: the rest belongs to the parents. */
async function stagedChanges(git: Git, folders: GitFolders | undefined): Promise<Change[]> {
  const parents = folders ? mergeParents(folders) : [];
  const [changes, ...others] = await Promise.all([diffHead(git), ...parents.map((parent) => diffIndex(git, parent))]);
  const rest = others.map((list) => new Map(list.map((change) => [change.path, change])));
  return changes.flatMap((change) => {
    const same = rest.map((list) => list.get(change.path));
    if (same.includes(undefined)) return [];
    const old = [...change.old, ...same.flatMap((other) => other?.old ?? [])];
    return [{ ...change, old, status: change.status + same.map((other) => other?.status ?? '').join('') }];
  });
}

async function diffHead(git: Git): Promise<Change[]> {
  try {
    return await diffIndex(git, 'HEAD');
  } catch (error) {
    if (!(error instanceof GitError) || !/bad revision|ambiguous argument|unknown revision/.test(error.stderr))
      throw error;
    const emptyTree = await runGit(git, ['hash-object', '-t', 'tree', '--stdin']);
    return diffIndex(git, emptyTree.toString('latin1').trim());
  }
}

async function diffIndex(git: Git, base: string): Promise<Change[]> {
  const changes: Change[] = [];
  const reader = new RawDiffReader((change) => changes.push(change));
  const diff = startGit(git, [...DIFF, base, '--']);
  diff.stdin.end();
  try {
    await forEachRecord(diff.output, 0, (record) => reader.push(record));
    await diff.ended();
    return changes;
  } finally {
    diff.stop();
  }
}

function* settleOthers(changes: readonly Change[]): Generator<Collected> {
  for (const change of changes) {
    const kind = kindOf(change);
    const { path } = change;
    if (kind === 'submodule') yield { kind: 'skip', scope: SCOPE, skip: { reason: 'submodule', subject: path } };
    if (kind === 'deleted' || kind === 'same-content') yield { kind: 'done', scope: SCOPE, count: 1, bytes: 0 };
    if (kind !== 'unmerged') continue;
    const message = `${path} has a merge conflict: resolve it and stage the result`;
    yield { kind: 'gap', scope: SCOPE, gap: { reason: 'unreadable', subject: path, message } };
  }
}

function wantedBlobs(context: CollectContext, changes: readonly Change[]): StagedBlob['want'][] {
  const whole = context.options['full-blobs'] === true;
  const content = changes.filter((change) => kindOf(change) === 'file' || kindOf(change) === 'symlink');
  return content.map(({ path, oid, old }) => ({
    path,
    oid,
    bases: whole ? [] : old.filter(isComparable).map((base) => base.oid),
  }));
}

/** The repository to which staged blobs belong: its name and its git folder. */
interface Home {
  readonly repository: string;
  readonly store: string;
}

function homeOf({ env }: CollectContext, git: Git, folders: GitFolders | undefined): Home {
  const store = folders?.commonDirectory ?? git.directory;
  return { repository: nameFromConfig(readText(join(store, 'config')), store, namingOf(env)), store };
}

/** Yields names that the commit adds or keeps, not those that it removes. */
function namesOfChanges({ repository }: Home, changes: readonly Change[]): Collected {
  const paths = changes.filter((change) => kindOf(change) !== 'deleted').map(({ path }) => path);
  return pathNames(SCOPE, paths, (path) => ({ collector: 'staged', path, repository, present: true }));
}

function* passOn(
  { limits }: CollectContext,
  { repository, store }: Home,
  blobs: readonly StagedBlob[],
): Generator<Collected> {
  for (const { want, answer, ranges } of blobs) {
    const { path } = want;
    if ('failure' in answer) {
      yield { kind: 'gap', scope: SCOPE, gap: objectGap(answer, path, limits.fileBytes) };
      continue;
    }
    if (answer.bytes.length === 0) {
      yield { kind: 'skip', scope: SCOPE, skip: { reason: 'empty', subject: path } };
      continue;
    }
    const origin = { collector: 'staged', path, repository, blob: answer.oid, present: true };
    const followed = followLfsPointer(answer.bytes, store, path, limits.fileBytes);
    if (followed !== undefined) {
      if ('gap' in followed) yield { kind: 'gap', scope: SCOPE, gap: followed.gap };
      else yield { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes: followed.bytes } };
      continue;
    }
    yield { kind: 'artifact', scope: SCOPE, artifact: { origin, bytes: answer.bytes, ...(ranges ? { ranges } : {}) } };
  }
}
