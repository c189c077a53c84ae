import { sharedNumbers } from '../../lib/bytes/shared-array.ts';
import { FANOUT_BYTES, INDEX_HEADER_BYTES, INDEX_MAGIC, LARGE_OFFSET } from './format.ts';
import { PackError } from './pack-error.ts';

const RADIX_BITS = 16;
const RADIX = 1 << RADIX_BITS;

/** The objects of one pack, in the order of their places in it. */
export interface PackIndex {
  readonly count: number;
  readonly width: number;
  /** Binary ids in the order of the index file (sorted by id), one after the other. */
  readonly ids: Uint8Array;
  /**
   * Byte offset of each object in the pack, ascending, in memory that other threads can read. A broken index can name
   * one offset twice. Git must not be asked about such a pack, because it may never end.
   */
  readonly offsets: Float64Array;
  /** For each place in the pack: the position of its id in the index file. */
  readonly idAt: Uint32Array;
  /** Checksum of the pack to which the index belongs. */
  readonly packChecksum: Uint8Array;
}

/**
 * Reads a pack index, version 2 (https://git-scm.com/docs/pack-format).
 * @param width bytes of an object id: 20 or 32
 * @throws PackError for any other version and for a file that contradicts itself
 */
export function parsePackIndex(file: Uint8Array, width: number): PackIndex {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < INDEX_HEADER_BYTES + FANOUT_BYTES + 2 * width) throw new PackError('the index is too short');
  if (view.getUint32(0) !== INDEX_MAGIC || view.getUint32(4) !== 2)
    throw new PackError('the index is not of version 2');
  const count = readCount(view);
  const idsAt = INDEX_HEADER_BYTES + FANOUT_BYTES;
  const smallAt = idsAt + count * (width + 4);
  const largeAt = smallAt + count * 4;
  const end = file.length - 2 * width;
  if (largeAt > end || (end - largeAt) % 8 !== 0) throw new PackError('the index has the wrong length');
  const unsorted = readOffsets(view, smallAt, largeAt, end, count);
  const idAt = sortedOrder(unsorted);
  const offsets = sharedNumbers(count);
  for (let place = 0; place < count; place += 1) offsets[place] = unsorted[idAt[place] as number] as number;
  // The checksum is kept for long. It is copied, because a view would keep the whole file in memory.
  const ids = file.subarray(idsAt, idsAt + count * width);
  return { count, width, ids, offsets, idAt, packChecksum: Uint8Array.from(file.subarray(end, end + width)) };
}

/** Returns the place of the object that starts at `offset`, or -1. */
export function findOffset(index: PackIndex, offset: number): number {
  let low = 0;
  let high = index.count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const middleOffset = index.offsets[middle] as number;
    if (middleOffset === offset) return middle;
    if (middleOffset < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Returns the position of an id in the index file, or -1. */
export function findId(index: PackIndex, id: Uint8Array): number {
  let low = 0;
  let high = index.count - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compareId(index, middle, id);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function compareId(index: PackIndex, place: number, id: Uint8Array): number {
  const start = place * index.width;
  for (let i = 0; i < index.width; i += 1) {
    const difference = (index.ids[start + i] as number) - (id[i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

function readCount(view: DataView): number {
  let last = 0;
  for (let i = 0; i < 256; i += 1) {
    const value = view.getUint32(INDEX_HEADER_BYTES + i * 4);
    if (value < last) throw new PackError('the fan-out table of the index is not ascending');
    last = value;
  }
  return last;
}

function readOffsets(view: DataView, smallAt: number, largeAt: number, end: number, count: number): Float64Array {
  const offsets = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const small = view.getUint32(smallAt + i * 4);
    const at = largeAt + (small - LARGE_OFFSET) * 8;
    if (small < LARGE_OFFSET) offsets[i] = small;
    // An entry that points outside of the index leaves the offset at 0, where no object can be.
    else if (at + 8 <= end) offsets[i] = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  }
  return offsets;
}

/**
 * Returns the order of the values, by radix sort on 16 bits at a time. A comparison sort of a million boxed numbers
 * takes a second.
 */
function sortedOrder(values: Float64Array): Uint32Array {
  const highest = values.reduce((max, value) => Math.max(max, value), 0);
  let order = Uint32Array.from(values, (_, i) => i);
  let next = new Uint32Array(values.length);
  for (let unit = 1; unit <= highest; unit *= RADIX) {
    const starts = new Uint32Array(RADIX + 1);
    for (const value of values) {
      const slot = (Math.floor(value / unit) % RADIX) + 1;
      starts[slot] = (starts[slot] as number) + 1;
    }
    for (let i = 1; i <= RADIX; i += 1) starts[i] = (starts[i] as number) + (starts[i - 1] as number);
    for (const i of order) {
      const slot = Math.floor((values[i] as number) / unit) % RADIX;
      next[starts[slot] as number] = i;
      starts[slot] = (starts[slot] as number) + 1;
    }
    [order, next] = [next, order];
  }
  return order;
}
