import type { Forest } from './forest.ts';

const NONE = -1;

/** The parts of a forest that are needed to walk through it. */
export type ForestShape = Pick<Forest, 'type' | 'parent' | 'firstChild' | 'nextSibling'>;

/** Walks the delta trees of some types depth first, in the order of their places. A base comes before its deltas. */
export class ForestCursor {
  /** The current place. -1 before the start and past the end. */
  place = NONE;
  /** Number of bases between the current place and its root. */
  depth = 0;
  readonly #forest: ForestShape;
  readonly #types: readonly number[];

  constructor(forest: ForestShape, types: readonly number[]) {
    this.#forest = forest;
    this.#types = types;
  }

  /** Goes to the first root. */
  start(): this {
    this.#moveToRoot(0);
    return this;
  }

  /** Goes to a place of these trees. Returns its bases, the root first. */
  enter(place: number): number[] {
    const bases: number[] = [];
    for (let base = this.#parentOf(place); base !== NONE; base = this.#parentOf(base)) bases.push(base);
    this.place = place;
    this.depth = bases.length;
    return bases.reverse();
  }

  /** Goes to the next place. */
  advance(): void {
    const { firstChild, nextSibling } = this.#forest;
    const child = firstChild[this.place] as number;
    if (child !== NONE) {
      this.place = child;
      this.depth += 1;
      return;
    }
    for (; this.depth > 0; this.depth -= 1) {
      const sibling = nextSibling[this.place] as number;
      if (sibling !== NONE) {
        this.place = sibling;
        return;
      }
      this.place = this.#parentOf(this.place);
    }
    this.#moveToRoot(this.place + 1);
  }

  #moveToRoot(from: number): void {
    const { type, parent } = this.#forest;
    let place = from;
    while (place < type.length && !(parent[place] === NONE && this.#types.includes(type[place] as number))) place += 1;
    this.place = place < type.length ? place : NONE;
    this.depth = 0;
  }

  #parentOf(place: number): number {
    return this.#forest.parent[place] as number;
  }
}
