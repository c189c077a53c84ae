import type { Range } from './line-diff.ts';

const LF = 10;
/** Shortest text that is searched for, in bytes. An empty line or a lone brace stands everywhere. */
const NEEDLE = 24;
/** Bytes before and after a place that are searched. Each new byte that was passed adds as many again. */
const NEAR = 4096;
const WIDER = 2;
/** Most places of a text that are compared before it counts as absent. */
const MOST_PLACES = 4;
/** Bytes that may be searched for each byte of the two texts. Past this the walk is given up. */
const MOST_SEARCHED = 16;
/** Bytes compared in one step: the first step, the largest, and the smallest after halving to find the difference. */
const STEP = { first: 64, most: 65_536, last: 32 };

/**
 * Walks over two texts side by side and returns the byte ranges of `next` that are not made of lines of `previous`, as
 * `rangesNotCopied` does. Uses native comparison and search only, because versions of a file differ in few places.
 * Returns undefined where that would take too long. Time is linear in every case.
 */
export function walkLines(previous: Buffer, next: Buffer): Range[] | undefined {
  const ranges: Range[] = [];
  const search = new LineSearch(previous, next);
  /**
   * Position in both texts, always at the start of a line. `expected`: the end of the last old line that was copied.
   */
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

/** Finds where the lines of one text continue in the other. */
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
   * Finds the next line, from `at` on, that the old text has, and its place there. Tries lines at growing distances,
   * then goes back from the first hit: so a large block of new lines costs few searches. Returns the end where no line
   * is found, and undefined where the search takes too long.
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

  /** Searches the old text up to `reach` bytes before and after `old`. */
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

  /** Searches whole lines in a part of the old text. Returns -1 where they are absent. */
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

  /** Goes back over equal lines before a pair of equal lines, but not past `first`. */
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

/** Counts the bytes of whole lines that are the same in both texts, from two starts of lines on. */
function copiedLines(previous: Buffer, old: number, next: Buffer, at: number): number {
  const length = commonLength(previous, old, next, at);
  if (at + length === next.length && (old + length === previous.length || next[at + length - 1] === LF)) return length;
  const end = next.lastIndexOf(LF, at + length - 1);
  return length === 0 || end < at ? 0 : end + 1 - at;
}

function commonLength(previous: Buffer, old: number, next: Buffer, at: number): number {
  const available = Math.min(previous.length - old, next.length - at);
  let length = 0;
  let step = STEP.first;
  for (let grows = true; step >= STEP.last; ) {
    const [from, other] = [at + length, old + length];
    if (length + step <= available && next.compare(previous, other, other + step, from, from + step) === 0) {
      length += step;
      if (grows) step = Math.min(step * 2, STEP.most);
    } else {
      grows = false;
      step >>= 1;
    }
  }
  while (length < available && previous[old + length] === next[at + length]) length += 1;
  return length;
}

function lineEnd(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end + 1;
}
