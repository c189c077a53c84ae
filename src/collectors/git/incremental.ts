import { join } from 'node:path';
import { readObjects } from '../../lib/git/cat-file.ts';
import { GitError } from '../../lib/git/error.ts';
import type { Git } from '../../lib/git/process.ts';
import { describeRepository, type Repository } from '../../lib/git/repository.ts';
import { listTips } from '../../lib/git/tips.ts';
import type { Address } from '../../model/address.ts';
import type { Origin } from '../../model/artifact.ts';
import { type Location, objectOf } from '../../model/location.ts';
import type { CollectContext, Collected, CollectedItem, Earlier } from '../contract.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { openTargetGit, targetFolder } from '../shared/git-open.ts';
import { collectConfiguration } from './configuration.ts';
import { collectHistory } from './history.ts';
import { type Credit, describeMessage, MESSAGES } from './messages.ts';
import { HISTORY } from './model.ts';
import { findNews, type News, toCheckpoint } from './news.ts';

/**
 * Reads what is new since an earlier run, and again what held findings then. Reads everything where there was no such run, or
 * where only that can be right. The tips are listed first: what they reach is in the store when it is read.
 */
export async function* collectSince(
  context: CollectContext,
  folder: string,
  earlier: Earlier,
): AsyncGenerator<Collected> {
  const git = openTargetGit(context, folder);
  const [repository, tips] = await Promise.all([describeRepository(git), listTips(git)]);
  const checkpoint = toCheckpoint(tips);
  if (earlier.checkpoint === undefined) {
    yield { kind: 'checkpoint', checkpoint };
    return yield* collectHistory(context, folder);
  }
  const news = await findNews(git, repository, earlier, tips);
  if (typeof news === 'string') {
    yield { kind: 'checkpoint', checkpoint, full: news };
    return yield* collectHistory(context, folder);
  }
  const reading = new Reading(context, repository, news, earlier);
  yield* collectConfiguration({ context, repository });
  yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 0, facts: reading.facts() };
  yield* reading.items(git);
  const again = new Set(earlier.places.filter((place) => reading.isAgain(place)).map(objectOf));
  yield { kind: 'checkpoint', checkpoint, news: reading.inWords(), again, fresh: reading.fresh() };
}

