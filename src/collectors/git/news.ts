import { isComparable, kindOf, RawDiffReader } from '../../git/changes/raw-diff.ts';
import { findLostCommits, type Tips, type WalkedObject, walkNewObjects } from '../../git/history/tips.ts';
import { listTree } from '../../git/objects/list-objects.ts';
import type { ObjectCheck } from '../../git/objects/object-check.ts';
import { forEachRecord } from '../../git/process/byte-source.ts';
import { GitError } from '../../git/process/error.ts';
import type { Git } from '../../git/process/open.ts';
import { startGit } from '../../git/process/process.ts';
import type { Repository } from '../../git/repository/repository.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Json } from '../../model/json.ts';
import type { Earlier } from '../abilities.ts';

/** With more new objects than this, reading everything is faster, because it applies each delta once. */
const MOST_NEW = 20_000;
const SUBMODULE = '160000';

/** What is new in a repository since an earlier run. */
export interface News {
  /** New objects. Each commit stands before what it brings, older commits before newer ones. */
  readonly objects: readonly WalkedObject[];
  /**
   * By blob: files of HEAD that the earlier HEAD did not have with the same content. The blob itself may be new or old.
   */
  readonly changed: ReadonlyMap<string, ChangedFile>;
  /** All files of HEAD: path by blob. */
  readonly head: ReadonlyMap<string, string>;
  /** Further paths in HEAD of blobs that have another path in `head`. */
  readonly further: readonly string[];
}

/** A file of HEAD, and the blob that stood there before, if any. */
export interface ChangedFile {
  readonly path: string;
  readonly before?: string;
}

/**
 * Finds what is new. Returns a sentence instead if only a full scan can be right: because the earlier history is not
 * the one that is here, or because what held findings has moved.
 * @throws GitError where the run is cancelled or git cannot run
 */
export async function findNews(
  git: Git,
  repository: Repository,
  check: ObjectCheck,
  earlier: Earlier,
  now: Tips,
): Promise<News | string> {
  const then = parseTips(earlier.checkpoint);
  if (then === undefined) return 'the state is not one of a git history';
  if (repository.shallow) return 'this is a shallow clone';
  try {
    return await compareTips(git, check, earlier, then, now);
  } catch (error) {
    if (!(error instanceof GitError) || error.failure !== 'failed') throw error;
    return `git could not tell what is new (${error.message})`;
  }
}

async function compareTips(
  git: Git,
  check: ObjectCheck,
  earlier: Earlier,
  then: Tips,
  now: Tips,
): Promise<News | string> {
  const [oldTips, newTips] = [new Set(then.ids), new Set(now.ids)];
  const addedTips = now.ids.filter((id) => !oldTips.has(id));
  const gone = then.ids.filter((id) => !newTips.has(id));
  const walk = (edge: readonly string[]): Promise<WalkedObject[] | undefined> =>
    addedTips.length === 0 ? Promise.resolve([]) : walkNewObjects(git, addedTips, edge, MOST_NEW);
  const isThere = (id: string): Promise<boolean> =>
    newTips.has(id) ? Promise.resolve(true) : check.ask([id]).then(([object]) => object !== undefined);
  // Git keeps a whole diff in memory. So it is not asked for the diff of a tree that is too large to be listed.
  const listing = readTree(git, now.head);
  // If no tip is gone, the walk can start at once.
  const [goneObjects, pruned, head, changed, walked] = await Promise.all([
    check.ask(gone),
    findPruned(check, earlier),
    listing,
    listing.then((files) => (files === undefined ? undefined : readChanged(git, isThere, then.head, now.head))),
    gone.length === 0 ? walk(then.ids) : undefined,
  ]);
  if (head === undefined) return 'HEAD lists more files than are looked at';
  if (pruned) return 'objects that held findings were pruned';
  const missing = new Set(gone.filter((_, i) => goneObjects[i] === undefined));
  if (then.ids.length > 0 && missing.size === then.ids.length) {
    return 'nothing that was scanned then is in this repository: it is another one, or its history was replaced';
  }
  if (changed === undefined) return 'the commit that was checked out then is gone';
  if (gone.length === 0) return toNews(walked, changed, head);
  const there = gone.filter((id) => !missing.has(id));
  const lost = await findLost(git, there, addedTips, now.ids);
  if ((missing.size > 0 || lost.commits.size > 0) && (await losesPlaces(git, check, earlier, now.ids))) {
    return 'history was rewritten, and commits that held findings are no longer reached';
  }
  const edge = [...then.ids.filter((id) => !missing.has(id) && !lost.commits.has(id)), ...lost.edge];
  return toNews(await walk(edge), changed, head);
}

