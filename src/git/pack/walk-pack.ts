import type { Range } from '../changes/line-diff.ts';
import { BufferPool } from './buffer-pool.ts';
import { ForestCursor, type ForestShape } from './cursor.ts';
import type { PackPart } from './cut-parts.ts';
import { applyDelta, readDeltaHeader } from './delta.ts';
import { endOf, type Forest } from './forest.ts';
import { createInflater, type Inflate } from './inflate.ts';
import { PackError } from './pack-error.ts';
import type { PackFile } from './pack-file.ts';
import type { PackIndex } from './pack-index.ts';

const NONE = -1;
/** Deflate reaches at most 1032 to 1. An entry that claims more gets no memory. */
const MAX_RATIO = 1032;
const STACK_BYTES = 256 * 1024 * 1024;

/** An opened pack. */
export interface Pack {
  readonly file: PackFile;
  readonly index: PackIndex;
  readonly forest: Forest;
}

/** The parts of a pack that a walk reads. */
export interface ReadablePack {
  readonly file: PackFile;
  readonly index: Pick<PackIndex, 'count' | 'width' | 'offsets'>;
  readonly forest: ForestShape & Pick<Forest, 'size' | 'header'>;
}

/** One object, by its place in the pack. Bytes are valid until the next one is requested. */
export type PackObject =
  | {
      readonly kind: 'object';
      readonly place: number;
      /** Place of the object to which `ranges` compares this one. -1 for a root. */
      readonly base: number;
      readonly bytes: Uint8Array;
      /** The bytes that the base does not have. Absent for a root. */
      readonly ranges?: readonly Range[];
      readonly baseBytes?: Uint8Array;
    }
  | { readonly kind: 'too-large'; readonly place: number; readonly size: number }
  /** Broken, or over a limit of this reader. Another reader may try. */
  | { readonly kind: 'failed'; readonly place: number };

/** Bounds of a walk. */
export interface WalkLimits {
  /** Largest object that is rebuilt. */
  readonly maxBytes: number;
  /** Bytes around a change that count as changed. */
  readonly margin: number;
}

/** Inflated bytes in memory of the pool. The holder gives it back. */
interface Inflated {
  readonly bytes: Uint8Array;
  readonly slab: Uint8Array;
}

interface Frame extends Inflated {
  readonly place: number;
}

/**
 * Walks delta trees of some types depth first. Every object is inflated once and every delta is applied once. A base
 * lives until its last child is rebuilt. If an object fails, its descendants fail, too. All parts of `cutParts`
 * together, walked in any order by any number of walkers, give every object of these types once. The bases with which a
 * part begins are rebuilt for it.
 */
export class PackWalk {
  readonly #pack: ReadablePack;
  readonly #types: readonly number[];
  readonly #limits: WalkLimits;
  readonly #pool = new BufferPool();
  readonly #inflater: Inflate = createInflater();
  /** The bases of the current place, by depth, as long as they are needed. */
  readonly #frames: (Frame | undefined)[] = [];
  #frameBytes = 0;
  /** Depth of the object above the current place that failed. -1 where none did. */
  #failedDepth = NONE;
  /**
   * Bytes inflated and rebuilt so far, failures included, without the bases with which a part begins. A small pack can
   * describe terabytes.
   */
  rebuilt = 0;

  constructor(pack: ReadablePack, types: readonly number[], limits: WalkLimits) {
    this.#pack = pack;
    this.#types = types;
    this.#limits = limits;
  }

