import type { ByteRange } from '../../model/artifact.ts';
import type { CompiledRule } from '../../model/rule.ts';
import type { Candidate } from '../contract.ts';
import { hasContext } from '../semantics.ts';
import type { PackedRule } from './pack.ts';
import type { StartSpan } from './starts.ts';

/** Places that are tried one by one rather than by a search, which would look on to the end of the window. */
export const FEW_PLACES = 8;
/** Positions that one window of a sweep covers. */
const SWEEP = 32 * 1024;

/** A rule ready to run: its expressions are made at the first candidate. */
export class RuleRunner {
  readonly rule: CompiledRule;
  readonly packed: PackedRule;
  #search: RegExp | undefined;
  #sticky: RegExp | undefined;
  #reader: RegExp | undefined;

  constructor(rule: CompiledRule, packed: PackedRule) {
    this.rule = rule;
    this.packed = packed;
  }

  /** Start of the first match that starts in `[first, last]` of a text, or -1. */
  find(text: string, first: number, last: number): number {
    if (last - first >= FEW_PLACES) return this.#findBySearch(text, first, last);
    this.#sticky ??= this.#compile('y');
    for (let place = first; place <= last; place++) {
      this.#sticky.lastIndex = place;
      if (this.#sticky.test(text)) return place;
    }
    return -1;
  }

  #findBySearch(text: string, first: number, last: number): number {
    this.#search ??= this.#compile('g');
    this.#search.lastIndex = first;
    const start = this.#search.exec(text)?.index ?? -1;
    return start <= last ? start : -1;
  }

  /** The match that starts at `place`; `origin` is the position of the text in the artifact. */
  read(text: string, place: number, origin: number): Candidate {
    this.#reader ??= this.#compile('dy');
    this.#reader.lastIndex = place;
    const found = this.#reader.exec(text);
    const spans = found?.indices?.groups ?? {};
    const range = (span: readonly number[]): ByteRange => ({
      start: (span[0] ?? 0) + origin,
      end: (span[1] ?? 0) + origin,
    });
    const match = range(found?.indices?.[0] ?? []);
    const groups = Object.entries(spans).filter(([name, span]) => name !== 'secret' && span !== undefined);
    return {
      rule: this.rule,
      match,
      secret: spans['secret'] === undefined ? match : range(spans['secret']),
      groups: Object.fromEntries(groups.map(([name, span]) => [name, range(span)])),
    };
  }

  #compile(flags: string): RegExp {
    return new RegExp(this.rule.pattern, this.rule.ignoreCase ? `${flags}i` : flags);
  }
}

/** One rule over one text: the leftmost non-overlapping matches, from the places where a match may start. */
export class WindowRun {
  readonly #runner: RuleRunner;
  readonly #buffer: Buffer;
  readonly #found: Candidate[] = [];
  /** Where the search over the whole text would go on now. */
  #next = 0;

  constructor(runner: RuleRunner, buffer: Buffer) {
    this.#runner = runner;
    this.#buffer = buffer;
  }

  /** `complete`: no match starts outside the spans. Spans are sorted. */
  run(spans: readonly StartSpan[], complete: boolean): readonly Candidate[] {
    for (const span of spans) {
      if (complete) this.#take(span.first, span.last);
      else this.#takeInContext(span);
    }
    return this.#found;
  }

  /**
   * Matches outside the spans are not known here, but one of them can overlap the first match in a span, and would then come
   * first. Where that can be, everything up to the span is searched.
   */
  #takeInContext(span: StartSpan): void {
    const first = Math.max(span.first, this.#next);
    if (first > span.last) return;
    const start = this.#firstMatch(first, span.last);
    if (start < 0) return;
    const reach = Math.max(this.#next, start - this.#runner.packed.length + 1);
    const clear = this.#firstMatch(reach, first - 1) < 0;
    this.#take(clear ? start : this.#next, span.last);
  }

  #firstMatch(first: number, last: number): number {
    for (let from = first; from <= last; from += SWEEP) {
      const to = Math.min(last, from + SWEEP - 1);
      const origin = this.#originOf(from);
      const start = this.#runner.find(this.#window(origin, to), from - origin, to - origin);
      if (start >= 0) return start + origin;
    }
    return -1;
  }

  /** Takes the matches that start in `[first, last]`, one after the other. */
  #take(first: number, last: number): void {
    for (let from = first; from <= last; from += SWEEP) this.#takeWindow(from, Math.min(last, from + SWEEP - 1));
  }

  #takeWindow(first: number, last: number): void {
    let from = Math.max(first, this.#next);
    if (from > last) return;
    const origin = this.#originOf(from);
    const text = this.#window(origin, last);
    while (from <= last) {
      const start = this.#runner.find(text, from - origin, last - origin);
      if (start < 0) return;
      const candidate = this.#runner.read(text, start, origin);
      if (this.#isInContext(candidate)) this.#found.push(candidate);
      from = Math.max(candidate.match.end, candidate.match.start + 1);
      this.#next = from;
    }
  }

  /** As far as the pattern looks back; `^` and `\b` count as one byte, so a window's start is never taken for the text's. */
  #originOf(first: number): number {
    return Math.max(0, first - this.#runner.packed.before);
  }

  #window(origin: number, last: number): string {
    const { length, after } = this.#runner.packed;
    return this.#buffer.toString('latin1', origin, Math.min(this.#buffer.length, last + length + after));
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
  const found: Candidate[] = [];
  let from = 0;
  while (from <= text.length) {
    const start = runner.find(text, from, text.length);
    if (start < 0) break;
    const candidate = runner.read(text, start, 0);
    if (hasContext(runner.rule, text, candidate.secret)) found.push(candidate);
    from = Math.max(candidate.match.end, candidate.match.start + 1);
  }
  return found;
}
