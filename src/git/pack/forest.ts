import { sharedBytes, sharedIntegers, sharedNumbers } from '../../lib/bytes/shared-array.ts';
import { LONGEST_ENTRY_HEADER, OFS_DELTA, REF_DELTA, readBaseDistance, readEntryHeader } from './entry-header.ts';
import { LONGEST_CHAIN, PACK_HEADER_BYTES } from './format.ts';
import type { PackFile } from './pack-file.ts';
import { findId, findOffset, type PackIndex } from './pack-index.ts';

const NONE = -1;

/**
 * Tells which object is a delta of which, by place in the pack, in memory that other threads can read. Only headers are
 * read for it. `type` stays 0 for a place outside the pack, a broken header, an unknown type, a delta whose base is not
 * in this pack, and a cycle. The same holds for all descendants of such an object.
 */
export interface Forest {
  /** 1 commit, 2 tree, 3 blob, 4 tag. A delta has the type of its root. */
  readonly type: Uint8Array;
  /** Inflated bytes of the object, or of the delta. */
  readonly size: Float64Array;
  /** Bytes of the header. Compressed data starts behind it. */
  readonly header: Uint8Array;
  /** Place of the base; -1 for a root. */
  readonly parent: Int32Array;
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
  /**
   * 1 for an object that git must not be asked for. Either its chain of bases is a circle, which git would follow for
   * ever. Or the chain breaks far away: git searches the whole store once for every step to there.
   */
  readonly looped: Uint8Array;
}

/** Reads all object headers of a pack. */
export function buildForest(pack: PackFile, index: PackIndex): Forest {
  const { count } = index;
  const forest: Forest = {
    type: sharedBytes(count),
    size: sharedNumbers(count),
    header: sharedBytes(count),
    parent: sharedIntegers(count).fill(NONE),
    firstChild: sharedIntegers(count).fill(NONE),
    nextSibling: sharedIntegers(count).fill(NONE),
    looped: new Uint8Array(count),
  };
  const placeOfId = lazyPlaces(index);
  for (let place = 0; place < count; place += 1) readHeader(pack, index, forest, place, placeOfId);
  for (let place = count - 1; place >= 0; place -= 1) link(forest, place);
  for (let place = 0; place < count; place += 1) {
    if (forest.parent[place] === NONE) spreadType(forest, place);
  }
  markLoops(forest);
  putHeaviestLast(forest);
  return forest;
}

/** Returns the byte where an object ends: the start of the next object, or the trailer. */
export function endOf(pack: PackFile, index: Pick<PackIndex, 'count' | 'width' | 'offsets'>, place: number): number {
  const { count, width, offsets } = index;
  const offset = offsets[place] as number;
  let low = place + 1;
  if (low < count && offsets[low] === offset) {
    for (let high = count; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((offsets[middle] as number) > offset) high = middle;
      else low = middle + 1;
    }
  }
  return low < count ? (offsets[low] as number) : pack.size - width;
}

/** Yields a place and all places below it. */
export function* subtree(forest: Forest, root: number): Generator<number> {
  let place = root;
  for (;;) {
    yield place;
    let next = forest.firstChild[place] as number;
    while (next === NONE && place !== root) {
      next = forest.nextSibling[place] as number;
      if (next === NONE) place = forest.parent[place] as number;
    }
    if (next === NONE) return;
    place = next;
  }
}

/** Follows the bases of every object that no root leads to. Passes each place once. */
function markLoops(forest: Forest): void {
  const passed = new Uint8Array(forest.type.length);
  const depths = new Int32Array(forest.type.length);
  for (let start = 0; start < passed.length; start += 1) {
    if (forest.type[start] !== 0 || passed[start] === 1) continue;
    const path: number[] = [];
    const onPath = new Set<number>();
    let place = start;
    while (passed[place] === 0 && forest.parent[place] !== NONE) {
      passed[place] = 1;
      path.push(place);
      onPath.add(place);
      place = forest.parent[place] as number;
    }
    const last = path.at(-1) ?? start;
    const circle = onPath.has(place) && place !== last;
    if (circle || forest.looped[place] === 1) for (const member of path) forest.looped[member] = 1;
    else markDeep(forest, depths, path);
  }
}

/** Marks objects that are far from the place where their chain of bases breaks. `path` leads towards that place. */
function markDeep(forest: Forest, depths: Int32Array, path: readonly number[]): void {
  for (let i = path.length - 1; i >= 0; i -= 1) {
    const place = path[i] as number;
    const depth = (depths[forest.parent[place] as number] as number) + 1;
    depths[place] = depth;
    if (depth > LONGEST_CHAIN) forest.looped[place] = 1;
  }
}

