import { setImmediate } from 'node:timers/promises';
import { GitError } from '../error.ts';
import { TYPE_CODE } from '../list-objects.ts';
import { type ChangesOnly, indexesOf, type ObjectSource, readIndexes, type SourceAnswer } from '../object-source.ts';
import type { Git } from '../process.ts';
import type { Repository } from '../repository.ts';
import { openStore, type Store, type StorePack } from './open-store.ts';
import { type PackObject, PackWalk } from './walk-pack.ts';

/** Objects read in one go before timers, signals and other processes get their turn. */
const TURN = 256;
const LEAST_REBUILT = 8 * 2 ** 30;
/** Real histories grow to about 50 times the size of their packs. */
const MAX_GROWTH = 1_000;

/**
 * Reads packs without git: each object is inflated once, each delta applied once, and what a delta copies from a blob that
 * was given before can be left out. Loose objects, and whatever this reader fails on, go through `git cat-file`.
 * @throws PackError with the reason where only git can read this store
 */
export async function openPackSource(git: Git, repository: Repository): Promise<ObjectSource> {
  const store = await openStore(git, repository);
  return {
    reader: 'pack',
    table: store.table,
    types: store.types,
    complaint: '',
    circular: store.looped.size > 0,
    close: store.close,
    readAnnotations: (maxBytes) => readStore(git, store, [TYPE_CODE.commit, TYPE_CODE.tag], maxBytes),
    readBlobs: (maxBytes, changes) => readStore(git, store, [TYPE_CODE.blob, TYPE_CODE.unreadable], maxBytes, changes),
  };
}

async function* readStore(
  git: Git,
  store: Store,
  types: readonly number[],
  maxBytes: number,
  changes?: ChangesOnly,
): AsyncGenerator<SourceAnswer> {
  const progress = new Progress(store.table.size, changes);
  for (const pack of store.packs) yield* readPack(git, pack, types, maxBytes, progress);
  const left = indexesOf(store.types, types).filter((index) => !progress.isSettled(index));
  const askable = left.filter((index) => !store.looped.has(index));
  for (const index of left) if (store.looped.has(index)) yield { index, failure: 'corrupt' };
  if (!progress.overLimit) yield* readIndexes(git, store.table, askable, maxBytes);
  else for (const index of askable) yield { index, failure: 'limit' };
}

async function* readPack(
  git: Git,
  pack: StorePack,
  types: readonly number[],
  maxBytes: number,
  progress: Progress,
): AsyncGenerator<SourceAnswer> {
  const walk = new PackWalk(pack, { maxBytes, margin: progress.changes?.margin ?? 0 });
  const most = Math.max(LEAST_REBUILT, pack.file.size * MAX_GROWTH);
  let turn = 0;
  for (const object of walk.objects(types)) {
    turn += 1;
    if (turn % TURN === 0) await setImmediate();
    if (git.signal?.aborted) throw new GitError('aborted', 'the run was cancelled');
    progress.overLimit ||= walk.rebuilt > most;
    if (progress.overLimit) return;
    const answer = progress.settle(pack, object);
    if (answer !== undefined) yield answer;
  }
}

/** What was answered so far, over all packs. */
class Progress {
  readonly changes: ChangesOnly | undefined;
  overLimit = false;
  /** 1 given, 2 too large. */
  readonly #state: Uint8Array;

  constructor(size: number, changes: ChangesOnly | undefined) {
    this.#state = new Uint8Array(size);
    this.changes = changes;
  }

  isSettled(index: number): boolean {
    return this.#state[index] !== 0;
  }

  /** The answer for an object of a pack; none for one that another pack had, or that git has to read. */
  settle(pack: StorePack, object: PackObject): SourceAnswer | undefined {
    const index = pack.numbers[object.place] as number;
    if (object.kind === 'failed' || this.isSettled(index)) return undefined;
    if (object.kind === 'too-large') {
      this.#state[index] = 2;
      return { index, failure: 'too-large', size: object.size };
    }
    const { bytes, ranges, base } = object;
    this.#state[index] = 1;
    const number = pack.numbers[base] as number;
    return ranges && this.#isCompared(number, index) ? { index, bytes, ranges, base: number } : { index, bytes };
  }

  #isCompared(base: number, index: number): boolean {
    return this.changes !== undefined && this.#state[base] === 1 && this.changes.comparable(base, index);
  }
}
