import type { Range } from './line-diff.ts';
import { walkLines } from './line-walk.ts';

const LF = 10;
/** Above this number of lines, everything counts as new. */
const MOST_LINES = 500_000;
/** Two versions whose first and last difference are no farther apart than this (in bytes) are near enough. */
const NEAR_ENOUGH = 4096;
/** Most lines with the same hash that are compared. */
const MOST_ALIKE = 16;

/**
 * Returns the byte ranges of `next` that are not made of lines of `previous`, in order. An empty range marks a seam:
 * the lines on both sides are old, but did not stand next to each other. Lines may come from anywhere in `previous`.
 * Takes linear time, unlike a diff. Lines are compared byte by byte, so nobody can pass a new line off as an old one by
 * its hash.
 */
export function rangesNotCopied(previous: Buffer, next: Buffer): readonly Range[] {
  return walkLines(previous, next) ?? compareLines(previous, next);
}

/** Does the same with a table of all lines. For texts that have nearly nothing, or nearly everything, in common. */
export function compareLines(previous: Uint8Array, next: Uint8Array): Range[] {
  const start = lineStart(next, commonStart(previous, next));
  const tail = commonEnd(previous.subarray(start), next.subarray(start));
  const lines = splitLines(next.subarray(start, next.length - tail));
  const before = splitLines(previous.subarray(start, previous.length - tail));
  if (lines === undefined || before === undefined) return [{ start, end: next.length }];
  const sources = matchLines(before, lines);
  return collectRanges(sources, lines.starts, before.count).map((range) => ({
    start: range.start + start,
    end: range.end + start,
  }));
}

/**
 * Returns the version that a text resembles most: the one with the shortest distance between the first and the last
 * difference. Stops at the first version that is near enough.
 */
export function nearestVersion(versions: readonly Buffer[], text: Buffer): Buffer | undefined {
  if (versions.length < 2) return versions[0];
  let nearest: Buffer | undefined;
  let smallest = Number.POSITIVE_INFINITY;
  for (const version of versions) {
    const start = commonStart(version, text);
    const between = Math.max(version.length, text.length) - start;
    const apart = between - commonEnd(version.subarray(start), text.subarray(start));
    if (apart < smallest) [nearest, smallest] = [version, apart];
    if (smallest <= NEAR_ENOUGH) break;
  }
  return nearest;
}

interface Lines {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Where each line starts, and the length of the text. */
  readonly starts: Uint32Array;
  readonly hashes: Int32Array;
}

function splitLines(bytes: Uint8Array): Lines | undefined {
  let count = 0;
  for (let at = 0; at < bytes.length; count += 1) at = nextLine(bytes, at);
  if (count > MOST_LINES) return undefined;
  const starts = new Uint32Array(count + 1);
  const hashes = new Int32Array(count);
  for (let i = 0; i < count; i += 1) {
    const from = starts[i] as number;
    const end = nextLine(bytes, from);
    let hash = 0;
    for (let at = from; at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
    hashes[i] = hash;
    starts[i + 1] = end;
  }
  return { bytes, count, starts, hashes };
}

function nextLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end + 1;
}

/**
 * Returns, for each new line, the number of an equal old line, or -1. Follows runs of equal lines as far as they go.
 */
function matchLines(before: Lines, lines: Lines): Int32Array {
  const first = new Map<number, number>();
  const alike = new Int32Array(before.count);
  for (let i = before.count - 1; i >= 0; i -= 1) {
    const hash = before.hashes[i] as number;
    alike[i] = first.get(hash) ?? -1;
    first.set(hash, i);
  }
  const sources = new Int32Array(lines.count);
  let expected = 0;
  for (let i = 0; i < lines.count; i += 1) {
    let source = isEqual(before, expected, lines, i) ? expected : -1;
    let candidate = source < 0 ? (first.get(lines.hashes[i] as number) ?? -1) : -1;
    for (let tried = 0; candidate >= 0 && tried < MOST_ALIKE; tried += 1) {
      if (isEqual(before, candidate, lines, i)) source = candidate;
      if (source >= expected) break;
      candidate = alike[candidate] as number;
    }
    sources[i] = source;
    if (source >= 0) expected = source + 1;
  }
  return sources;
}

function isEqual(a: Lines, i: number, b: Lines, j: number): boolean {
  if (i >= a.count || a.hashes[i] !== b.hashes[j]) return false;
  const [from, other] = [a.starts[i] as number, b.starts[j] as number];
  const length = (a.starts[i + 1] as number) - from;
  if (length !== (b.starts[j + 1] as number) - other) return false;
  for (let at = 0; at < length; at += 1) if (a.bytes[from + at] !== b.bytes[other + at]) return false;
  return true;
}

function collectRanges(sources: Int32Array, starts: Uint32Array, oldCount: number): Range[] {
  const ranges: Range[] = [];
  let run = -1;
  let expected = 0;
  for (let i = 0; i < sources.length; i += 1) {
    const [source, start] = [sources[i] as number, starts[i] as number];
    if (source < 0) {
      if (run < 0) run = start;
      continue;
    }
    if (run >= 0) ranges.push({ start: run, end: start });
    else if (source !== expected) ranges.push({ start, end: start });
    run = -1;
    expected = source + 1;
  }
  const end = starts[sources.length] as number;
  if (run >= 0) ranges.push({ start: run, end });
  else if (expected !== oldCount) ranges.push({ start: end, end });
  return ranges;
}

/** Bytes compared in one step. */
const STEP = 4096;

/** Counts the bytes that two texts have in common at their start. */
function commonStart(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at + STEP <= shorter && Buffer.compare(a.subarray(at, at + STEP), b.subarray(at, at + STEP)) === 0) at += STEP;
  while (at < shorter && a[at] === b[at]) at += 1;
  return at;
}

/** Counts the bytes that two texts have in common at their end, rounded down to a whole line. */
function commonEnd(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  let count = 0;
  while (count + STEP <= shorter && Buffer.compare(endOf(a, count), endOf(b, count)) === 0) count += STEP;
  while (count < shorter && a[a.length - count - 1] === b[b.length - count - 1]) count += 1;
  if ([a, b].every((text) => text.length === count || text[text.length - count - 1] === LF)) return count;
  const start = b.indexOf(LF, b.length - count);
  return count === 0 || start < 0 ? 0 : b.length - start - 1;
}

function endOf(bytes: Uint8Array, count: number): Uint8Array {
  return bytes.subarray(bytes.length - count - STEP, bytes.length - count);
}

function lineStart(bytes: Uint8Array, at: number): number {
  return at === 0 ? 0 : bytes.lastIndexOf(LF, at - 1) + 1;
}
