/** Spans of positions where a match of some rule may start; both ends belong to a span. */
export interface StartSpan {
  readonly first: number;
  readonly last: number;
}

/** Longest span after joining, bytes: it bounds the window that one look costs. */
const SPAN_MOST = 32 * 1024;
/** Spans that close together share a window. */
const JOIN_WITHIN = 32;

/** Collects, per rule, where matches may start. Reused from text to text. */
export class StartCollector {
  readonly #perRule: number[][];
  readonly #touched: number[] = [];

  constructor(rules: number) {
    this.#perRule = Array.from({ length: rules }, () => []);
  }

  /** Numbers of the rules that have a span, ascending. */
  get touched(): readonly number[] {
    return this.#touched.sort((a, b) => a - b);
  }

  add(rule: number, first: number, last: number): void {
    const spans = this.#perRule[rule] as number[];
    if (spans.length === 0) this.#touched.push(rule);
    spans.push(first, last);
  }

  /** The spans of a rule within `[0, lastPlace]`, sorted, joined where they overlap or nearly touch. */
  spansOf(rule: number, lastPlace: number): StartSpan[] {
    const flat = this.#perRule[rule] as number[];
    const spans: { first: number; last: number }[] = [];
    for (let at = 0; at < flat.length; at += 2) {
      const first = Math.max(0, flat[at] as number);
      const last = Math.min(lastPlace, flat[at + 1] as number);
      if (first <= last) spans.push({ first, last });
    }
    return joinSpans(spans.sort((a, b) => a.first - b.first));
  }

  clear(): void {
    for (const rule of this.#touched) (this.#perRule[rule] as number[]).length = 0;
    this.#touched.length = 0;
  }
}

function joinSpans(sorted: readonly { first: number; last: number }[]): StartSpan[] {
  const joined: { first: number; last: number }[] = [];
  for (const span of sorted) {
    const last = joined.at(-1);
    const touches = last !== undefined && span.first <= last.last + JOIN_WITHIN;
    if (!touches) joined.push(span);
    else if (span.last > last.last) last.last = span.last;
  }
  return joined.flatMap(cutSpan);
}

function cutSpan(span: StartSpan): StartSpan[] {
  const cut: StartSpan[] = [];
  for (let first = span.first; first <= span.last; first += SPAN_MOST) {
    cut.push({ first, last: Math.min(span.last, first + SPAN_MOST - 1) });
  }
  return cut;
}
