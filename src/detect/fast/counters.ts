import type { ByteRange } from '../../model/artifact.ts';
import type { RuleHead } from '../../model/rule.ts';
import type { HitList } from '../automaton/hits.ts';
import type { Candidate } from '../contract.ts';
import { ByteMatcher } from './byte-matcher.ts';
import type { Finder } from './finder.ts';
import type { Gates } from './gates.ts';
import { ANCHOR, ANCHOR_COLUMNS, GROUP, GROUP_COLUMNS, type Pack, type PackedRule } from './pack.ts';
import { Prefilter } from './prefilter.ts';
import type { ProgramParts } from './program-finder.ts';
import { StartCollector } from './starts.ts';
import { FEW_PLACES, RuleRunner } from './windows.ts';

/** What one rule cost. */
export interface RuleCounts {
  readonly id: string;
  /** Hits of its literals. A literal of several rules counts for each of them. */
  literalHits: number;
  /** Those of them that the bytes beside the literal do not refuse; of a literal of several rules, an equal part. */
  passedHits: number;
  /** Spans of places that passed the byte tests and, where the place is known, the gate. */
  places: number;
  /** Calls of its regular expression. */
  regexCalls: number;
  /** Places where its program was tried on the bytes. */
  programRuns: number;
  matches: number;
  /** Of its hits and its expression; 0 without a clock. A hit that several rules share counts in equal parts. */
  nanoseconds: number;
}

/**
 * What a detector did, by rule. Given to a detector when it is made; without one, nothing is counted and nothing is
 * slower.
 */
export class Counters {
  /** Bytes that the automaton read. */
  bytes = 0;
  /** Hits of literals, each counted once. */
  hits = 0;
  /** Those of them that the bytes beside the literal do not refuse. */
  passedHits = 0;
  /** Milliseconds; absent: no times are taken. */
  readonly clock: (() => number) | undefined;
  readonly #rows = new Map<string, RuleCounts>();

  constructor(clock?: () => number) {
    this.clock = clock;
  }

  /** The row of a rule, made when it is asked for the first time. */
  rowOf(id: string): RuleCounts {
    const existing = this.#rows.get(id);
    if (existing !== undefined) return existing;
    const row = {
      id,
      literalHits: 0,
      passedHits: 0,
      places: 0,
      regexCalls: 0,
      programRuns: 0,
      matches: 0,
      nanoseconds: 0,
    };
    this.#rows.set(id, row);
    return row;
  }

  /** All rows, in the order of the rules. */
  get rows(): readonly RuleCounts[] {
    return [...this.#rows.values()];
  }
}

/** The parts of an engine that count. They do what the plain ones do, and more slowly. */
export class CountingParts {
  readonly #counters: Counters;
  readonly #rows: readonly RuleCounts[];
  readonly starts: StartCollector;
  readonly prefilter: Prefilter;
  readonly #parts: CountingProgramParts;

