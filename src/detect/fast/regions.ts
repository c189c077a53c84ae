import type { ByteRange } from '../../model/artifact.ts';
import type { Pack } from './pack.ts';

/** Margin that is always scanned round a range; rules that need more of it are looked at one by one, bytes. */
const NEAR = 96;

/** Rules with the same set of bytes in their matches, as far as they can reach beyond the near margin. */
interface FarGroup {
  readonly body: Uint8Array;
  /** Literals lie inside the match. */
  readonly inside: boolean;
  length: number;
  hitBefore: number;
  hitAfter: number;
}

/** Parts of a text that must be searched for literals, so that no match that touches a range is missed. */
export type RegionFinder = (bytes: Uint8Array, ranges: readonly ByteRange[]) => ByteRange[];

/**
 * Makes the region finder of a pack. A match that touches a range and begins far before it consists, up to the range, of bytes
 * that its rule can match: so the text is scanned back only as far as such bytes go. The same holds forward.
 */
export function createRegionFinder(pack: Pack): RegionFinder {
  if (pack.rules.some((rule) => rule.mode === 'whole')) return (bytes) => [{ start: 0, end: bytes.length }];
  const groups = groupFarRules(pack);
  return (bytes, ranges) => joinRegions(ranges.map((range) => widen(bytes, range, groups)));
}

function groupFarRules(pack: Pack): readonly FarGroup[] {
  const groups = new Map<string, FarGroup>();
  for (const { mode, length, hitBefore, hitAfter, body, complete } of pack.rules) {
    if (mode !== 'window' || (length + hitBefore <= NEAR && hitAfter <= NEAR)) continue;
    const key = `${body} ${complete}`;
    const set = pack.sets.subarray(body * 256, body * 256 + 256);
    const group = groups.get(key) ?? { body: set, inside: complete, length, hitBefore, hitAfter };
    group.length = Math.max(group.length, length);
    group.hitBefore = Math.max(group.hitBefore, hitBefore);
    group.hitAfter = Math.max(group.hitAfter, hitAfter);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function widen(bytes: Uint8Array, range: ByteRange, groups: readonly FarGroup[]): ByteRange {
  let [back, forward] = [NEAR, NEAR];
  for (const { body, inside, length, hitBefore, hitAfter } of groups) {
    back = Math.max(back, runBack(bytes, range.start, body, length) + hitBefore);
    const run = inside ? runForward(bytes, range.end, body, hitAfter) : hitAfter;
    forward = Math.max(forward, run);
  }
  return { start: Math.max(0, range.start - back), end: Math.min(bytes.length, range.end + forward) };
}

function runBack(bytes: Uint8Array, from: number, set: Uint8Array, most: number): number {
  const least = Math.max(0, from - most);
  let at = from;
  while (at > least && set[bytes[at - 1] as number] === 1) at -= 1;
  return from - at;
}

function runForward(bytes: Uint8Array, from: number, set: Uint8Array, most: number): number {
  const greatest = Math.min(bytes.length, from + most);
  let at = from;
  while (at < greatest && set[bytes[at] as number] === 1) at += 1;
  return at - from;
}

/** Sorted, without overlaps. */
function joinRegions(regions: readonly ByteRange[]): ByteRange[] {
  const joined: { start: number; end: number }[] = [];
  for (const region of [...regions].sort((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && region.start <= last.end) last.end = Math.max(last.end, region.end);
    else joined.push({ ...region });
  }
  return joined;
}
