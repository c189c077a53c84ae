import { inflateSync } from 'node:zlib';
import type { Range } from '../line-diff.ts';
import { BufferPool } from './buffer-pool.ts';
import { applyDelta, readDeltaHeader } from './delta.ts';
import { endOf, type Forest, subtree } from './forest.ts';
import { PackError } from './pack-error.ts';
import type { PackFile } from './pack-file.ts';
import type { PackIndex } from './pack-index.ts';

const NONE = -1;
const LEAST_CHUNK = 64;
/** Deflate cannot do better than 1032 to 1: a larger claim is not worth its memory. */
const MAX_RATIO = 1032;
const STACK_BYTES = 256 * 1024 * 1024;

/** An opened pack. */
export interface Pack {
  readonly file: PackFile;
  readonly index: PackIndex;
  readonly forest: Forest;
}

/** One object by its place in the pack. Bytes are valid until the next one is asked for. */
export type PackObject =
  | {
      readonly kind: 'object';
      readonly place: number;
      /** Place of the object that `ranges` compares with; -1 for a root. */
      readonly base: number;
      readonly bytes: Uint8Array;
      /** What the base does not have; absent for a root. */
      readonly ranges?: readonly Range[];
    }
  | { readonly kind: 'too-large'; readonly place: number; readonly size: number }
  /** Broken, or out of bounds for this reader: another reader may try. */
  | { readonly kind: 'failed'; readonly place: number };

/** Bounds of a walk. */
export interface WalkLimits {
  /** Largest object that is rebuilt. */
  readonly maxBytes: number;
  /** Bytes around a change that count as changed. */
  readonly margin: number;
}

interface Frame {
  readonly place: number;
  readonly bytes: Uint8Array;
  /** Pooled memory behind the bytes. */
  readonly slab: Uint8Array | undefined;
  nextChild: number;
}

/**
 * Walks the delta trees of some types depth first: every object is inflated once and every delta applied once. A base lives
 * until its last child is built. What fails takes its descendants with it. Gives every object of these types, in an order
 * in which bases come before what is built on them.
 */
export class PackWalk {
  readonly #pack: Pack;
  readonly #limits: WalkLimits;
  readonly #pool = new BufferPool();
  readonly #stack: Frame[] = [];
  #stackBytes = 0;
  /** Bytes rebuilt so far: a small pack can describe terabytes. */
  rebuilt = 0;

  constructor(pack: Pack, limits: WalkLimits) {
    this.#pack = pack;
    this.#limits = limits;
  }

  *objects(types: readonly number[]): Generator<PackObject> {
    const { forest } = this.#pack;
    for (let place = 0; place < forest.type.length; place += 1) {
      if (forest.parent[place] !== NONE || !types.includes(forest.type[place] as number)) continue;
      yield* this.#tree(place);
    }
  }

  *#tree(root: number): Generator<PackObject> {
    const size = this.#pack.forest.size[root] as number;
    const bytes = size > this.#limits.maxBytes ? undefined : this.#attempt(() => this.#inflate(root));
    if (bytes === undefined) {
      yield* this.#giveUp(root, size);
      return;
    }
    yield { kind: 'object', place: root, base: NONE, bytes };
    this.#push(root, bytes, undefined);
    for (let frame = this.#stack.at(-1); frame !== undefined; frame = this.#stack.at(-1)) {
      if (frame.nextChild === NONE) this.#pop();
      else yield* this.#child(frame);
    }
  }

  *#child(frame: Frame): Generator<PackObject> {
    const place = frame.nextChild;
    frame.nextChild = this.#pack.forest.nextSibling[place] as number;
    const delta = this.#attempt(() => this.#inflateDelta(place));
    const size = delta?.header.resultSize ?? 0;
    const budget = Math.max(STACK_BYTES, 2 * this.#limits.maxBytes);
    if (delta === undefined || size > this.#limits.maxBytes || this.#stackBytes + size > budget) {
      yield* this.#giveUp(place, size);
      return;
    }
    const slab = this.#pool.take(size);
    const bytes = slab.subarray(0, size);
    const apply = () => applyDelta(frame.bytes, delta.bytes, delta.header, bytes, this.#limits.margin);
    const ranges = this.#attempt(apply);
    if (frame.nextChild === NONE) this.#pop();
    if (ranges === undefined) {
      this.#pool.give(slab);
      yield* this.#giveUp(place, 0);
      return;
    }
    this.#push(place, bytes, slab);
    yield { kind: 'object', place, base: frame.place, bytes, ranges };
  }

  #push(place: number, bytes: Uint8Array, slab: Uint8Array | undefined): void {
    this.#stack.push({ place, bytes, slab, nextChild: this.#pack.forest.firstChild[place] as number });
    this.#stackBytes += bytes.length;
    this.rebuilt += bytes.length;
  }

  #pop(): void {
    const frame = this.#stack.pop();
    if (frame === undefined) return;
    this.#stackBytes -= frame.bytes.length;
    if (frame.slab) this.#pool.give(frame.slab);
  }

  /** The object itself is too large or broken; what hangs on it is left to another reader. */
  *#giveUp(root: number, size: number): Generator<PackObject> {
    for (const place of subtree(this.#pack.forest, root)) {
      const tooLarge = place === root && size > this.#limits.maxBytes;
      yield tooLarge ? { kind: 'too-large', place, size } : { kind: 'failed', place };
    }
  }

  #inflateDelta(place: number) {
    const bytes = this.#inflate(place);
    return { bytes, header: readDeltaHeader(bytes) };
  }

  /** The inflated data of an object. @throws where it does not have the size that its header claims */
  #inflate(place: number): Uint8Array {
    const { file, index, forest } = this.#pack;
    const size = forest.size[place] as number;
    if (size > this.#limits.maxBytes) throw new PackError('an object is larger than the limit');
    const start = (index.offsets[place] as number) + (forest.header[place] as number);
    const input = file.read(start, endOf(file, index, place));
    if (size > (input.length + 1) * MAX_RATIO) throw new PackError('an object claims an impossible size');
    const chunkSize = Math.max(LEAST_CHUNK, size + 1);
    const bytes = inflateSync(input, { chunkSize, maxOutputLength: chunkSize });
    if (bytes.length !== size) throw new PackError('an object has another size than its header claims');
    return bytes;
  }

  #attempt<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch {
      // Told as `failed`: git reads the object then, or the gap says that it cannot.
      return undefined;
    }
  }
}