type FindPlace = (id: Uint8Array) => number;

function readHeader(pack: PackFile, index: PackIndex, forest: Forest, place: number, placeOfId: FindPlace): void {
  const offset = index.offsets[place] as number;
  const end = endOf(pack, index, place);
  if (offset < PACK_HEADER_BYTES || end <= offset || end > pack.size) {
    forest.parent[place] = place;
    return;
  }
  const bytes = pack.read(offset, Math.min(end, offset + LONGEST_ENTRY_HEADER));
  const { type, size, end: at } = readEntryHeader(bytes);
  forest.size[place] = size;
  forest.header[place] = at;
  if (type >= 1 && type <= 4) forest.type[place] = type;
  else if (type === OFS_DELTA) {
    const { distance, end: after } = readBaseDistance(bytes, at);
    const base = findOffset(index, offset - distance);
    forest.parent[place] = base < place ? orSelf(base, place) : place;
    forest.header[place] = after;
  } else if (type === REF_DELTA && at + index.width <= bytes.length) {
    const base = placeOfId(bytes.subarray(at, at + index.width));
    forest.looped[place] = Number(base === place);
    forest.parent[place] = orSelf(base, place);
    forest.header[place] = at + index.width;
  } else forest.parent[place] = place;
}

/** An object without a usable base becomes its own parent, so that no root leads to it. */
function orSelf(base: number, place: number): number {
  return base === NONE ? place : base;
}

function link(forest: Forest, place: number): void {
  const parent = forest.parent[place] as number;
  if (parent === NONE || parent === place) return;
  forest.nextSibling[place] = forest.firstChild[parent] as number;
  forest.firstChild[parent] = place;
}

/**
 * Moves the child with the most objects below it to the end of its siblings. A walk drops a base before it enters the
 * last child. So the number of bases in memory is at most the logarithm of the number of objects, whatever the shape of
 * the tree.
 */
function putHeaviestLast(forest: Forest): void {
  const weights = weigh(forest);
  for (let place = 0; place < weights.length; place += 1) {
    const first = forest.firstChild[place] as number;
    if (first !== NONE && forest.nextSibling[first] !== NONE) moveHeaviestLast(forest, weights, place);
  }
}

function moveHeaviestLast({ firstChild, nextSibling }: Forest, weights: Int32Array, parent: number): void {
  let heaviest = firstChild[parent] as number;
  let beforeHeaviest = NONE;
  let last = heaviest;
  for (let child = nextSibling[last] as number; child !== NONE; child = nextSibling[child] as number) {
    if ((weights[child] as number) >= (weights[heaviest] as number)) {
      heaviest = child;
      beforeHeaviest = last;
    }
    last = child;
  }
  if (heaviest === last) return;
  const after = nextSibling[heaviest] as number;
  if (beforeHeaviest === NONE) firstChild[parent] = after;
  else nextSibling[beforeHeaviest] = after;
  nextSibling[last] = heaviest;
  nextSibling[heaviest] = NONE;
}

/** Returns, for each place, the number of objects in the tree below it, itself included. */
function weigh(forest: Forest): Int32Array {
  const weights = new Int32Array(forest.type.length).fill(1);
  const order: number[] = [];
  for (let root = 0; root < weights.length; root += 1) {
    if (forest.parent[root] !== NONE || forest.firstChild[root] === NONE) continue;
    for (const place of subtree(forest, root)) order.push(place);
    for (let place = order.pop(); place !== undefined && place !== root; place = order.pop()) {
      const parent = forest.parent[place] as number;
      weights[parent] = (weights[parent] as number) + (weights[place] as number);
    }
  }
  return weights;
}

function spreadType(forest: Forest, root: number): void {
  const type = forest.type[root] as number;
  for (const place of subtree(forest, root)) forest.type[place] = type;
}

/** Finds the place of an id in the pack. The reverse table is only made for packs that hold deltas by id. */
function lazyPlaces(index: PackIndex): FindPlace {
  let places: Int32Array | undefined;
  return (id) => {
    const position = findId(index, id);
    if (position === NONE) return NONE;
    places ??= reverse(index.idAt);
    return places[position] as number;
  };
}

function reverse(order: Uint32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (let place = 0; place < order.length; place += 1) places[order[place] as number] = place;
  return places;
}
