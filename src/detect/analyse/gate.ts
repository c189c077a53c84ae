import type { ByteSet } from './byte-set.ts';
import { type Positions, positionsOf } from './positions.ts';
import type { Tree } from './tree.ts';

/**
 * A small automaton that reads a text from one position and says whether the pattern can match there. It may be wrong in one
 * direction only: what it refuses, the pattern does not match.
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

/** States that a gate may have; a pattern that needs more is relaxed further. */
const STATES_MOST = 1500;
const COPIES = [12, 6, 3, 1];

/** Makes the gate of a pattern, or none where it would let everything pass or grow too big. */
export function buildGate(tree: Tree): Gate | undefined {
  for (const copies of COPIES) {
    const positions = positionsOf(tree, copies);
    if (positions === undefined) continue;
    if (positions.nullable) return undefined;
    const gate = determinise(positions);
    if (gate !== undefined) return gate;
  }
  return undefined;
}

interface ClassMap {
  readonly classes: Uint8Array;
  /** Per class, one byte of it. */
  readonly samples: readonly number[];
}

/** Bytes that no set tells apart share a class. */
function classify(sets: readonly ByteSet[]): ClassMap {
  const distinct = [...new Set(sets)];
  const numbers = new Map<string, number>();
  const classes = new Uint8Array(256);
  const samples: number[] = [];
  for (let byte = 0; byte < 256; byte++) {
    const key = distinct.map((set) => set[byte]).join('');
    const known = numbers.get(key);
    if (known === undefined) samples.push(byte);
    classes[byte] = known ?? numbers.size;
    if (known === undefined) numbers.set(key, numbers.size);
  }
  return { classes, samples };
}

function determinise(positions: Positions): Gate | undefined {
  const { classes, samples } = classify(positions.sets);
  const numbers = new Map<string, number>();
  const states: (readonly number[])[] = [[...positions.first]];
  const rows: number[][] = [];
  for (const candidates of states) {
    if (states.length > STATES_MOST) return undefined;
    rows.push(samples.map((byte) => target(positions, candidates, byte, numbers, states)));
  }
  const shift = Math.ceil(Math.log2(samples.length));
  const table = new Uint16Array((rows.length + BEGIN) << shift);
  for (const [index, row] of rows.entries()) table.set(row, (index + BEGIN) << shift);
  return { classes, shift, table };
}

/** The state after a byte: the positions that may come next. New ones are added to the end of `states`. */
function target(
  { sets, follow, last }: Positions,
  candidates: readonly number[],
  byte: number,
  numbers: Map<string, number>,
  states: (readonly number[])[],
): number {
  const next = new Set<number>();
  for (const position of candidates) {
    if (sets[position]?.[byte] !== 1) continue;
    if (last.has(position)) return ACCEPTED;
    for (const follower of follow[position] ?? []) next.add(follower);
  }
  if (next.size === 0) return REFUSED;
  const sorted = [...next].sort((a, b) => a - b);
  const key = sorted.join();
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = states.push(sorted) - 1 + BEGIN;
  numbers.set(key, number);
  return number;
}
