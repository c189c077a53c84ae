import type { Range } from './line-diff.ts';

const LF = 10;
/** Bytes looked for, at least: an empty line or a lone brace is everywhere. */
const NEEDLE = 24;
/** Bytes before and after a place that are searched, and so much more for each new byte that was passed. */
const NEAR = 4096;
const WIDER = 2;
/** Places of a text that are looked at before it counts as not there. */
const MOST_PLACES = 4;
/** Bytes searched for each byte of the two texts, before a walk is given up. */
const MOST_SEARCHED = 16;
/** Bytes compared at first and at most; then halved until the difference is found. */
const STEP = { first: 64, most: 65_536, last: 32 };

/**
 * Walks over two texts side by side and returns the byte ranges of `next` that are not made of lines of `previous`, as
 * `rangesNotCopied` promises. Compares and searches with native code only: versions of a file differ in few places.
 * Undefined where that would take too long; the time is linear all the same.
 */
export function walkLines(previous: Buffer, next: Buffer): Range[] | undefined {
  const ranges: Range[] = [];
  const search = new LineSearch(previous, next);
  /** Where the walk is in both, at starts of lines; `expected`: what follows the last old line. */
  let [old, at, expected] = [0, 0, 0];
  let run = -1;
  while (at < next.length) {
    const copied = copiedLines(previous, old, next, at);
    if (copied > 0) {
      if (run >= 0) ranges.push({ start: run, end: at });
      else if (old !== expected) ranges.push({ start: at, end: at });
      [run, old, at] = [-1, old + copied, at + copied];
      expected = old;
      continue;
    }
    const match = search.after(at, old);
    if (match === undefined) return undefined;
    if (match.at > at && run < 0) run = at;
    [old, at] = [match.old, match.at];
  }
  if (run >= 0) ranges.push({ start: run, end: at });
  else if (expected !== previous.length) ranges.push({ start: at, end: at });
  return ranges;
}

/** Finds where lines of the one text go on in the other. */
class LineSearch {
  readonly #previous: Buffer;
  readonly #next: Buffer;
  #searchBudget: number;

  constructor(previous: Buffer, next: Buffer) {
    this.#previous = previous;
    this.#next = next;
    this.#searchBudget = MOST_SEARCHED * (previous.length + next.length);
  }

  /**
   * The next line, from `at` on, that the old text has, and where. Looks at ever fewer lines, and back from the first
   * one that is found: a large block of new lines costs few searches. The end where none is found; undefined: too long.
   */
  after(at: number, old: number): { at: number; old: number } | undefined {
    const next = this.#next;
    for (let line = at, step = 1; line < next.length; step += step >> 1 || 1) {
      const match = this.#find(line, old, NEAR + WIDER * (line - at));
      if (this.#searchBudget < 0) return undefined;
      if (match >= 0) return this.#back(at, line, match);
      for (let passed = 0; passed < step && line < next.length; passed += 1) line = lineEnd(next, line);
    }
    return { at: next.length, old };
  }

  /** `reach`: how far before and after `old`. */
  #find(line: number, old: number, reach: number): number {
    const next = this.#next;
    const end = lineEnd(next, line);
    let last = end;
    while (last - line < NEEDLE && last < next.length) last = lineEnd(next, last);
    const wide = this.#findText(line, last, old, old + reach);
    if (wide >= 0) return wide;
    const before = this.#findText(line, last, Math.max(0, old - reach), old);
    return before >= 0 || last === end ? before : this.#findText(line, end, old, old + reach);
  }

  /** Whole lines, from one place of the old text to another; -1: not there. */
  #findText(from: number, end: number, start: number, stop: number): number {
    const previous = this.#previous;
    const text = this.#next.subarray(from, end);
    const near = previous.subarray(start, Math.min(previous.length, stop + text.length));
    const whole = this.#next[end - 1] === LF;
    for (let tried = 0, at = 0; tried < MOST_PLACES; tried += 1) {
      const index = near.indexOf(text, at);
      this.#searchBudget -= (index < 0 ? near.length : index) - at + NEEDLE;
      if (index < 0) return -1;
      const old = start + index;
      const isLine = old === 0 || previous[old - 1] === LF;
      if (isLine && (whole || old + text.length === previous.length)) return old;
      at = index + 1;
    }
    return -1;
  }

  /** Lines before a pair of equal lines may be equal, too. `first`: how far back. */
  #back(first: number, at: number, old: number): { at: number; old: number } {
    let back = 0;
    while (at - back > first && old - back > 0 && this.#next[at - back - 1] === this.#previous[old - back - 1])
      back += 1;
    let start = at - back;
    const isStart = (): boolean => start === first || this.#next[start - 1] === LF;
    const isOldStart = (): boolean => old - at + start === 0 || this.#previous[old - at + start - 1] === LF;
    while (start < at && !(isStart() && isOldStart())) start += 1;
    return { at: start, old: old - at + start };
  }
}

/** How many bytes from two starts of lines on are the same whole lines. */
function copiedLines(previous: Buffer, old: number, next: Buffer, at: number): number {
  const length = commonLength(previous, old, next, at);
  if (at + length === next.length && (old + length === previous.length || next[at + length - 1] === LF)) return length;
  const end = next.lastIndexOf(LF, at + length - 1);
  return length === 0 || end < at ? 0 : end + 1 - at;
}

function commonLength(previous: Buffer, old: number, next: Buffer, at: number): number {
  const most = Math.min(previous.length - old, next.length - at);
  let length = 0;
  let step = STEP.first;
  for (let grows = true; step >= STEP.last; ) {
    const [from, other] = [at + length, old + length];
    if (length + step <= most && next.compare(previous, other, other + step, from, from + step) === 0) {
      length += step;
      if (grows) step = Math.min(step * 2, STEP.most);
    } else {
      grows = false;
      step >>= 1;
    }
  }
  while (length < most && previous[old + length] === next[at + length]) length += 1;
  return length;
}

function lineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end + 1;
}
