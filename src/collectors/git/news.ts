import { isComparable, kindOf, RawDiffReader } from '../../git/changes/raw-diff.ts';
import { findLostCommits, type Tips, type WalkedObject, walkNewObjects } from '../../git/history/tips.ts';
import { listTree } from '../../git/objects/list-objects.ts';
import type { ObjectCheck } from '../../git/objects/object-check.ts';
import { forEachRecord } from '../../git/process/byte-source.ts';
import { GitError } from '../../git/process/error.ts';
import { type Git, startGit } from '../../git/process/process.ts';
import type { Repository } from '../../git/repository/repository.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { Json } from '../../model/json.ts';
import type { Earlier } from '../abilities.ts';

/** With more new objects than this, reading everything is faster: it applies each delta once. */
const MOST_NEW = 20_000;
const SUBMODULE = '160000';

/** What is new in a repository since an earlier run. */
export interface News {
  /** New objects, each commit before what it brings, older commits first. */
  readonly objects: readonly WalkedObject[];
  /** Files of HEAD that were not in the HEAD of then with the same content, by blob. New blobs and old ones alike. */
  readonly changed: ReadonlyMap<string, ChangedFile>;
  /** All files of HEAD: path by blob. */
  readonly head: ReadonlyMap<string, string>;
  /** Paths of HEAD whose blob has another one in `head`. */
  readonly further: readonly string[];
}

/** A file of HEAD, and the blob that was there before, where there was one. */
export interface ChangedFile {
  readonly path: string;
  readonly before?: string;
}

/**
 * Finds what is new. Returns a sentence instead where only a scan of everything can be right: the history that was read
 * then cannot be told from what is here, or what held findings is no longer where it was.
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
  // Git keeps a whole diff in memory: one with a tree that cannot even be listed is not asked for.
  const listing = readTree(git, now.head);
  // Where no tip is gone, nothing has to be known before the walk.
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

/** Nearly always the new tips reach the old ones, and then few commits are looked at; else all tips are asked. */
async function findLost(git: Git, gone: readonly string[], addedTips: readonly string[], now: readonly string[]) {
  const none = { commits: new Set<string>(), edge: [] };
  if (gone.length === 0) return none;
  const quick = await findLostCommits(git, gone, addedTips);
  return quick.commits.size === 0 ? none : findLostCommits(git, gone, now);
}

/** Whether what no ref reached then, and where a finding was, is no longer in the store. */
async function findPruned(check: ObjectCheck, { places, copies }: Earlier): Promise<boolean> {
  const ids = [...places, ...copies]
    .filter((place) => place.reachable !== true)
    .map(({ blob, commit }) => blob ?? commit ?? '');
  const objects = await check.ask([...new Set(ids)].filter((id) => id !== ''));
  return objects.includes(undefined);
}

/** Whether a commit that held a finding is not reached any more. */
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

/** Files of HEAD: a path by blob, and all other paths. */
interface HeadFiles {
  readonly paths: ReadonlyMap<string, string>;
  readonly further: readonly string[];
}

/** Path of each file of HEAD by its id; undefined where it lists more files than are looked at. */
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
 * Files that HEAD has otherwise than before; all of them where there was none. Undefined where the old HEAD is gone.
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

/** Reads a checkpoint back. Undefined where it is none: files can be damaged. */
function parseTips(checkpoint: Json | undefined): Tips | undefined {
  if (typeof checkpoint !== 'object' || checkpoint === null || !('tips' in checkpoint)) return undefined;
  const { tips, head } = checkpoint as { readonly [key: string]: Json };
  if (!Array.isArray(tips) || !tips.every(isId)) return undefined;
  return isId(head) ? { ids: tips, head } : head === undefined ? { ids: tips } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(value);
}
