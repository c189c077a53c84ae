import { ACCEPTED, BEGIN } from '../analyse/gate.ts';
import { GATE, GATE_COLUMNS, type Pack } from './pack.ts';
import type { StartSpan } from './starts.ts';

/** Places so near to each other share a window, although the gate refuses those between them. */
const JOIN_WITHIN = 16;

/** More than any gate reads. */
export const PASSED = 2 ** 30;

/** The gates of a pack at work. */
export class Gates {
  readonly #gates: Int32Array;
  readonly #tables: Uint16Array;
  readonly #sets: Uint8Array;
  /** 1 for gates whose table was not read yet. */
  readonly #absent: Uint8Array;
  readonly #readGate: ((gate: number) => void) | undefined;

  constructor(pack: Pack) {
    this.#gates = pack.gates;
    this.#tables = pack.gateTables;
    this.#sets = pack.sets;
    this.#readGate = pack.readGate;
    this.#absent = new Uint8Array(pack.gates.length / GATE_COLUMNS).fill(pack.readGate === undefined ? 0 : 1);
  }

  /** False: nothing that the gate stands for can match at this place. Gate -1 lets every place pass. */
  lets(gate: number, bytes: Uint8Array, place: number): boolean {
    return this.readAt(gate, bytes, place) === PASSED;
  }

  /** `PASSED`, or the number of bytes that were read from a place on before it was refused. */
  readAt(gate: number, bytes: Uint8Array, place: number): number {
    if (gate < 0) return PASSED;
    const gates = this.#gates;
    const tables = this.#tables;
    const sets = this.#sets;
    const row = gate * GATE_COLUMNS;
    const table = gates[row + GATE.table] as number;
    const classes = gates[row + GATE.classes] as number;
    const shift = gates[row + GATE.shift] as number;
    const end = Math.min(bytes.length, place + (gates[row + GATE.length] as number));
    let state = BEGIN;
    for (let at = place; at < end; at++) {
      state = tables[table + (state << shift) + (sets[classes + (bytes[at] as number)] as number)] as number;
      if (state > ACCEPTED) continue;
      if (state === ACCEPTED) return PASSED;
      // A table that was not read refuses at the first byte.
      return this.#absent[gate] === 0 ? at + 1 - place : this.#readLate(gate, bytes, place);
    }
    return end - place;
  }

  #readLate(gate: number, bytes: Uint8Array, place: number): number {
    this.#readGate?.(gate);
    this.#absent[gate] = 0;
    return this.readAt(gate, bytes, place);
  }

  /** Leaves of each span the places that a gate lets pass. Spans are sorted, and so is the result. */
  narrow(gate: number, bytes: Uint8Array, spans: readonly StartSpan[]): readonly StartSpan[] {
    if (gate < 0) return spans;
    const passed: { first: number; last: number }[] = [];
    for (const span of spans) {
      let open: { first: number; last: number } | undefined;
      for (let place = span.first; place <= span.last; place++) {
        if (!this.lets(gate, bytes, place)) continue;
        if (open !== undefined && place - open.last <= JOIN_WITHIN) open.last = place;
        else {
          open = { first: place, last: place };
          passed.push(open);
        }
      }
    }
    return passed;
  }
}
