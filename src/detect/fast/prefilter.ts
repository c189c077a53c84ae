import type { HitList } from '../automaton/hits.ts';
import { type Gates, PASSED } from './gates.ts';
import { type FarMarks, GLANCE, markFarRows } from './lineage.ts';
import {
  ANCHOR,
  ANCHOR_COLUMNS,
  GROUP,
  GROUP_COLUMNS,
  HIT,
  HIT_COLUMNS,
  HIT_TEST_COLUMNS,
  type Pack,
  RUN,
  RUN_COLUMNS,
  TEST,
  TEST_COLUMNS,
} from './pack.ts';
import type { StartCollector } from './starts.ts';

/** Says whether a rule, by its number, looks at the artifact at all. Asked once per rule and artifact. */
export type RuleFilter = (rule: number) => boolean;

const UNKNOWN = 0;
const YES = 1;
const NO = 2;
/**
 * Most places of one hit that go through the gate at once. If there are more, they are first merged with those of other
 * hits.
 */
const PLACES_AT_ONCE = 48;

/** Turns hits of literals into places where a match may start. Allocates nothing per hit. */
export class Prefilter {
  readonly #pack: Pack;
  readonly #gates: Gates;
  /** Whether each rule looks at the current artifact. */
  readonly #wanted: Uint8Array;
  /** Made at the first version of a text. Single texts need no marks. */
  #far: FarMarks | undefined;
  /** The marks while a version is read. */
  #marks: FarMarks | undefined;
  /** Far-reaching rules that may match in the current artifact. */
  #seen = 0;

  constructor(pack: Pack, gates: Gates) {
    this.#pack = pack;
    this.#gates = gates;
    this.#wanted = new Uint8Array(pack.rules.length);
  }

  /**
   * Adds the places of one artifact: those that pass the byte tests of an anchor, and then the rule's gate. Returns the
   * groups of far-reaching rules that may match, judged by a glance; 0 if `isVersion` is false.
   */
  collect(bytes: Uint8Array, hits: HitList, wants: RuleFilter, starts: StartCollector, isVersion: boolean): number {
    this.#marks = isVersion ? this.#markRows() : undefined;
    const { automaton, literalLengths } = this.#pack;
    const { outputStarts, outputs, firstOutput } = automaton;
    const { size } = hits;
    this.#wanted.fill(UNKNOWN);
    this.#seen = 0;
    for (let hit = 0; hit < size; hit++) {
      const end = hits.positionAt(hit);
      const state = hits.stateAt(hit) - firstOutput;
      const last = outputStarts[state + 1] as number;
      for (let output = outputStarts[state] as number; output < last; output++) {
        const literal = outputs[output] as number;
        const at = end - (literalLengths[literal] as number);
        if (this.passesHitTests(bytes, literal, at)) this.#tryGroups(bytes, literal, at, wants, starts);
      }
    }
    return this.#seen;
  }

