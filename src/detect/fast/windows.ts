import type { Re2 } from '../../lib/linear/re2.ts';
import type { ByteRange } from '../../model/artifact.ts';
import type { CompiledRule, RuleHead } from '../../model/rule.ts';
import type { Candidate } from '../contract.ts';
import { hasContext } from '../semantics.ts';
import {
  type Expression,
  type ExpressionMaker,
  expressionsOfRe2,
  expressionsOfV8,
  linearExpressions,
} from './expressions.ts';
import type { Finder } from './finder.ts';
import type { PackedRule } from './pack.ts';
import { ProgramFinder, type ProgramParts } from './program-finder.ts';
import type { StartSpan } from './starts.ts';

/** Places that are tried one by one rather than by a search, which would look on to the end of the window. */
export const FEW_PLACES = 8;
/** Positions that one window of a sweep covers. */
const SWEEP = 32 * 1024;

/** What runners share. */
export interface RunnerParts extends ProgramParts {
  /** Where the user installed it; rules that nobody vetted run on it. */
  readonly re2?: Re2;
}

/** A rule ready to run: its expressions are made at the first candidate. */
export class RuleRunner {
  readonly #head: RuleHead;
  readonly packed: PackedRule;
  readonly #parts: RunnerParts;
  #make: ExpressionMaker = (flags) => expressionsOfV8(this.rule)(flags);
  #linear: 'never' | 'not yet' | 'own' | 're2' = 'not yet';
  #search: Expression | undefined;
  #sticky: Expression | undefined;
  #reader: Expression | undefined;

  constructor(head: RuleHead, packed: PackedRule, parts: RunnerParts) {
    this.#head = head;
    this.packed = packed;
    this.#parts = parts;
    // Only where re2 is installed and a rule is new to the build is the whole rule read so early.
    const isNew = head.digest === undefined && parts.re2 !== undefined && !this.rule.trusted;
    const re2 = isNew ? expressionsOfRe2(this.rule, parts.re2) : undefined;
    if (re2 === undefined) return;
    this.#make = re2;
    this.#linear = 're2';
  }

  /** True: it runs on re2, which needs no watch. */
  get isOnRe2(): boolean {
    return this.#linear === 're2';
  }

