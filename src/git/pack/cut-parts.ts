import { ForestCursor, type ForestShape } from './cursor.ts';
import type { Forest } from './forest.ts';

/** Consecutive places of a `ForestCursor`: the first one, and how many. */
export interface PackPart {
  readonly first: number;
  readonly count: number;
}

/**
 * What an object costs beside its bytes, and what an inflated byte costs beside a copied one. The unit is one copied
 * byte.
 */
const OBJECT_COST = 16 * 1024;
const INFLATE_COST = 4;
/** Smallest part. Handing out a part costs something, too. */
const LEAST_COST = 4 * 1024 * 1024;
/** Enough parts that all threads end at about the same time, and few enough that bases are seldom rebuilt. */
const PARTS_WANTED = 512;
/** A part may grow by half its size if a later cut needs fewer bases. This many bases are worth it. */
const MANY_BASES = 50;
const GROWTH = 0.5;
/**
 * The bases that are rebuilt for a part cost at most this share of the part before it, or very little: a chain can be
 * deep.
 */
const MOST_BASES = 0.5;

/**
 * Cuts the delta trees of some types into parts of about the same cost, so that several threads can read one huge tree.
 * A part that begins inside a tree needs the bases of its first object rebuilt, so trees are cut where there are few.
 * The cuts depend on the pack only, never on the number of threads. `cost`: of one part, in bytes.
 */
export function cutParts(
  forest: ForestShape & Pick<Forest, 'size'>,
  types: readonly number[],
  cost = costOfPart(forest, types),
): PackPart[] {
  const parts: PackPart[] = [];
  const cursor = new ForestCursor(forest, types).start();
  const costs = new Costs(forest);
  let first = cursor.place;
  let count = 0;
  let sum = 0;
  for (; cursor.place >= 0; cursor.advance()) {
    const growth = (Math.min(cursor.depth, MANY_BASES) / MANY_BASES) * GROWTH;
    if (count > 0 && sum >= cost * (1 + growth) && costs.ofBases(cursor) <= Math.max(LEAST_COST, sum * MOST_BASES)) {
      parts.push({ first, count });
      [first, count, sum] = [cursor.place, 0, 0];
    }
    count += 1;
    sum += costs.of(cursor);
  }
  if (count > 0) parts.push({ first, count });
  return parts;
}

function costOfPart(forest: ForestShape & Pick<Forest, 'size'>, types: readonly number[]): number {
  const costs = new Costs(forest);
  let sum = 0;
  for (const cursor = new ForestCursor(forest, types).start(); cursor.place >= 0; cursor.advance())
    sum += costs.of(cursor);
  return Math.max(LEAST_COST, sum / PARTS_WANTED);
}

/**
 * Estimates the cost of objects, in order. The size of a rebuilt object is not known yet, but is about that of its
 * root.
 */
class Costs {
  readonly #size: Float64Array;
  #rootSize = 0;

  constructor({ size }: Pick<Forest, 'size'>) {
    this.#size = size;
  }

  /**
   * Returns the cost of rebuilding the bases of a place. The place is in the tree of the last object that was
   * estimated.
   */
  ofBases({ depth }: ForestCursor): number {
    return depth * (OBJECT_COST + this.#rootSize);
  }

  of({ place, depth }: ForestCursor): number {
    const size = this.#size[place] as number;
    if (depth === 0) this.#rootSize = size;
    return OBJECT_COST + size * INFLATE_COST + this.#rootSize;
  }
}