  #markRows(): FarMarks {
    this.#far ??= markFarRows(this.#pack);
    return this.#far;
  }

  /**
   * Tests that every match with this literal at this place passes. They look only at near bytes: a change of one of
   * them brings the literal into the margin that is scanned again, so a refused hit need not be remembered.
   */
  protected passesHitTests(bytes: Uint8Array, literal: number, at: number): boolean {
    const { hitTests, sets } = this.#pack;
    const end = (literal + 1) * HIT_COLUMNS;
    for (let row = literal * HIT_COLUMNS; row < end; row += HIT_TEST_COLUMNS) {
      const set = hitTests[row + HIT.set] as number;
      if (set < 0) return true;
      const place = at + (hitTests[row + HIT.offset] as number);
      if (place >= 0 && place < bytes.length && sets[set + (bytes[place] as number)] === 0) return false;
    }
    return true;
  }

  /** `at`: where the literal begins. */
  #tryGroups(bytes: Uint8Array, literal: number, at: number, wants: RuleFilter, starts: StartCollector): void {
    const { groups, groupStarts, sets } = this.#pack;
    const marks = this.#marks;
    const last = (groupStarts[literal + 1] as number) * GROUP_COLUMNS;
    for (let row = (groupStarts[literal] as number) * GROUP_COLUMNS; row < last; row += GROUP_COLUMNS) {
      const first = at - (groups[row + GROUP.greatest] as number);
      const end = at - (groups[row + GROUP.least] as number);
      const far = marks === undefined ? 0 : (marks.bits[row / GROUP_COLUMNS] as number);
      if (far !== 0 && marks?.near[row / GROUP_COLUMNS] === 0) this.#seen |= far;
      if (end - first > PLACES_AT_ONCE) {
        this.#seen |= far;
        this.#tryAnchors(bytes, row, at, first, end, wants, starts);
        continue;
      }
      const earliest = this.#leadStart(bytes, groups[row + GROUP.lead] as number, Math.max(first, 0), at);
      const begins = groups[row + GROUP.begins] as number;
      for (let place = end; place >= earliest; place--) {
        if (sets[begins + (bytes[place] as number)] === 0) continue;
        const read = this.#gates.readAt(groups[row + GROUP.gate] as number, bytes, place);
        if (read >= GLANCE) this.#seen |= far;
        if (read < PASSED) continue;
        this.#tryAnchors(bytes, row, at, place, place, wants, starts);
      }
    }
  }

  /**
   * Earliest place, not before `first`, from which all bytes up to the literal are bytes that a match can contain
   * there.
   */
  #leadStart(bytes: Uint8Array, lead: number, first: number, at: number): number {
    const { sets } = this.#pack;
    if (first >= at) return first;
    let start = at;
    while (start > first && sets[(lead << 8) + (bytes[start - 1] as number)] === 1) start -= 1;
    return start;
  }

  /** Tries the anchors of a group for the places `[first, last]`. */
  #tryAnchors(
    bytes: Uint8Array,
    group: number,
    at: number,
    first: number,
    last: number,
    wants: RuleFilter,
    starts: StartCollector,
  ): void {
    const { groups, anchors, rules } = this.#pack;
    const end = (groups[group + GROUP.endOfAnchors] as number) * ANCHOR_COLUMNS;
    for (let row = (groups[group + GROUP.firstAnchor] as number) * ANCHOR_COLUMNS; row < end; row += ANCHOR_COLUMNS) {
      const rule = anchors[row + ANCHOR.rule] as number;
      if (this.#wanted[rule] !== YES && !this.#wants(rule, wants)) continue;
      if (
        !this.#passesTests(
          bytes,
          at,
          anchors[row + ANCHOR.firstTest] as number,
          anchors[row + ANCHOR.endOfTests] as number,
        )
      )
        continue;
      const run = anchors[row + ANCHOR.run] as number;
      if (run >= 0 && !this.#passesRun(bytes, at, run)) continue;
      if (first < last || this.#gates.lets(rules[rule]?.gate ?? -1, bytes, first)) starts.add(rule, first, last);
    }
  }

  #wants(rule: number, wants: RuleFilter): boolean {
    if (this.#wanted[rule] === UNKNOWN) this.#wanted[rule] = wants(rule) ? YES : NO;
    return this.#wanted[rule] === YES;
  }

  #passesTests(bytes: Uint8Array, at: number, first: number, end: number): boolean {
    const { tests, sets } = this.#pack;
    for (let row = first * TEST_COLUMNS; row < end * TEST_COLUMNS; row += TEST_COLUMNS) {
      const from = at + (tests[row + TEST.offset] as number);
      const to = from + (tests[row + TEST.count] as number);
      const set = (tests[row + TEST.set] as number) << 8;
      if (from < 0 || to > bytes.length) {
        if (tests[row + TEST.isLenient] === 1) continue;
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
    const count = runs[row + RUN.count] as number;
    const set = (runs[row + RUN.set] as number) << 8;
    const earliest = Math.max(0, at + (runs[row + RUN.from] as number));
    const end = Math.min(bytes.length, at + (runs[row + RUN.to] as number));
    let probe = earliest + count - 1;
    while (probe < end) {
      if (sets[set + (bytes[probe] as number)] === 0) {
        probe += count;
        continue;
      }
      let first = probe;
      while (first > earliest && sets[set + (bytes[first - 1] as number)] === 1) first -= 1;
      let last = probe + 1;
      while (last < end && last - first < count && sets[set + (bytes[last] as number)] === 1) last += 1;
      if (last - first >= count) return true;
      probe = last + count;
    }
    return false;
  }
}
