import type { HitList } from '../automaton/hits.ts';
import type { Gates } from './gates.ts';
import { ANCHOR_COLUMNS, type Pack, RUN_COLUMNS, TEST_COLUMNS } from './pack.ts';
import type { StartCollector } from './starts.ts';

/** Says whether a rule, by its number, looks at the artifact at all. Asked once per rule and artifact. */
export type RuleFilter = (rule: number) => boolean;

const UNKNOWN = 0;
const YES = 1;
const NO = 2;
/** Places of one hit that go through the gate at once; more of them are joined with those of other hits first. */
const GATE_AT_ONCE = 48;

/** Turns hits of literals into places where a match may start. Allocates nothing per hit. */
export class Prefilter {
  readonly #pack: Pack;
  readonly #gates: Gates;
  /** Whether each rule takes part in the current artifact. */
  readonly #wanted: Uint8Array;

  constructor(pack: Pack, gates: Gates) {
    this.#pack = pack;
    this.#gates = gates;
    this.#wanted = new Uint8Array(pack.rules.length);
  }

  /** Adds the places of one artifact: those that pass the byte tests of an anchor, and then the rule's gate. */
  collect(bytes: Uint8Array, hits: HitList, wants: RuleFilter, starts: StartCollector): void {
    const { automaton, literalLengths } = this.#pack;
    const { outputStarts, outputs, firstOutput } = automaton;
    const { size } = hits;
    this.#wanted.fill(UNKNOWN);
    for (let hit = 0; hit < size; hit++) {
      const end = hits.positionAt(hit);
      const state = hits.stateAt(hit) - firstOutput;
      const last = outputStarts[state + 1] as number;
      for (let output = outputStarts[state] as number; output < last; output++) {
        const literal = outputs[output] as number;
        this.#tryAnchors(bytes, literal, end - (literalLengths[literal] as number), wants, starts);
      }
    }
  }

  /** `at`: where the literal begins. */
  #tryAnchors(bytes: Uint8Array, literal: number, at: number, wants: RuleFilter, starts: StartCollector): void {
    const { anchors, anchorStarts } = this.#pack;
    const last = (anchorStarts[literal + 1] as number) * ANCHOR_COLUMNS;
    for (let row = (anchorStarts[literal] as number) * ANCHOR_COLUMNS; row < last; row += ANCHOR_COLUMNS) {
      const rule = anchors[row] as number;
      if (this.#wanted[rule] !== YES && !this.#wants(rule, wants)) continue;
      if (!this.#passesTests(bytes, at, anchors[row + 3] as number, anchors[row + 4] as number)) continue;
      const run = anchors[row + 5] as number;
      if (run >= 0 && !this.#passesRun(bytes, at, run)) continue;
      this.#add(rule, bytes, at - (anchors[row + 2] as number), at - (anchors[row + 1] as number), starts);
    }
  }

  #wants(rule: number, wants: RuleFilter): boolean {
    if (this.#wanted[rule] === UNKNOWN) this.#wanted[rule] = wants(rule) ? YES : NO;
    return this.#wanted[rule] === YES;
  }

  #add(rule: number, bytes: Uint8Array, first: number, last: number, starts: StartCollector): void {
    if (last - first > GATE_AT_ONCE) {
      starts.add(rule, first, last);
      return;
    }
    for (let place = Math.max(0, first); place <= last; place++) {
      if (this.#gates.lets(rule, bytes, place)) starts.add(rule, place, place);
    }
  }

  #passesTests(bytes: Uint8Array, at: number, first: number, end: number): boolean {
    const { tests, sets } = this.#pack;
    for (let row = first * TEST_COLUMNS; row < end * TEST_COLUMNS; row += TEST_COLUMNS) {
      const from = at + (tests[row] as number);
      const to = from + (tests[row + 1] as number);
      const set = (tests[row + 2] as number) << 8;
      if (from < 0 || to > bytes.length) {
        if (tests[row + 3] === 1) continue;
        return false;
      }
      for (let place = from; place < to; place++) if (sets[set + (bytes[place] as number)] === 0) return false;
    }
    return true;
  }

  /** Looks at every `count`-th byte only: a run of that length cannot lie between two of them. */
  #passesRun(bytes: Uint8Array, at: number, run: number): boolean {
    const { runs, sets } = this.#pack;
    const row = run * RUN_COLUMNS;
    const count = runs[row + 2] as number;
    const set = (runs[row + 3] as number) << 8;
    const least = Math.max(0, at + (runs[row] as number));
    const end = Math.min(bytes.length, at + (runs[row + 1] as number));
    let probe = least + count - 1;
    while (probe < end) {
      if (sets[set + (bytes[probe] as number)] === 0) {
        probe += count;
        continue;
      }
      let first = probe;
      while (first > least && sets[set + (bytes[first - 1] as number)] === 1) first -= 1;
      let last = probe + 1;
      while (last < end && last - first < count && sets[set + (bytes[last] as number)] === 1) last += 1;
      if (last - first >= count) return true;
      probe = last + count;
    }
    return false;
  }
}
