import type { ByteRange } from '../../model/artifact.ts';
import { joinRanges } from '../shared/ranges.ts';
import { FarBodies } from './far-bodies.ts';
import type { Pack, PackedRule } from './pack.ts';

/** Margin that is always scanned round a range; rules that need more of it are looked at more closely, bytes. */
export const NEAR = 96;
const LF = 10;
const SET_BYTES = 256;

/**
 * Parts of a text that must be searched for literals, so that no match that touches a range is missed. `groups`: bits
 * of the groups of far-reaching rules (`groupFarRules`) whose literals may be in the text.
 */
export type RegionFinder = (bytes: Uint8Array, ranges: readonly ByteRange[], groups: number) => ByteRange[];

interface Margins {
  /** Longest match within one line, and how far behind its start its literal can end. */
  readonly lineBefore: number;
  readonly lineAfter: number;
  /** Context words stand outside the match: always scanned. */
  readonly wordBefore: number;
  readonly wordAfter: number;
  readonly bodies: FarBodies;
}

/**
 * Makes the region finder of a pack. A match that touches a range and begins far before it consists, up to the range,
 * of bytes that its rule can match: so the text is scanned back only as far as such bytes go. The same holds forward.
 */
export function createRegionFinder(pack: Pack): RegionFinder {
  if (pack.rules.some((rule) => rule.mode === 'whole')) return (bytes) => [{ start: 0, end: bytes.length }];
  const margins = measureMargins(pack);
  return (bytes, ranges, groups) => joinRanges(ranges.map((range) => widen(bytes, range, margins, groups)));
}

/** Number of groups of far-reaching rules; each group is a bit. */
export const FAR_GROUPS = 30;

/** Numbers of the rules whose matches can span lines and reach beyond the near margin, by group. */
export function groupFarRules(pack: Pack): readonly (readonly number[])[] {
  const groups: number[][] = Array.from({ length: FAR_GROUPS }, () => []);
  let count = 0;
  for (let number = 0; number < pack.rules.length; number += 1) {
    const rule = pack.rules[number] as PackedRule;
    if (rule.mode === 'window' && isFar(rule) && holdsLineEnd(pack, rule)) groups[count++ % FAR_GROUPS]?.push(number);
  }
  return groups;
}

function measureMargins(pack: Pack): Margins {
  const rules = pack.rules.filter((rule) => rule.mode === 'window');
  const inLine = rules.filter((rule) => isFar(rule) && !holdsLineEnd(pack, rule));
  const words = rules.filter((rule) => !rule.complete);
  return {
    lineBefore: Math.max(0, ...inLine.map((rule) => rule.length)),
    lineAfter: Math.max(0, ...inLine.filter((rule) => rule.complete).map((rule) => rule.hitAfter)),
    wordBefore: Math.max(0, ...words.map((rule) => rule.hitBefore)),
    wordAfter: Math.max(0, ...words.map((rule) => rule.hitAfter)),
    bodies: new FarBodies(pack, groupFarRules(pack)),
  };
}

function isFar({ length, hitAfter }: PackedRule): boolean {
  return Math.max(length, hitAfter) > NEAR;
}

function holdsLineEnd(pack: Pack, { bodies }: PackedRule): boolean {
  return pack.sets[(bodies[0] ?? 0) * SET_BYTES + LF] === 1;
}

function widen(bytes: Uint8Array, range: ByteRange, margins: Margins, groups: number): ByteRange {
  const start = Math.min(range.start, bytes.length);
  const end = Math.min(range.end, bytes.length);
  const inLine = runBack(bytes, start, margins.lineBefore);
  const back = Math.max(NEAR, inLine, margins.bodies.startBefore(bytes, start, groups)) + margins.wordBefore;
  const lineEnd = runForward(bytes, end, margins.lineAfter);
  const forward = Math.max(NEAR, margins.wordAfter, lineEnd, margins.bodies.hitAfter(bytes, end, groups));
  return { start: Math.max(0, start - back), end: Math.min(bytes.length, end + forward) };
}

/** Bytes back to the start of the line, at most `mostBytes`. */
function runBack(bytes: Uint8Array, from: number, mostBytes: number): number {
  const earliest = Math.max(0, from - mostBytes);
  let at = from;
  while (at > earliest && bytes[at - 1] !== LF) at -= 1;
  return from - at;
}

/** Bytes on to the end of the line, at most `mostBytes`. */
function runForward(bytes: Uint8Array, from: number, mostBytes: number): number {
  const latest = Math.min(bytes.length, from + mostBytes);
  let at = from;
  while (at < latest && bytes[at] !== LF) at += 1;
  return at - from;
}

/** Sorted, without overlaps. */
