import type { ByteSet } from './byte-set.ts';
import { type Positions, positionsOf } from './positions.ts';
import type { Tree } from './tree.ts';

/**
 * A small automaton that reads a text from one position and says whether the pattern can match there. It may accept a
 * place that does not match, but never refuses one that does.
 */
export interface Gate {
  /** Byte to class. */
  readonly classes: Uint8Array;
  /** Rows have `1 << shift` entries. */
  readonly shift: number;
  /** Next state by `(state << shift) + class`; see the states below. */
  readonly table: Uint16Array;
}

/** Nothing can follow: no match. */
export const REFUSED = 0;
/** A match is possible. */
export const ACCEPTED = 1;
/** Where reading begins. */
export const BEGIN = 2;

/**
 * States that a gate may have. A pattern that needs more is relaxed. If that is not enough, everything beyond the limit
 * is accepted.
 */
const STATES_MOST = 400;
const COPIES = [12, 6, 3];
const LAST_COPIES = 1;

/** Makes the gate of a pattern, or none where it would let everything pass or has too many positions. */
export function buildGate(tree: Tree): Gate | undefined {
  for (const copies of COPIES) {
    const positions = positionsOf(tree, copies);
    if (positions === undefined) continue;
    if (positions.nullable) return undefined;
    const gate = determinise(positions);
    if (!gate.cut) return gate;
  }
  const last = positionsOf(tree, LAST_COPIES);
  return last === undefined || last.nullable ? undefined : determinise(last);
}

interface ClassMap {
  readonly classes: Uint8Array;
  /** Per class, one byte of it. */
  readonly samples: readonly number[];
}

/** Bytes that are in the same sets share a class. */
function classify(sets: readonly ByteSet[]): ClassMap {
  const distinct = [...new Set(sets)];
  const numbers = new Map<string, number>();
  const classes = new Uint8Array(256);
  const samples: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const key = distinct.map((set) => set[byte]).join('');
    const classNumber = numbers.get(key);
    if (classNumber === undefined) samples.push(byte);
    classes[byte] = classNumber ?? numbers.size;
    if (classNumber === undefined) numbers.set(key, numbers.size);
  }
  return { classes, samples };
}

interface CutGate extends Gate {
  /** True where the limit of states was reached. */
  readonly cut: boolean;
}

/** Subset construction, breadth first: when there are too many states, the farthest ones are missing. */
function determinise(positions: Positions): CutGate {
  const { classes, samples } = classify(positions.sets);
  const states = new StateList([...positions.first]);
  const rows: number[][] = [];
  for (const candidates of states.list) rows.push(samples.map((byte) => target(positions, candidates, byte, states)));
  const shift = Math.ceil(Math.log2(samples.length));
  const table = new Uint16Array((rows.length + BEGIN) << shift);
  for (const [index, row] of rows.entries()) table.set(row, (index + BEGIN) << shift);
  return { classes, shift, table, cut: states.cut };
}

/** The state after a byte: the positions that may come next. */
function target(
  { sets, follow, last }: Positions,
  candidates: readonly number[],
  byte: number,
  states: StateList,
): number {
  const next = new Set<number>();
  for (const position of candidates) {
    if (sets[position]?.[byte] !== 1) continue;
    if (last.has(position)) return ACCEPTED;
    for (const follower of follow[position] ?? []) next.add(follower);
  }
  return next.size === 0 ? REFUSED : states.numberOf([...next].sort((a, b) => a - b));
}

/** Sets of positions, numbered as they are found. Beyond the limit, a new set counts as accepted. */
class StateList {
  readonly list: (readonly number[])[];
  readonly #numbers = new Map<string, number>();
  #cut = false;

  constructor(first: readonly number[]) {
    this.list = [first];
  }

  get cut(): boolean {
    return this.#cut;
  }

  numberOf(state: readonly number[]): number {
    const key = state.join();
    const stateNumber = this.#numbers.get(key);
    if (stateNumber !== undefined) return stateNumber;
    if (this.list.length >= STATES_MOST) {
      this.#cut = true;
      return ACCEPTED;
    }
    const number = this.list.push(state) - 1 + BEGIN;
    this.#numbers.set(key, number);
    return number;
  }
}
