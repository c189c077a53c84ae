import { isBinary } from '../../lib/binary.ts';
import { nearestVersion, rangesNotCopied } from '../../lib/git/line-copies.ts';
import type { ByteRange } from '../../model/artifact.ts';
import type { Location } from '../../model/location.ts';

const LF = 10;

/** The lines of some places in a text, or undefined where lines do not tell: the place is inside something encoded. */
export function linesOfPlaces(bytes: Uint8Array, places: readonly Location[]): ByteRange[] | undefined {
  if (places.some((place) => place.decoded !== undefined) || isBinary(bytes)) return undefined;
  const ranges: ByteRange[] = [];
  let line = 1;
  let start = 0;
  for (const { startLine, endLine } of [...places].sort((a, b) => a.startLine - b.startLine)) {
    for (; line < startLine; line += 1) start = nextLine(bytes, start);
    let end = start;
    for (let last = line; last <= endLine; last += 1) end = nextLine(bytes, end);
    ranges.push({ start, end });
  }
  return joinOverlaps(ranges);
}

function nextLine(bytes: Uint8Array, from: number): number {
  const end = bytes.indexOf(LF, from);
  return end < 0 ? bytes.length : end + 1;
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

/** What of a text the nearest of its earlier versions does not have; undefined where nothing can be compared: all counts as new. */
export function newRanges(versions: readonly Buffer[], bytes: Buffer): readonly ByteRange[] | undefined {
  const earlier = nearestVersion(versions, bytes);
  return earlier === undefined || isBinary(earlier) || isBinary(bytes) ? undefined : rangesNotCopied(earlier, bytes);
}
