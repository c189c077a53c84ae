import { ACCEPTED, BEGIN, REFUSED } from '../analyse/gate.ts';
import type { Pack } from './pack.ts';
import type { StartSpan } from './starts.ts';

/** Places that share a window even though the gate refuses those between them. */
const JOIN_WITHIN = 16;

/** The gates of a pack, by the number of the rule. A rule without a gate lets every place pass. */
export class Gates {
  readonly #tables: Uint16Array;
  readonly #sets: Uint8Array;
  /** First entry of the table, first entry of the class map, width of a row, greatest length of a match; -1: no gate. */
  readonly #columns: Int32Array;

  constructor(pack: Pack) {
    this.#tables = pack.gates;
    this.#sets = pack.sets;
    this.#columns = Int32Array.from(
      pack.rules.flatMap(({ gate, length }) =>
        gate === undefined ? [-1, 0, 0, 0] : [gate.table, gate.classes << 8, gate.shift, length],
      ),
    );
  }

  /** False: the rule's pattern cannot match at this place. */
  lets(rule: number, bytes: Uint8Array, place: number): boolean {
    const columns = this.#columns;
    const table = columns[rule * 4] as number;
    if (table < 0) return true;
    const classes = columns[rule * 4 + 1] as number;
    const shift = columns[rule * 4 + 2] as number;
    const end = Math.min(bytes.length, place + (columns[rule * 4 + 3] as number));
    const sets = this.#sets;
    const tables = this.#tables;
    let state = BEGIN;
    for (let at = place; at < end; at++) {
      state = tables[table + (state << shift) + (sets[classes + (bytes[at] as number)] as number)] as number;
      if (state <= ACCEPTED) return state !== REFUSED;
    }
    return false;
  }

  /** Leaves of each span the places that the rule's gate lets pass. Spans are sorted, and so is the result. */
  narrow(rule: number, bytes: Uint8Array, spans: readonly StartSpan[]): readonly StartSpan[] {
    if ((this.#columns[rule * 4] as number) < 0) return spans;
    const passed: { first: number; last: number }[] = [];
    for (const span of spans) {
      let open: { first: number; last: number } | undefined;
      for (let place = span.first; place <= span.last; place++) {
        if (!this.lets(rule, bytes, place)) continue;
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
