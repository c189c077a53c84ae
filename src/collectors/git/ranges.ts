import { nearestVersion, rangesNotCopied } from '../../git/changes/line-copies.ts';
import { isPlainText } from '../../lib/bytes/binary.ts';
import type { ByteRange } from '../../model/artifact.ts';
import type { Location } from '../../model/location.ts';
import type { AgainPlace } from '../collected.ts';

const LF = 10;

/**
 * Most known lines of a file that are searched in its next version. With more lines, or more places of them, the whole
 * version is scanned.
 */
const MOST_KNOWN = 200;

/**
 * Returns the lines of some places in a text, in order. Undefined if lines do not determine the place, because it is
 * inside an archive.
 */
export function linesOfPlaces(bytes: Uint8Array, places: readonly Location[]): AgainPlace[] | undefined {
  if (places.some(({ decoded, path }) => decoded !== undefined && path.includes('!/')) || !isPlainText(bytes))
    return undefined;
  const againPlaces: AgainPlace[] = [];
  let line = 1;
  let start = 0;
  for (const at of [...places].sort((a, b) => a.startLine - b.startLine || a.startColumn - b.startColumn)) {
    const { startLine, endLine } = at;
    for (; line < startLine; line += 1) start = nextLine(bytes, start);
    let end = start;
    for (let last = line; last <= endLine; last += 1) end = nextLine(bytes, end);
    againPlaces.push({ at, lines: { start, end } });
  }
  return againPlaces;
}

function nextLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end + 1;
}

/** Returns the lines of places, each byte range once. */
export function joinedLines(places: readonly AgainPlace[]): ByteRange[] {
  return joinOverlaps(places.map(({ lines }) => lines));
}

function joinOverlaps(ranges: readonly ByteRange[]): ByteRange[] {
  const joined: { start: number; end: number }[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last !== undefined && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else joined.push({ ...range });
  }
  return joined;
}

/**
 * Returns what a text has that the most similar earlier version does not have. Undefined if there is nothing to compare
 * with: then everything counts as new.
 */
export function newRanges(versions: readonly Buffer[], bytes: Buffer): readonly ByteRange[] | undefined {
  const earlier = nearestVersion(versions, bytes);
  if (earlier === undefined || !isPlainText(earlier) || !isPlainText(bytes)) return undefined;
  return rangesNotCopied(earlier, bytes);
}

/**
 * Adds, to the new ranges, the lines that held something in the version before, wherever they are now. Undefined if
 * everything must be scanned.
 */
export function addKnownLines(
  ranges: readonly ByteRange[],
  before: Buffer,
  places: readonly Location[],
  bytes: Buffer,
): readonly ByteRange[] | undefined {
  const placeLines = linesOfPlaces(before, places);
  const lines = placeLines && joinedLines(placeLines);
  if (lines === undefined || lines.length > MOST_KNOWN) return undefined;
  const all = [...ranges];
  for (const { start, end } of lines) {
    const line = before.subarray(start, end);
    for (let at = bytes.indexOf(line); at >= 0; at = bytes.indexOf(line, at + 1)) {
      if (line.length === 0 || all.length > ranges.length + MOST_KNOWN) return undefined;
      all.push({ start: at, end: at + line.length });
    }
  }
  return joinOverlaps(all.sort((a, b) => a.start - b.start || a.end - b.end));
}
