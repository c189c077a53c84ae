import type { Range } from '../changes/line-diff.ts';
import { PackError } from './pack-error.ts';

/** Up to this many bytes, a loop is faster than a view and a call. */
const SHORT_COPY = 16;
const MAX_COPY_DEFAULT = 0x10000;

/** The sizes that a delta claims. */
export interface DeltaHeader {
  readonly baseSize: number;
  readonly resultSize: number;
  /** Where the instructions start. */
  readonly start: number;
}

/**
 * Reads the two sizes at the start of a delta.
 * @throws PackError
 */
export function readDeltaHeader(delta: Uint8Array): DeltaHeader {
  const base = readSize(delta, 0);
  const result = readSize(delta, base.end);
  return { baseSize: base.value, resultSize: result.value, start: result.end };
}

/**
 * Applies a delta to its base and writes the object into `result`, which has the size that the header names
 * (https://git-scm.com/docs/pack-format, "Deltified representation"). Returns the ranges of the result that are not
 * copied unchanged from the base: inserted bytes, and seams. A seam is a place where two copied runs meet that were
 * apart in the base, or where the start or end of the base was cut off. Each range is widened by `margin` bytes; ranges
 * are in order and merged. So every run of at most `margin` bytes in the result lies inside one of the ranges, or is a
 * run of the base.
 * @throws PackError where the delta contradicts itself, the base or the size of the result
 */
export function applyDelta(
  base: Uint8Array,
  delta: Uint8Array,
  header: DeltaHeader,
  result: Uint8Array,
  margin: number,
): Range[] {
  if (header.baseSize !== base.length || header.resultSize !== result.length)
    throw new PackError('a delta does not fit');
  return new DeltaRun(base, delta, result, new Changes(margin, result.length)).run(header.start);
}

/** One application of a delta. */
class DeltaRun {
  readonly #base: Uint8Array;
  readonly #delta: Uint8Array;
  readonly #result: Uint8Array;
  readonly #changes: Changes;
  /** All the memory in which the result lies. */
  readonly #memory: Uint8Array;
  #at = 0;
  #written = 0;
  /**
   * Where the previous run ended in the base. -1 after an insertion, because the range of the insertion covers the
   * seam.
   */
  #copiedTo = 0;

  constructor(base: Uint8Array, delta: Uint8Array, result: Uint8Array, changes: Changes) {
    this.#base = base;
    this.#delta = delta;
    this.#result = result;
    this.#changes = changes;
    this.#memory = new Uint8Array(result.buffer);
  }

  run(start: number): Range[] {
    this.#at = start;
    while (this.#at < this.#delta.length) {
      const code = this.#byte();
      if (code >= 128) this.#copy(code);
      else if (code > 0) this.#insert(code);
      else throw new PackError('a delta holds a reserved instruction');
    }
    if (this.#written !== this.#result.length) throw new PackError('a delta gives too little');
    if (this.#copiedTo >= 0 && this.#copiedTo !== this.#base.length) this.#changes.add(this.#written, this.#written);
    return this.#changes.ranges;
  }

  #insert(length: number): void {
    const from = this.#at;
    const to = this.#written;
    if (from + length > this.#delta.length || to + length > this.#result.length) {
      throw new PackError('a delta inserts too much');
    }
    this.#move(this.#delta, from, to, length);
    this.#changes.add(to, to + length);
    this.#at += length;
    this.#written += length;
    this.#copiedTo = -1;
  }

  #copy(code: number): void {
    const offset = this.#number(code, 4);
    const length = this.#number(code >> 4, 3) || MAX_COPY_DEFAULT;
    const to = this.#written;
    if (offset + length > this.#base.length || to + length > this.#result.length) {
      throw new PackError('a delta copies too much');
    }
    if (this.#copiedTo >= 0 && offset !== this.#copiedTo) this.#changes.add(to, to);
    this.#move(this.#base, offset, to, length);
    this.#written += length;
    this.#copiedTo = offset + length;
  }

  /** Moves bytes. Within one ArrayBuffer it needs no view of them. */
  #move(from: Uint8Array, start: number, to: number, length: number): void {
    const result = this.#result;
    if (length <= SHORT_COPY) {
      for (let i = 0; i < length; i += 1) result[to + i] = from[start + i] as number;
    } else if (from.buffer === result.buffer) {
      const at = from.byteOffset + start;
      this.#memory.copyWithin(result.byteOffset + to, at, at + length);
    } else result.set(from.subarray(start, start + length), to);
  }

  /** Reads a little-endian number. Only the bytes flagged in `code` are present. */
  #number(code: number, bytes: number): number {
    let value = 0;
    let scale = 1;
    for (let bit = 0; bit < bytes; bit += 1) {
      if (code & (1 << bit)) value += this.#byte() * scale;
      scale *= 256;
    }
    return value;
  }

  #byte(): number {
    const byte = this.#delta[this.#at];
    if (byte === undefined) throw new PackError('a delta ends too early');
    this.#at += 1;
    return byte;
  }
}

/**
 * Collects ranges in ascending order, and widens and merges them at once: so a delta with a million seams stays small.
 */
class Changes {
  readonly ranges: { start: number; end: number }[] = [];
  readonly #margin: number;
  readonly #size: number;

  constructor(margin: number, size: number) {
    this.#margin = margin;
    this.#size = size;
  }

  add(from: number, to: number): void {
    const start = Math.max(0, from - this.#margin);
    const end = Math.min(this.#size, to + this.#margin);
    const last = this.ranges.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (start < end) this.ranges.push({ start, end });
  }
}

function readSize(delta: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let scale = 1;
  for (let at = start; at < delta.length; at += 1) {
    const byte = delta[at] as number;
    value += (byte & 127) * scale;
    scale *= 128;
    if (!Number.isSafeInteger(value)) break;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new PackError('a delta has no valid sizes');
}
