import { nearestVersion, rangesNotCopied } from '../../git/changes/line-copies.ts';
import { isPlainText } from '../../lib/bytes/binary.ts';
import type { ByteRange } from '../../model/artifact.ts';
import type { Location } from '../../model/location.ts';
import type { AgainPlace } from '../collected.ts';

const LF = 10;

/**
 * Known lines of a file that are looked for in its next version; with more of them, or more places of them, all is
 * scanned.
 */
const MOST_KNOWN = 200;

/**
 * The lines of some places in a text, in order, or undefined where lines do not tell: the place is inside an archive.
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

/** The lines of places, each range of bytes once. */
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
 * What of a text the nearest of its earlier versions does not have; undefined where nothing can be compared: all counts
 * as new.
 */
export function newRanges(versions: readonly Buffer[], bytes: Buffer): readonly ByteRange[] | undefined {
  const earlier = nearestVersion(versions, bytes);
  if (earlier === undefined || !isPlainText(earlier) || !isPlainText(bytes)) return undefined;
  return rangesNotCopied(earlier, bytes);
}

/**
 * Adds the lines that held something in the version before, wherever they are now, to ranges that are new. Undefined
 * where all has to be scanned.
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
