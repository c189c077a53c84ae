import { type ByteSet, setWhere } from './byte-set.ts';
import type { Tree } from './tree.ts';

/**
 * A pattern as positions (one byte each) and which may follow which: Glushkov's automaton. It is relaxed: conditions on
 * the surroundings are omitted and long repetitions become endless, so it accepts everything that the pattern matches,
 * and more.
 */
export interface Positions {
  readonly sets: readonly ByteSet[];
  readonly follow: readonly ReadonlySet<number>[];
  readonly first: ReadonlySet<number>;
  readonly last: ReadonlySet<number>;
  /** The empty text is accepted. */
  readonly nullable: boolean;
}

/** Repetitions beyond the least number that are still counted. */
const COUNTED_MOST = 3;
const POSITIONS_MOST = 4000;

interface Fragment {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly nullable: boolean;
}

const EMPTY: Fragment = { first: [], last: [], nullable: true };

/**
 * Turns a pattern into positions; of a repetition at most `copies` are written out. Undefined if there are still too
 * many positions.
 */
export function positionsOf(tree: Tree, copies: number): Positions | undefined {
  const builder = new PositionBuilder(copies);
  const { first, last, nullable } = builder.add(tree);
  if (builder.sets.length > POSITIONS_MOST) return undefined;
  return { sets: builder.sets, follow: builder.follow, first: new Set(first), last: new Set(last), nullable };
}

class PositionBuilder {
  readonly sets: ByteSet[] = [];
  readonly follow: Set<number>[] = [];
  readonly #copies: number;

  constructor(copies: number) {
    this.#copies = copies;
  }

  add(tree: Tree): Fragment {
    // Already too many: the caller discards the result, so stop building.
    if (this.sets.length > POSITIONS_MOST) return EMPTY;
    switch (tree.kind) {
      case 'set':
        return this.#addSet(tree.set);
      case 'sequence':
        return this.#addSequence(tree.parts);
      case 'choice':
        return unite(tree.options.map((option) => this.add(option)));
      case 'group':
        return this.add(tree.part);
      case 'repeat':
        return this.#addRepeat(tree.part, tree.min, tree.max);
      case 'unknown':
        return this.#loop(this.#addSet(setWhere(() => true)));
      default:
        return EMPTY;
    }
  }

  #addSet(set: ByteSet): Fragment {
    const position = this.sets.push(set) - 1;
    this.follow.push(new Set());
    return { first: [position], last: [position], nullable: false };
  }

  #addSequence(parts: readonly Tree[]): Fragment {
    let whole = EMPTY;
    for (const part of parts) whole = this.#chain(whole, this.add(part));
    return whole;
  }

  #addRepeat(part: Tree, min: number, max: number): Fragment {
    const copies = Math.min(min, this.#copies);
    let whole = EMPTY;
    for (let copy = 0; copy < copies; copy++) {
      const fragment = this.add(part);
      whole = this.#chain(
        whole,
        copy === copies - 1 && max - copies > COUNTED_MOST ? this.#loop(fragment, fragment.nullable) : fragment,
      );
    }
    if (max <= copies || (copies > 0 && max - copies > COUNTED_MOST)) return whole;
    if (max - copies > COUNTED_MOST) return this.#loop(this.add(part));
    for (let copy = copies; copy < max; copy++) whole = this.#chain(whole, { ...this.add(part), nullable: true });
    return whole;
  }

  #chain(a: Fragment, b: Fragment): Fragment {
    this.#connect(a.last, b.first);
    return {
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
      nullable: a.nullable && b.nullable,
    };
  }

  #loop(fragment: Fragment, nullable = true): Fragment {
    this.#connect(fragment.last, fragment.first);
    return { ...fragment, nullable };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) for (const next of to) this.follow[position]?.add(next);
  }
}

function unite(fragments: readonly Fragment[]): Fragment {
  return {
    first: fragments.flatMap((fragment) => fragment.first),
    last: fragments.flatMap((fragment) => fragment.last),
    nullable: fragments.some((fragment) => fragment.nullable),
  };
}
