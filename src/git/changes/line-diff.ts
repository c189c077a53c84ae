const NEWLINE = 0x0a;
const RETURN = 0x0d;
const MAX_EDITS = 1_000;
const MAX_LINES = 200_000;

/** Half-open byte range. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the byte ranges of the lines in `next` that `previous` does not have. They are in order and do not touch. A
 * line that only moved counts as added, as in `git diff`. Over 1,000 edits or 200,000 lines an exact answer takes too
 * long: then everything between the first and the last difference counts as added. So the answer may hold more than
 * what is new, never less.
 */
export function addedRanges(previous: Uint8Array, next: Uint8Array): Range[] {
  const old = splitLines(previous).texts;
  const { texts: now, starts } = splitLines(next);
  const head = commonHead(old, now);
  const tail = commonTail(old, now, head);
  const added = addedBetween(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const ranges: Range[] = [];
  let run = -1;
  for (let i = 0; i <= added.length; i += 1) {
    if (added[i] === 1) {
      if (run < 0) run = i;
      continue;
    }
    if (run >= 0) ranges.push({ start: starts[head + run] as number, end: starts[head + i] as number });
    run = -1;
  }
  return ranges;
}

/** Returns what both lists of ranges cover. For a merge: the lines that it has and none of its parents has. */
export function intersectRanges(a: readonly Range[], b: readonly Range[]): Range[] {
  const result: Range[] = [];
  let j = 0;
  for (const range of a) {
    while (j > 0 && (b[j]?.start ?? Number.POSITIVE_INFINITY) > range.start) j -= 1;
    for (; j < b.length && (b[j] as Range).start < range.end; j += 1) {
      const other = b[j] as Range;
      const start = Math.max(range.start, other.start);
      const end = Math.min(range.end, other.end);
      if (start < end) result.push({ start, end });
    }
  }
  return result;
}

/**
 * Splits a text into lines without their line ends, one character per byte. `starts` has the byte where each line
 * begins, and the length as one more entry. Line ends do not count: a text that only changes from CRLF to LF, or gets
 * its last newline, adds nothing.
 */
function splitLines(bytes: Uint8Array): { readonly texts: string[]; readonly starts: number[] } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const texts: string[] = [];
  const starts: number[] = [0];
  let start = 0;
  while (start < buffer.length) {
    const newline = buffer.indexOf(NEWLINE, start);
    const end = newline < 0 ? buffer.length : newline;
    texts.push(buffer.toString('latin1', start, buffer[end - 1] === RETURN && end > start ? end - 1 : end));
    start = newline < 0 ? end : end + 1;
    starts.push(start);
  }
  return { texts, starts };
}

function commonHead(a: readonly string[], b: readonly string[]): number {
  const shorter = Math.min(a.length, b.length);
  let count = 0;
  while (count < shorter && a[count] === b[count]) count += 1;
  return count;
}

function commonTail(a: readonly string[], b: readonly string[], head: number): number {
  const longestTail = Math.min(a.length, b.length) - head;
  let count = 0;
  while (count < longestTail && a[a.length - 1 - count] === b[b.length - 1 - count]) count += 1;
  return count;
}

/** Marks every line of `now` that is added with 1. Lines that occur on one side only are decided before the search. */
function addedBetween(old: readonly string[], now: readonly string[]): Uint8Array {
  const added = new Uint8Array(now.length).fill(1);
  if (old.length + now.length > MAX_LINES) return added;
  const oldSet = new Set(old);
  const nowSet = new Set(now);
  const a = old.filter((line) => nowSet.has(line));
  const lines: number[] = [];
  for (const [i, line] of now.entries()) if (oldSet.has(line)) lines.push(i);
  const b = lines.map((i) => now[i] as string);
  for (const index of matchLines(a, b)) added[lines[index] as number] = 0;
  return added;
}

/**
 * Positions in `b` of a longest common subsequence (Myers 1986, "An O(ND) Difference Algorithm"). Empty over the limit.
 */
function matchLines(a: readonly string[], b: readonly string[]): number[] {
  const limit = Math.min(a.length + b.length, MAX_EDITS);
  const reach = new Int32Array(2 * limit + 3);
  const origin = limit + 1;
  const trace: Int32Array[] = [];
  for (let edits = 0; edits <= limit; edits += 1) {
    trace.push(reach.slice(origin - edits - 1, origin + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const x = advance(a, b, stepFrom(reach, origin, edits, k), k);
      reach[origin + k] = x;
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a, b);
    }
  }
  return [];
}

function stepFrom(reach: Int32Array, origin: number, edits: number, k: number): number {
  const below = reach[origin + k - 1] as number;
  const above = reach[origin + k + 1] as number;
  return k === -edits || (k !== edits && below < above) ? above : below + 1;
}

function advance(a: readonly string[], b: readonly string[], from: number, k: number): number {
  let x = from;
  while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
  return x;
}

function walkBack(trace: readonly Int32Array[], a: readonly string[], b: readonly string[]): number[] {
  const matched: number[] = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] as Int32Array;
    const origin = edits + 1;
    const k = x - y;
    const start = edits === 0 ? 0 : stepFrom(reach, origin, edits, k);
    while (x > start && y > start - k) {
      x -= 1;
      y -= 1;
      matched.push(y);
    }
    const down = k === -edits || (k !== edits && (reach[origin + k - 1] as number) < (reach[origin + k + 1] as number));
    if (edits > 0) {
      if (down) y -= 1;
      else x -= 1;
    }
  }
  return matched;
}
