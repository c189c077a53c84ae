import { parseAnnotation } from '../../git/history/commit.ts';
import { readWanted } from '../../git/objects/wanted.ts';
import type { Git } from '../../git/process/open.ts';
import type { Repository } from '../../git/repository/repository.ts';
import { defined } from '../../lib/fields/defined.ts';
import type { ByteRange, Origin } from '../../model/artifact.ts';
import type { Location } from '../../model/location.ts';
import type { Earlier } from '../abilities.ts';
import type { AgainPlace, CollectedItem } from '../collected.ts';
import type { CollectContext, Collected } from '../contract.ts';
import { objectGap } from '../shared/git-blobs.ts';
import { followLfsPointer } from '../shared/lfs.ts';
import type { CommitText } from '../shared/names.ts';
import { withObject } from './blobs.ts';
import { namesOfNews } from './history-names.ts';
import { type Credit, creditOf, describeMessage, MESSAGES } from './messages.ts';
import { HISTORY } from './names.ts';
import type { News } from './news.ts';
import { addKnownLines, joinedLines, linesOfPlaces, newRanges } from './ranges.ts';
import { pathOf, requestOf, type Want } from './want.ts';

/** Most bytes of earlier versions that are kept for comparison. */
const KEPT_BYTES = 128 * 1024 * 1024;
/**
 * Most versions that are kept of one path. Branches are walked one after the other, so a version may resemble an older
 * one.
 */
const KEPT_VERSIONS = 4;

/** One incremental reading of a repository. */
export class Reading {
  readonly #context: CollectContext;
  readonly #repository: Repository;
  readonly #news: News;
  readonly #since: string | undefined;
  /** By id, or by the name of a tag, in the order of reading. */
  readonly #wants = new Map<string, Want>();
  readonly #missing: string[] = [];
  readonly #credits = new Map<string, Credit>();
  readonly #earlier: Earlier;
  /** The commit of each object at an earlier place. Made when it is first needed. */
  #commits: ReadonlyMap<string, string> | undefined;
  /**
   * Places in the earlier HEAD, by path. All places in HEAD are reported, so lines that are still there are scanned
   * again.
   */
  readonly #marked = new Map<string, Location[]>();
  /** By path: the version in the earlier HEAD, and the last versions that were read. All of them were scanned. */
  readonly #pathBefore = new Map<string, string>();
  readonly #before = new Map<string, Buffer[]>();
  readonly #last = new Map<string, Buffer[]>();
  readonly #headers = new Map<string, CommitText>();
  #keptBytes = 0;
  #blobs = 0;

