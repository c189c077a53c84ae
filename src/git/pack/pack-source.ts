import { setImmediate } from 'node:timers/promises';
import { sharedBytes, sharedNumbers } from '../../lib/bytes/shared-array.ts';
import { TYPE_CODE } from '../objects/list-objects.ts';
import {
  type ChangesOnly,
  indexesOf,
  type ObjectParts,
  type ObjectSource,
  readIndexes,
  type SourceAnswer,
} from '../objects/object-source.ts';
import { GitError } from '../process/error.ts';
import type { Git } from '../process/open.ts';
import type { Repository } from '../repository/repository.ts';
import { ForestCursor } from './cursor.ts';
import { cutParts } from './cut-parts.ts';
import { openStore, type Store } from './open-store.ts';
import { PackError } from './pack-error.ts';
import { mostRebuilt, type NumberedPack, type PartPlan, PartReader, shareParts } from './part-reader.ts';

/** Objects that are read before timers, signals and other processes get their turn. */
const TURN = 256;
const ANNOTATIONS = [TYPE_CODE.commit, TYPE_CODE.tag];
const BLOBS = [TYPE_CODE.blob, TYPE_CODE.unreadable];

/**
 * Reads packs without git. Each object is inflated once and each delta is applied once. Bytes that a delta copies from
 * a blob that was returned before can be left out. Loose objects, and whatever this reader fails on, go through `git
 * cat-file`.
 * @throws PackError with the reason where only git can read this store
 */
export async function openPackSource(git: Git, repository: Repository): Promise<ObjectSource> {
  const store = await openReadable(git, repository);
  const packs = markGiven(store);
  const partsOf = (types: readonly number[], maxBytes: number, changes?: ChangesOnly) =>
    new StoreParts(git, store, packs, { types, maxBytes, ...(changes ? { changes } : {}) });
  return {
    reader: 'pack',
    table: store.table,
    types: store.types,
    complaint: store.complaint,
    circular: store.looped.size > 0,
    packBytes: packs.reduce((sum, { file }) => sum + file.size, 0),
    close: store.close,
    readAnnotations: (maxBytes) => readParts(git, partsOf(ANNOTATIONS, maxBytes)),
    readBlobs: (maxBytes, changes) => readParts(git, partsOf(BLOBS, maxBytes, changes)),
    annotationParts: (maxBytes) => partsOf(ANNOTATIONS, maxBytes),
    blobParts: (maxBytes, changes) => partsOf(BLOBS, maxBytes, changes),
  };
}

/** Where the system refuses to open a folder or file, git reads the rest and names the problem. */
async function openReadable(git: Git, repository: Repository): Promise<Store> {
  try {
    return await openStore(git, repository);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw new PackError(`its object folder cannot be read: ${error.message}`);
  }
}

/** Decides which pack returns an object that lies in several: the first one that tells its type. */
function markGiven({ packs, table }: Store): NumberedPack[] {
  const seen = new Uint8Array(table.size);
  return packs.map((pack) => {
    const given = sharedBytes(pack.numbers.length);
    for (let place = 0; place < given.length; place += 1) {
      const number = pack.numbers[place] as number;
      if (pack.forest.type[place] === 0 || seen[number] === 1) continue;
      seen[number] = 1;
      given[place] = 1;
    }
    return { ...pack, given };
  });
}

async function* readParts(git: Git, parts: ObjectParts): AsyncGenerator<SourceAnswer> {
  let turn = 0;
  for (let part = 0; part < parts.count && parts.accepts(part); part += 1) {
    for (const answer of parts.read(part)) {
      turn += 1;
      if (turn % TURN === 0) await setImmediate();
      if (git.signal?.aborted) throw new GitError('aborted', 'the run was cancelled');
      yield answer;
    }
  }
  yield* parts.readRest();
}

interface PartOptions {
  readonly types: readonly number[];
  readonly maxBytes: number;
  readonly changes?: ChangesOnly;
}

/** The objects of some types, of all packs, in parts. */
class StoreParts implements ObjectParts {
  readonly count: number;
  readonly #git: Git;
  readonly #store: Store;
  readonly #packs: readonly NumberedPack[];
  readonly #plan: PartPlan;
  readonly #reader: PartReader;
  /** For each pack: bytes rebuilt by the parts that were accepted and read. */
  readonly #rebuilt: number[];
  readonly #leftOut = new Set<number>();
  #overLimit = false;

  constructor(git: Git, store: Store, packs: readonly NumberedPack[], options: PartOptions) {
    const { types, maxBytes, changes } = options;
    this.#git = git;
    this.#store = store;
    this.#packs = packs;
    const parts = packs.flatMap(({ forest }, pack) => cutParts(forest, types).map((part) => ({ ...part, pack })));
    this.count = parts.length;
    this.#plan = {
      types,
      maxBytes,
      parts,
      state: sharedBytes(store.table.size),
      rebuilt: sharedNumbers(parts.length),
      stopped: sharedBytes(1),
    };
    this.#reader = new PartReader(packs, this.#plan, changes);
    this.#rebuilt = packs.map(() => 0);
  }

  read(part: number): Iterable<SourceAnswer> {
    return this.#reader.read(part);
  }

  accepts(part: number): boolean {
    const last = this.#plan.parts[part - 1];
    if (this.#overLimit || last === undefined) return !this.#overLimit;
    const sum = (this.#rebuilt[last.pack] as number) + (this.#plan.rebuilt[part - 1] as number);
    this.#rebuilt[last.pack] = sum;
    this.#overLimit = sum > mostRebuilt(this.#packs[last.pack] as NumberedPack);
    if (this.#overLimit) this.#leaveOut(part);
    return !this.#overLimit;
  }

  async *readRest(): AsyncGenerator<SourceAnswer> {
    const { table, types, looped } = this.#store;
    this.accepts(this.count);
    const isLeft = (index: number) => this.#plan.state[index] === 0 || this.#leftOut.has(index);
    const remaining = indexesOf(types, this.#plan.types, isLeft);
    const askable = remaining.filter((index) => !looped.has(index));
    for (const index of remaining) if (looped.has(index)) yield { index, failure: 'corrupt' };
    if (!this.#overLimit) yield* readIndexes(this.#git, table, askable, this.#plan.maxBytes);
    else for (const index of askable) yield { index, failure: 'limit' };
  }

  share(): unknown {
    return shareParts(this.#packs, this.#plan);
  }

  /** Leaves out all parts from here on. What a thread has already read of them, or is reading now, does not count. */
  #leaveOut(from: number): void {
    this.#plan.stopped[0] = 1;
    for (const { pack, first, count } of this.#plan.parts.slice(from)) {
      const { forest, numbers, given } = this.#packs[pack] as NumberedPack;
      const cursor = new ForestCursor(forest, this.#plan.types);
      cursor.enter(first);
      for (let entriesLeft = count; entriesLeft > 0; entriesLeft -= 1) {
        if (given[cursor.place] === 1) this.#leftOut.add(numbers[cursor.place] as number);
        cursor.advance();
      }
    }
  }
}
