import { ForestCursor, type ForestShape } from './cursor.ts';
import type { Forest } from './forest.ts';

/** Consecutive places of a `ForestCursor`: the first one, and how many. */
export interface PackPart {
  readonly first: number;
  readonly count: number;
}

/** Cost of an object beside its bytes, and of a byte that is inflated beside one that is copied; in bytes copied. */
const OBJECT_COST = 16 * 1024;
const INFLATE_COST = 4;
/** A part is no smaller than this: handing one out costs something too. */
const LEAST_COST = 4 * 1024 * 1024;
/** So many parts that threads end at about the same time, and so few that bases are seldom rebuilt. */
const PARTS_WANTED = 512;
/** A part grows by up to a half while that saves rebuilding bases; so many of them are worth the half. */
const MANY_BASES = 50;
const GROWTH = 0.5;
/**
 * Bases that are rebuilt for a part cost no more than this share of the part before it, or very little: a chain can be
 * deep.
 */
const MOST_BASES = 0.5;

/**
 * Cuts the delta trees of some types into parts that cost about the same, so that one huge tree can be read by several
 * threads. A part that begins inside of a tree needs the bases of its first object rebuilt: cuts are made where these
 * are few. Depends on the pack only, never on the number of threads. `cost`: of one part, in bytes.
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
 * What objects cost, asked in order. The size of a rebuilt object is not known before, but is about that of its root.
 */
class Costs {
  readonly #size: Float64Array;
  #rootSize = 0;

  constructor({ size }: Pick<Forest, 'size'>) {
    this.#size = size;
  }

  /** Cost of the bases of a place in the tree of the last object asked for. */
  ofBases({ depth }: ForestCursor): number {
    return depth * (OBJECT_COST + this.#rootSize);
  }

  of({ place, depth }: ForestCursor): number {
    const size = this.#size[place] as number;
    if (depth === 0) this.#rootSize = size;
    return OBJECT_COST + size * INFLATE_COST + this.#rootSize;
  }
}