  constructor(context: CollectContext, repository: Repository, news: News, earlier: Earlier) {
    this.#context = context;
    this.#repository = repository;
    this.#news = news;
    this.#since = earlier.date;
    this.#earlier = earlier;
    for (const list of [earlier.copies, earlier.places]) for (const place of list) this.#mark(place);
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

  /** True if a place was read only because a finding was there. */
  isAgain(place: Location): boolean {
    return this.#wants.get(requestOf(place))?.why === 'again';
  }

  /** Ids of objects that are new, or at another place in HEAD. */
  fresh(): ReadonlySet<string> {
    const newWants = [...this.#wants].filter(([, { why }]) => why === 'new' || why === 'changed' || why === 'missed');
    return new Set(newWants.map(([id]) => id));
  }

  async *items(git: Git): AsyncGenerator<Collected> {
    const limit = this.#context.limits.fileBytes;
    for (const oid of this.#missing) {
      yield { kind: 'plan', scope: HISTORY, unit: 'blobs', count: 1 };
      yield { kind: 'gap', scope: HISTORY, gap: objectGap({ oid, failure: 'missing' }, `object ${oid}`, 0) };
    }
    const order = [...this.#wants];
    const requests = order.map(([request]) => request);
    let count = 0;
    for await (const answer of readWanted(git, this.#repository, requests, limit)) {
      const [, want] = order[count] ?? [];
      if (want === undefined) return;
      count += 1;
      const path = this.#pathBefore.get(answer.oid);
      if (path !== undefined && 'bytes' in answer) this.#keep(this.#before, path, answer.bytes);
      if (want.why === 'credit' && 'bytes' in answer)
        this.#credits.set(answer.oid, creditOf(parseAnnotation(answer.bytes)));
      if (want.why === 'before' || want.why === 'credit') continue;
      if ('failure' in answer) yield* this.#fail(answer, want, limit);
      else if (answer.type === 'blob') yield* this.#blob(answer.oid, answer.bytes, want);
      else if (answer.type !== 'tree') yield* this.#message(answer.oid, answer.bytes, answer.type === 'tag', want);
    }
  }

  /** Names of what is new, and of all files of HEAD. To be asked for when all items were. */
  *names(): Generator<Collected> {
    yield* namesOfNews(this.#repository.name, this.#news, [...this.#headers.values()]);
  }

  /** Earlier versions come first. Then each commit, before what it brings. */
  #plan(earlier: Earlier): void {
    for (const [, { path, before = '' }] of this.#news.changed) {
      this.#want(before, { why: 'before' });
      this.#pathBefore.set(before, path);
    }
    for (const place of earlier.places) this.#wantAgain(place);
    for (const { blob, path, commit = '' } of earlier.missing) {
      this.#want(commit, { why: 'credit' });
      this.#want(blob, { why: 'missed', path, commit });
    }
    for (const [oid, { path }] of this.#news.changed) this.#replace(oid, { why: 'changed', path });
    for (const { oid, path, commit, missing } of this.#news.objects) {
      if (missing) this.#missing.push(oid);
      else this.#replace(oid, { why: 'new', commit, ...defined({ path }) });
    }
    for (const [oid, path] of this.#news.head) {
      if (this.#context.declares?.(path) === true) this.#want(oid, { why: 'declares', path });
    }
  }

  #mark(place: Location): void {
    const places = this.#marked.get(place.path) ?? [];
    this.#marked.set(place.path, places);
    if (place.present === true) places.push(place);
  }

  /** Moves a request to the place of its latest want. */
  #replace(request: string, want: Want): void {
    this.#wants.delete(request);
    this.#wants.set(request, want);
  }

  #wantAgain(place: Location): void {
    const request = requestOf(place);
    const want = this.#wants.get(request);
    if (want?.why === 'again') this.#wants.set(request, { why: 'again', places: [...want.places, place] });
    else if (request !== '' && (want === undefined || want.why === 'before')) {
      this.#wants.set(request, { why: 'again', places: [place] });
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
    const object = {
      blob: answer.oid,
      ...(want.why === 'missed' && want.commit !== '' ? { commit: want.commit } : {}),
    };
    yield { kind: 'gap', scope: HISTORY, gap: withObject(objectGap(answer, subject, limit), object) };
  }

  *#message(oid: string, bytes: Buffer, isTag: boolean, want: Want): Generator<Collected> {
    const { reachable = undefined } = want.why === 'again' ? want.places[0] : { reachable: true };
    const reach = defined({ reachable });
    const { item, credit, texts } = describeMessage(bytes, { oid, isTag, repository: this.#repository.name, ...reach });
    if (credit !== undefined) this.#credits.set(oid, credit);
    for (const header of texts) this.#headers.set(`${header.part} ${header.text}`, { ...header, commit: oid });
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
    const { name: repository, commonDirectory } = this.#repository;
    const origin = {
      collector: 'git',
      path,
      repository,
      blob,
      ...this.#credit(blob, want),
      present: inHead !== undefined,
    };
    const followed = followLfsPointer(bytes, commonDirectory, path, this.#context.limits.fileBytes);
    if (followed !== undefined) {
      if ('gap' in followed) return { kind: 'gap', scope: HISTORY, gap: withObject(followed.gap, origin) };
      return { kind: 'artifact', scope: HISTORY, artifact: { origin, bytes: followed.bytes } };
    }
    const placesHere = this.#againOf(bytes, want);
    const ranges =
      placesHere === undefined ? this.#rangesOf(bytes, want, path, origin.present) : joinedLines(placesHere);
    // Far-reaching rules and companions look beyond the ranges, if a lineage says that the rest is an earlier version.
    const lineage = { memory: new Uint32Array(1), self: 0, base: -1 };
    const part = ranges === undefined ? {} : { ranges, lineage };
    const optional = defined({ again: placesHere });
    return { kind: 'artifact', scope: HISTORY, artifact: { origin, bytes, ...part }, ...optional };
  }

  /** Returns the lines of places that are read again. Undefined if everything is scanned, or something else. */
  #againOf(bytes: Buffer, want: Want): readonly AgainPlace[] | undefined {
    if (want.why !== 'again' || this.#context.options['full-blobs'] === true) return undefined;
    return linesOfPlaces(bytes, want.places);
  }

  /** Returns what of a blob has not been scanned, or held findings. Undefined means all of it. */
  #rangesOf(bytes: Buffer, want: Want, path: string, present: boolean): readonly ByteRange[] | undefined {
    if (this.#context.options['full-blobs'] === true && want.why !== 'declares') return undefined;
    if (want.why === 'declares') return [];
    if (want.why !== 'new') return undefined;
    const before = this.#before.get(path) ?? [];
    const last = this.#last.get(path) ?? [];
    const ranges = newRanges(present ? before : [...last.toReversed(), ...before], bytes);
    this.#keep(this.#last, path, bytes);
    return present && ranges !== undefined ? this.#withKnown(ranges, before, path, bytes) : ranges;
  }

  #withKnown(
    ranges: readonly ByteRange[],
    [before, other]: readonly Buffer[],
    path: string,
    bytes: Buffer,
  ): readonly ByteRange[] | undefined {
    const places = this.#marked.get(path);
    if (places === undefined) return ranges;
    return before === undefined || other !== undefined ? undefined : addKnownLines(ranges, before, places, bytes);
  }

  /** Past the limit no version is kept any more, and what follows is scanned as a whole. */
  #keep(versions: Map<string, Buffer[]>, path: string, bytes: Buffer): void {
    const earlier = versions.get(path) ?? [];
    versions.set(path, earlier);
    const gone = earlier.length < KEPT_VERSIONS ? undefined : earlier.shift();
    this.#keptBytes -= gone?.length ?? 0;
    if (this.#keptBytes + bytes.length > KEPT_BYTES) return;
    this.#keptBytes += bytes.length;
    earlier.push(bytes);
  }

  #commitOf(blob: string): string | undefined {
    const { places, copies, missing } = this.#earlier;
    this.#commits ??= new Map([...missing, ...copies, ...places].map(({ blob: id = '', commit = '' }) => [id, commit]));
    return this.#commits.get(blob);
  }

  #credit(blob: string, want: Want): Pick<Origin, 'commit' | 'author' | 'date' | 'reachable'> {
    if (want.why === 'again') {
      const { commit, author, date, reachable } = want.places[0];
      return {
        ...defined({ commit, author, date, reachable }),
      };
    }
    const commit = want.why === 'new' || want.why === 'missed' ? want.commit : (this.#commitOf(blob) ?? '');
    return { ...(commit === '' ? {} : { commit }), ...this.#credits.get(commit), reachable: true };
  }
}