function toNews(
  objects: readonly WalkedObject[] | undefined,
  changed: News['changed'],
  head: HeadFiles,
): News | string {
  return objects === undefined
    ? `there are more than ${MOST_NEW} new objects`
    : { objects, changed, head: head.paths, further: head.further };
}

/** The new tips nearly always reach the old ones, so few commits are examined. If not, all tips are compared. */
async function findLost(git: Git, gone: readonly string[], addedTips: readonly string[], now: readonly string[]) {
  const none = { commits: new Set<string>(), edge: [] };
  if (gone.length === 0) return none;
  const quick = await findLostCommits(git, gone, addedTips);
  return quick.commits.size === 0 ? none : findLostCommits(git, gone, now);
}

/** True if an object that no ref reached then, and that held a finding, is no longer in the store. */
async function findPruned(check: ObjectCheck, { places, copies }: Earlier): Promise<boolean> {
  const ids = [...places, ...copies]
    .filter((place) => place.reachable !== true)
    .map(({ blob, commit }) => blob ?? commit ?? '');
  const objects = await check.ask([...new Set(ids)].filter((id) => id !== ''));
  return objects.includes(undefined);
}

/** True if a commit that held a finding is no longer reached. */
async function losesPlaces(
  git: Git,
  check: ObjectCheck,
  { places, copies }: Earlier,
  now: readonly string[],
): Promise<boolean> {
  const reached = [...places, ...copies].filter((place) => place.reachable === true);
  const commits = [...new Set(reached.map((place) => place.commit ?? ''))].filter((id) => id !== '');
  if (commits.length === 0) return false;
  if ((await check.ask(commits)).includes(undefined)) return true;
  return (await findLostCommits(git, commits, now)).commits.size > 0;
}

/** Files of HEAD: one path for each blob, and all other paths. */
interface HeadFiles {
  readonly paths: ReadonlyMap<string, string>;
  readonly further: readonly string[];
}

/** Returns the path of each file of HEAD by its id, or undefined if HEAD lists too many files. */
async function readTree(git: Git, head: string | undefined): Promise<HeadFiles | undefined> {
  const paths = new Map<string, string>();
  const further: string[] = [];
  if (head === undefined) return { paths, further };
  try {
    await listTree(git, head, ({ mode, oid, path }) => {
      if (mode === SUBMODULE || paths.has(oid)) further.push(path);
      else paths.set(oid, path);
    });
    return { paths, further };
  } catch (error) {
    if (error instanceof GitError && error.failure === 'limit') return undefined;
    throw error;
  }
}

/**
 * Returns the files of HEAD that differ from the earlier HEAD. Without an earlier HEAD it returns all of them.
 * Undefined if the earlier HEAD is gone.
 */
async function readChanged(
  git: Git,
  isThere: (id: string) => Promise<boolean>,
  then: string | undefined,
  now: string | undefined,
): Promise<ReadonlyMap<string, ChangedFile> | undefined> {
  if (now === undefined || now === then) return new Map();
  if (then === undefined)
    return new Map([...((await readTree(git, now))?.paths ?? [])].map(([oid, path]) => [oid, { path }]));
  if (!(await isThere(then))) return undefined;
  const changed = new Map<string, ChangedFile>();
  const reader = new RawDiffReader((change) => {
    const { oid, path, old } = change;
    const before = old.find(isComparable)?.oid;
    if (['deleted', 'submodule', 'same-content'].includes(kindOf(change)) || changed.has(oid)) return;
    changed.set(oid, { path, ...defined({ before }) });
  });
  const diff = startGit(git, ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', then, now]);
  diff.stdin.end();
  try {
    await forEachRecord(diff.output, 0, (record) => reader.push(record));
    await diff.ended();
    return changed;
  } finally {
    diff.stop();
  }
}

/** A checkpoint as this collector writes it. */
export function toCheckpoint({ ids, head }: Tips): Json {
  return { tips: ids, ...defined({ head }) };
}

/** Reads a checkpoint. Returns undefined if it is none, because the state file can be damaged. */
function parseTips(checkpoint: Json | undefined): Tips | undefined {
  if (typeof checkpoint !== 'object' || checkpoint === null || !('tips' in checkpoint)) return undefined;
  const { tips, head } = checkpoint as { readonly [key: string]: Json };
  if (!Array.isArray(tips) || !tips.every(isId)) return undefined;
  return isId(head) ? { ids: tips, head } : head === undefined ? { ids: tips } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);
}