  /** From now on the rule runs in linear time: slower for usual texts. False where its pattern cannot. */
  goLinear(): boolean {
    if (this.#linear !== 'not yet') return this.#linear !== 'never';
    const linear = linearExpressions(this.rule);
    this.#linear = linear === undefined ? 'never' : 'own';
    if (linear === undefined) return false;
    this.#make = linear;
    [this.#search, this.#sticky, this.#reader] = [undefined, undefined, undefined];
    return true;
  }

  /** The whole rule. Lazy: most rules never meet a candidate. */
  get rule(): CompiledRule {
    return this.#head.rule();
  }

  /** Gets ready for one text: by the rule's program where it has one, else by its expression. */
  finderOn(buffer: Buffer): Finder {
    const { program } = this.packed;
    if (program === undefined || this.#linear === 'own' || this.isOnRe2) return new PatternFinder(this, buffer);
    return new ProgramFinder(this.rule, this.packed, program, this.#parts, buffer);
  }

  /**
   * The first place where a match that overlaps one at `start` can begin: only bytes that its matches may hold stand
   * between.
   */
  reachBack(bytes: Uint8Array, start: number): number {
    const { sets } = this.#parts;
    const { length, bodies } = this.packed;
    const body = (bodies[0] ?? 0) << 8;
    const earliestStart = Math.max(0, start - length + 1);
    let at = start;
    while (at > earliestStart && sets[body + (bytes[at - 1] as number)] === 1) at -= 1;
    return at;
  }

  /** Start of the first match that starts in `[first, last]` of a text, or -1. */
  find(text: string, first: number, last: number): number {
    if (last - first >= FEW_PLACES) return this.#findBySearch(text, first, last);
    this.#sticky ??= this.#make('y');
    for (let place = first; place <= last; place++) {
      this.#sticky.lastIndex = place;
      if (this.#sticky.test(text)) return place;
    }
    return -1;
  }

  #findBySearch(text: string, first: number, last: number): number {
    this.#search ??= this.#make('g');
    this.#search.lastIndex = first;
    const start = this.#search.exec(text)?.index ?? -1;
    return start <= last ? start : -1;
  }

  /** The match that starts at `place`; `origin` is the position of the text in the artifact. */
  read(text: string, place: number, origin: number): Candidate {
    this.#reader ??= this.#make('dy');
    this.#reader.lastIndex = place;
    const matched = this.#reader.exec(text);
    const spans = matched?.indices?.groups ?? {};
    const range = (span: readonly number[]): ByteRange => ({
      start: (span[0] ?? 0) + origin,
      end: (span[1] ?? 0) + origin,
    });
    const match = range(matched?.indices?.[0] ?? []);
    const groups = Object.entries(spans).flatMap(([name, span]) =>
      name === 'secret' || span === undefined ? [] : [[name, range(span)] as const],
    );
    return {
      rule: this.rule,
      match,
      secret: spans['secret'] === undefined ? match : range(spans['secret']),
      groups: Object.fromEntries(groups),
    };
  }
}

/** Matches by the expression of a rule, on windows as long as its longest match. */
class PatternFinder implements Finder {
  readonly #runner: RuleRunner;
  readonly #buffer: Buffer;
  #text = '';
  /** Where the window begins in the buffer, and the places that it is good for. */
  #origin = 0;
  #first = 0;
  #last = -1;

  constructor(runner: RuleRunner, buffer: Buffer) {
    this.#runner = runner;
    this.#buffer = buffer;
  }

  find(first: number, last: number): number {
    for (let from = first; from <= last; from += SWEEP) {
      const to = Math.min(last, from + SWEEP - 1);
      this.#open(from, to);
      const start = this.#runner.find(this.#text, from - this.#origin, to - this.#origin);
      if (start >= 0) return start + this.#origin;
    }
    return -1;
  }

  read(place: number): Candidate {
    this.#open(place, place);
    return this.#runner.read(this.#text, place - this.#origin, this.#origin);
  }

  /**
   * As far as the pattern looks back; `^` and `\b` count as one byte, so a window's start is never taken for the
   * text's.
   */
  #open(first: number, last: number): void {
    if (first >= this.#first && last <= this.#last) return;
    const { length, before, after } = this.#runner.packed;
    this.#origin = Math.max(0, first - before);
    this.#text = this.#buffer.toString('latin1', this.#origin, Math.min(this.#buffer.length, last + length + after));
    this.#first = first;
    this.#last = last;
  }
}

/** One rule over one text: the leftmost non-overlapping matches, from the places where a match may start. */
export class WindowRun {
  readonly #runner: RuleRunner;
  readonly #buffer: Buffer;
  readonly #finder: Finder;
  readonly #candidates: Candidate[] = [];
  /** Where the search over the whole text would go on now. */
  #next = 0;

  constructor(runner: RuleRunner, buffer: Buffer) {
    this.#runner = runner;
    this.#buffer = buffer;
    this.#finder = runner.finderOn(buffer);
  }

  /** `complete`: no match starts outside the spans. Spans are sorted. */
  run(spans: readonly StartSpan[], complete: boolean): readonly Candidate[] {
    for (const span of spans) {
      if (complete) this.#take(span.first, span.last);
      else this.#takeInContext(span);
    }
    return this.#candidates;
  }

  /**
   * Matches outside the spans are not known here, but one of them can overlap the first match in a span, and would then
   * come first. Where that can be, everything up to the span is searched.
   */
  #takeInContext(span: StartSpan): void {
    const first = Math.max(span.first, this.#next);
    if (first > span.last) return;
    const start = this.#finder.find(first, span.last);
    if (start < 0) return;
    const reach = Math.max(this.#next, this.#runner.reachBack(this.#buffer, start));
    const clear = this.#finder.find(reach, first - 1) < 0;
    this.#take(clear ? start : this.#next, span.last);
  }

  /** Takes the matches that start in `[first, last]`, one after the other. */
  #take(first: number, last: number): void {
    let from = Math.max(first, this.#next);
    while (from <= last) {
      const start = this.#finder.find(from, last);
      if (start < 0) return;
      const candidate = this.#finder.read(start);
      if (this.#isInContext(candidate)) this.#candidates.push(candidate);
      from = Math.max(candidate.match.end, candidate.match.start + 1);
      this.#next = from;
    }
  }

  #isInContext(candidate: Candidate): boolean {
    const { context } = this.#runner.rule;
    if (context === undefined) return true;
    const { start, end } = candidate.secret;
    const origin = Math.max(0, start - context.before);
    const text = this.#buffer.toString('latin1', origin, Math.min(this.#buffer.length, end + context.after));
    return hasContext(this.#runner.rule, text, candidate.secret, origin);
  }
}

/** One rule over the whole text, for patterns that no window can hold. */
export function runWhole(runner: RuleRunner, text: string): readonly Candidate[] {
  const candidates: Candidate[] = [];
  let from = 0;
  while (from <= text.length) {
    const start = runner.find(text, from, text.length);
    if (start < 0) break;
    const candidate = runner.read(text, start, 0);
    if (hasContext(runner.rule, text, candidate.secret)) candidates.push(candidate);
    from = Math.max(candidate.match.end, candidate.match.start + 1);
  }
  return candidates;
}