  /** Every object of a part, in an order in which bases come before what is built on them. */
  *objects(part: PackPart): Generator<PackObject> {
    const cursor = new ForestCursor(this.#pack.forest, this.#types);
    this.#release(0);
    this.#failedDepth = NONE;
    const { rebuilt } = this;
    for (const [depth, base] of cursor.enter(part.first).entries()) this.#visit(base, depth);
    this.rebuilt = rebuilt;
    for (let entriesLeft = part.count; entriesLeft > 0 && cursor.place >= 0; entriesLeft -= 1) {
      yield this.#visit(cursor.place, cursor.depth);
      cursor.advance();
    }
    this.#release(0);
  }

  #visit(place: number, depth: number): PackObject {
    if (this.#failedDepth !== NONE && depth > this.#failedDepth) return { kind: 'failed', place };
    this.#failedDepth = NONE;
    this.#release(depth);
    const object = depth === 0 ? this.#root(place) : this.#child(place, depth);
    if (object.kind !== 'object') this.#failedDepth = depth;
    return object;
  }

  #root(place: number): PackObject {
    const size = this.#pack.forest.size[place] as number;
    if (size > this.#limits.maxBytes) return { kind: 'too-large', place, size };
    const inflated = this.#attempt(() => this.#inflate(place));
    if (inflated === undefined) return { kind: 'failed', place };
    const { bytes, slab } = inflated;
    this.#keep(0, { place, bytes, slab });
    return { kind: 'object', place, base: NONE, bytes };
  }

  #child(place: number, depth: number): PackObject {
    const base = this.#frames[depth - 1];
    const delta = this.#attempt(() => this.#inflate(place));
    const object = base && delta && this.#build(place, depth, base, delta.bytes);
    if (delta !== undefined) this.#pool.give(delta.slab);
    const isLast = this.#pack.forest.nextSibling[place] === NONE;
    if (isLast) this.#drop(depth - 1);
    return object ?? { kind: 'failed', place };
  }

  #build(place: number, depth: number, base: Frame, delta: Uint8Array): PackObject | undefined {
    const { maxBytes, margin } = this.#limits;
    const header = this.#attempt(() => readDeltaHeader(delta));
    if (header === undefined) return undefined;
    const size = header.resultSize;
    if (size > maxBytes) return { kind: 'too-large', place, size };
    if (this.#frameBytes + size > Math.max(STACK_BYTES, 2 * maxBytes)) return undefined;
    this.rebuilt += size;
    const slab = this.#pool.take(size);
    const bytes = slab.subarray(0, size);
    const ranges = this.#attempt(() => applyDelta(base.bytes, delta, header, bytes, margin));
    if (ranges === undefined) {
      this.#pool.give(slab);
      return undefined;
    }
    this.#keep(depth, { place, bytes, slab });
    return { kind: 'object', place, base: base.place, bytes, ranges, baseBytes: base.bytes };
  }

  #keep(depth: number, frame: Frame): void {
    this.#frames[depth] = frame;
    this.#frameBytes += frame.bytes.length;
  }

  /** Drops the frames at this depth and below. */
  #release(depth: number): void {
    for (let at = this.#frames.length - 1; at >= depth; at -= 1) this.#drop(at);
    this.#frames.length = Math.min(this.#frames.length, depth);
  }

  #drop(depth: number): void {
    const frame = this.#frames[depth];
    if (frame === undefined) return;
    this.#frames[depth] = undefined;
    this.#frameBytes -= frame.bytes.length;
    this.#pool.give(frame.slab);
  }

  /**
   * Returns the inflated data of an object.
   * @throws where it does not have the size that its header claims
   */
  #inflate(place: number): Inflated {
    const { file, index, forest } = this.#pack;
    const size = forest.size[place] as number;
    if (size > this.#limits.maxBytes) throw new PackError('an object is larger than the limit');
    const start = (index.offsets[place] as number) + (forest.header[place] as number);
    const input = file.read(start, Math.min(endOf(file, index, place), start + mostDeflated(size)));
    if (size > (input.length + 1) * MAX_RATIO) throw new PackError('an object claims an impossible size');
    this.rebuilt += size;
    const slab = this.#pool.take(size + 1);
    try {
      this.#inflater(input, size, slab);
      return { bytes: slab.subarray(0, size), slab };
    } catch (error) {
      this.#pool.give(slab);
      throw error;
    }
  }

  #attempt<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch {
      // The object is reported as `failed`: git reads it then, or a gap says that git cannot.
      return undefined;
    }
  }
}

/**
 * Most bytes that zlib makes of `size` bytes, with any setting. Whatever lies beyond that between two objects is not
 * data.
 */
function mostDeflated(size: number): number {
  return Math.ceil(size * 1.15) + 1024;
}