  constructor(pack: Pack, gates: Gates, counters: Counters) {
    this.#counters = counters;
    this.#rows = pack.rules.map(({ id }) => counters.rowOf(id));
    this.starts = new CountingStarts(this.#rows);
    this.#parts = { matcher: new CountingMatcher(pack), gates, sets: pack.sets };
    this.prefilter = new CountingPrefilter(pack, gates, counters, this.#rows);
  }

  countRegions(regions: readonly ByteRange[]): void {
    for (const { start, end } of regions) this.#counters.bytes += end - start;
  }

  createRunner(head: RuleHead, packed: PackedRule): RuleRunner {
    return new CountingRunner(head, packed, this.#parts, this.#counters.rowOf(head.id));
  }

  /** Runs the work of one rule on one text, and takes its time. */
  time<T>(rule: number, work: () => T): T {
    const { clock } = this.#counters;
    const started = clock?.() ?? 0;
    const result = work();
    const row = this.#rows[rule];
    if (clock !== undefined && row !== undefined) row.nanoseconds += (clock() - started) * NANOSECONDS;
    return result;
  }
}

const NANOSECONDS = 1e6;

class CountingStarts extends StartCollector {
  readonly #rows: readonly RuleCounts[];

  constructor(rows: readonly RuleCounts[]) {
    super(rows.length);
    this.#rows = rows;
  }

  override add(rule: number, first: number, last: number): void {
    (this.#rows[rule] as RuleCounts).places += 1;
    super.add(rule, first, last);
  }
}

class CountingMatcher extends ByteMatcher {
  runs = 0;

  override match(program: number, bytes: Uint8Array, place: number): number {
    this.runs += 1;
    return super.match(program, bytes, place);
  }
}

type CountingProgramParts = ProgramParts & { readonly matcher: CountingMatcher };

class CountingRunner extends RuleRunner {
  readonly #row: RuleCounts;
  readonly #matcher: CountingMatcher;

  constructor(head: RuleHead, packed: PackedRule, parts: CountingProgramParts, row: RuleCounts) {
    super(head, packed, parts);
    this.#row = row;
    this.#matcher = parts.matcher;
  }

  override finderOn(buffer: Buffer): Finder {
    const finder = super.finderOn(buffer);
    if (this.packed.program === undefined) return finder;
    return {
      find: (first, last) => {
        const before = this.#matcher.runs;
        const place = finder.find(first, last);
        this.#row.programRuns += this.#matcher.runs - before;
        return place;
      },
      read: (place) => {
        this.#row.matches += 1;
        return finder.read(place);
      },
    };
  }

  override find(text: string, first: number, last: number): number {
    const start = super.find(text, first, last);
    const tried = (start < 0 ? last : start) - first + 1;
    this.#row.regexCalls += last - first >= FEW_PLACES ? 1 : tried;
    return start;
  }

  override read(text: string, place: number, origin: number): Candidate {
    this.#row.matches += 1;
    return super.read(text, place, origin);
  }
}

class CountingPrefilter extends Prefilter {
  readonly #pack: Pack;
  readonly #counters: Counters;
  /** Per literal, the rows of its rules. */
  readonly #rowsOf: readonly (readonly RuleCounts[])[];

  constructor(pack: Pack, gates: Gates, counters: Counters, rows: readonly RuleCounts[]) {
    super(pack, gates);
    this.#pack = pack;
    this.#counters = counters;
    this.#rowsOf = rulesByLiteral(pack).map((rules) => rules.map((rule) => rows[rule] as RuleCounts));
  }

  /** With a clock, the hits of each state are processed together, so that their time can be measured. */
  override collect(...[bytes, hits, wants, starts, isVersion]: Parameters<Prefilter['collect']>): number {
    const counters = this.#counters;
    const states = groupByState(hits);
    for (const [state, places] of states) this.#count(bytes, state, places);
    if (counters.clock === undefined) return super.collect(bytes, hits, wants, starts, isVersion);
    let marks = 0;
    for (const [state, places] of states) {
      hits.clear();
      for (const place of places) hits.add(place, state);
      const started = counters.clock();
      marks |= super.collect(bytes, hits, wants, starts, isVersion);
      this.#addTime(state, (counters.clock() - started) * NANOSECONDS);
    }
    return marks;
  }

  #count(bytes: Uint8Array, state: number, ends: readonly number[]): void {
    for (const literal of literalsOf(this.#pack, state)) {
      const length = this.#pack.literalLengths[literal] as number;
      const passed = ends.filter((end) => this.passesHitTests(bytes, literal, end - length)).length;
      this.#counters.hits += ends.length;
      this.#counters.passedHits += passed;
      const rows = this.#rowsOf[literal] ?? [];
      for (const row of rows) {
        row.literalHits += ends.length;
        row.passedHits += passed / rows.length;
      }
    }
  }

  #addTime(state: number, nanoseconds: number): void {
    const rows = [...literalsOf(this.#pack, state)].flatMap((literal) => this.#rowsOf[literal] ?? []);
    for (const row of rows) row.nanoseconds += nanoseconds / rows.length;
  }
}

function groupByState(hits: HitList): ReadonlyMap<number, readonly number[]> {
  const states = new Map<number, number[]>();
  for (let hit = 0; hit < hits.size; hit++) {
    const places = states.get(hits.stateAt(hit));
    if (places === undefined) states.set(hits.stateAt(hit), [hits.positionAt(hit)]);
    else places.push(hits.positionAt(hit));
  }
  return states;
}

function literalsOf({ automaton }: Pack, state: number): Uint32Array {
  const { outputs, outputStarts, firstOutput } = automaton;
  return outputs.subarray(outputStarts[state - firstOutput], outputStarts[state - firstOutput + 1]);
}

/** Per literal of a pack, the numbers of the rules that it is a literal of. */
function rulesByLiteral({ literalLengths, groupStarts, groups, anchors }: Pack): readonly (readonly number[])[] {
  return Array.from(literalLengths, (_, literal) => {
    const rules = new Set<number>();
    for (let group = groupStarts[literal] as number; group < (groupStarts[literal + 1] as number); group++) {
      const end = groups[group * GROUP_COLUMNS + GROUP.endOfAnchors] as number;
      for (let anchor = groups[group * GROUP_COLUMNS + GROUP.firstAnchor] as number; anchor < end; anchor++) {
        rules.add(anchors[anchor * ANCHOR_COLUMNS + ANCHOR.rule] as number);
      }
    }
    return [...rules];
  });
}