/** `bowerbird/state.json` in the git directory that worktrees share. Undefined where there is no repository. */
export async function findStateFile(context: CollectContext, address: Address): Promise<string | undefined> {
  const git = openTargetGit(context, targetFolder(context, address.value));
  try {
    return join((await describeRepository(git)).commonDirectory, 'bowerbird', 'state.json');
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

/** Why an object is read. */
type Want =
  | { readonly why: 'new'; readonly path?: string; readonly commit: string }
  | { readonly why: 'changed'; readonly path: string }
  | { readonly why: 'again'; readonly place: Location }
  | { readonly why: 'declares'; readonly path: string };

/** One incremental reading of a repository. */
class Reading {
  readonly #context: CollectContext;
  readonly #repository: Repository;
  readonly #news: News;
  readonly #since: string | undefined;
  /** By id, or by the name of a tag; in the order of reading. */
  readonly #wants = new Map<string, Want>();
  readonly #missing: string[] = [];
  readonly #credits = new Map<string, Credit>();
  /** The commit of what is in an earlier place. */
  readonly #commits: ReadonlyMap<string, string>;
  #blobs = 0;

  constructor(context: CollectContext, repository: Repository, news: News, earlier: Earlier) {
    this.#context = context;
    this.#repository = repository;
    this.#news = news;
    this.#since = earlier.date;
    const known = [...earlier.copies, ...earlier.places].filter((place) => place.blob !== undefined);
    this.#commits = new Map(known.map(({ blob = '', commit = '' }) => [blob, commit]));
    this.#plan(earlier);
  }

  facts(): Readonly<Record<string, string | number | boolean>> {
    const count = (why: Want['why']): number => [...this.#wants.values()].filter((want) => want.why === why).length;
    return {
      incremental: true,
      ...(this.#since === undefined ? {} : { since: this.#since }),
      newCommits: this.#newCommits(),
      newObjects: this.#news.objects.length,
      changedFiles: this.#news.changed.size,
      readAgain: count('again'),
      unreachable: 'only as of the last full scan',
    };
  }

  inWords(): string {
    const commits = this.#newCommits();
    if (this.#news.objects.length === 0) return 'no new commits';
    const words = (count: number, unit: string): string => `${count} new ${unit}${count === 1 ? '' : 's'}`;
    return `${words(commits, 'commit')} and ${words(this.#blobs, 'blob')}`;
  }

  /** Whether a place was read only because a finding was there. */
  isAgain(place: Location): boolean {
    return this.#wants.get(requestOf(place))?.why === 'again';
  }

  /** Ids of what is new or lies elsewhere in HEAD. */
  fresh(): ReadonlySet<string> {
    const fresh = [...this.#wants].filter(([, { why }]) => why === 'new' || why === 'changed');
    return new Set(fresh.map(([id]) => id));
  }

  async *items(git: Git): AsyncGenerator<Collected> {
    const limit = this.#context.limits.fileBytes;
    for (const oid of this.#missing) {
      yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 1 };
      yield { kind: 'gap', scope: HISTORY, gap: objectGap({ oid, failure: 'missing' }, `object ${oid}`, 0) };
    }
    const wants = this.#wants.entries();
    for await (const answer of readObjects(git, this.#wants.keys(), { maxBytes: limit })) {
      const [, want] = wants.next().value ?? [];
      if (want === undefined) return;
      if ('failure' in answer) yield* this.#fail(answer, want, limit);
      else if (answer.type === 'blob') yield* this.#blob(answer.oid, answer.bytes, want);
      else if (answer.type !== 'tree') yield* this.#message(answer.oid, answer.bytes, answer.type === 'tag', want);
    }
  }

  #plan(earlier: Earlier): void {
    for (const { oid, path, commit, missing } of this.#news.objects) {
      if (missing) this.#missing.push(oid);
      else this.#wants.set(oid, { why: 'new', commit, ...(path === undefined ? {} : { path }) });
    }
    for (const [oid, path] of this.#news.changed) this.#want(oid, { why: 'changed', path });
    for (const place of earlier.places) this.#want(requestOf(place), { why: 'again', place });
    for (const [oid, path] of this.#news.head) {
      if (this.#context.declares?.(path) === true) this.#want(oid, { why: 'declares', path });
    }
  }

  #want(request: string, want: Want): void {
    if (request !== '' && !this.#wants.has(request)) this.#wants.set(request, want);
  }

  #newCommits(): number {
    return this.#news.objects.filter(({ path, missing }) => path === undefined && !missing).length;
  }

  /** What cannot be read and held a finding is not a gap here: the engine then reads everything. */
  *#fail(answer: Parameters<typeof objectGap>[0], want: Want, limit: number): Generator<Collected> {
    if (want.why === 'again' && answer.failure === 'missing') return;
    const subject = pathOf(want) ?? `object ${answer.oid.slice(0, 12)}`;
    yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 1 };
    yield { kind: 'gap', scope: HISTORY, gap: objectGap(answer, subject, limit) };
  }

  *#message(oid: string, bytes: Buffer, isTag: boolean, want: Want): Generator<Collected> {
    const { reachable = undefined } = want.why === 'again' ? want.place : { reachable: true };
    const reach = reachable === undefined ? {} : { reachable };
    const { item, credit } = describeMessage(bytes, { oid, isTag, repository: this.#repository.name, ...reach });
    if (credit !== undefined) this.#credits.set(oid, credit);
    yield { kind: 'plan', scope: MESSAGES, unit: 'messages', count: 1 };
    yield item;
  }

  *#blob(blob: string, bytes: Buffer, want: Want): Generator<Collected> {
    if (want.why === 'new') this.#blobs += 1;
    yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 1 };
    yield this.#blobItem(blob, bytes, want);
  }

  #blobItem(blob: string, bytes: Buffer, want: Want): CollectedItem {
    const inHead = this.#news.head.get(blob);
    const path = inHead ?? pathOf(want) ?? `.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`;
    if (bytes.length === 0) return { kind: 'skip', scope: HISTORY, skip: { reason: 'empty', subject: path } };
    const { name: repository } = this.#repository;
    const origin = {
      collector: 'git',
      path,
      repository,
      blob,
      ...this.#credit(blob, want),
      present: inHead !== undefined,
    };
    const ranges = want.why === 'declares' ? { ranges: [] } : {};
    return { kind: 'artifact', scope: HISTORY, artifact: { origin, bytes, ...ranges } };
  }

  #credit(blob: string, want: Want): Pick<Origin, 'commit' | 'author' | 'date' | 'reachable'> {
    if (want.why === 'again') {
      const { commit, author, date, reachable } = want.place;
      return {
        ...(commit === undefined ? {} : { commit }),
        ...(author === undefined ? {} : { author }),
        ...(date === undefined ? {} : { date }),
        ...(reachable === undefined ? {} : { reachable }),
      };
    }
    const commit = want.why === 'new' ? want.commit : (this.#commits.get(blob) ?? '');
    return { ...(commit === '' ? {} : { commit }), ...this.#credits.get(commit), reachable: true };
  }
}

/** What to ask git for: the id of a blob or commit; of a tag, whose id a place does not tell, the ref. */
function requestOf(place: Location): string {
  if (place.blob !== undefined) return place.blob;
  if (place.part === 'commit-message') return place.commit ?? '';
  return place.part === 'tag-message' && /^refs\/tags\/[^\s:^~?*[\\]+$/.test(place.path) ? place.path : '';
}

function pathOf(want: Want): string | undefined {
  if (want.why !== 'again') return want.path;
  const { path, decoded } = want.place;
  // Inside an archive the path goes on after `!/`.
  return decoded === undefined ? path : path.split('!/')[0];
}
