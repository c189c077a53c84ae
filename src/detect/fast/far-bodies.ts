import { BODY_LEVELS } from '../analyse/body-levels.ts';
import { sizeOf } from '../analyse/byte-set.ts';
import { isSpace } from '../analyse/line-gaps.ts';
import type { Pack, PackedRule } from './pack.ts';

const BITS = 32;
const SET_BYTES = 256;
const NEARLY_ALL = 255;
const LF = 10;
const NO_GAPS = { lineGaps: 0, length: 0, hitAfter: 0 };

/** A rule's bounds: from each level on, which bit stands for the bytes its matches may hold. */
interface FarBody {
  /** The bit of its group. */
  readonly group: number;
  readonly bits: readonly number[];
  readonly length: number;
  readonly hitAfter: number;
  /** Gaps with a line end that its matches can hold, where that is known: it bounds them better than their bytes. */
  readonly lineGaps?: number;
}

/** Groups that were asked for, with what follows from them. */
interface Asked {
  readonly groups: number;
  readonly bodies: readonly FarBody[];
  /** Greatest bounds of those whose matches hold few line ends: zero where there are none. */
  readonly gapped: Required<Pick<FarBody, 'lineGaps' | 'length' | 'hitAfter'>>;
  /** Per bit, the longest walk that any of the bodies needs of it: back, and on. */
  readonly before: Uint32Array;
  readonly after: Uint32Array;
}

/**
 * How far matches of several lines can reach from a position, told by the bytes there. Each distinct set of bytes is
 * one bit of a mask, so that one walk over the text serves all rules.
 */
export class FarBodies {
  readonly #bodies: FarBody[] = [];
  /** Byte to the bits whose sets hold it. */
  readonly #masks = new Int32Array(SET_BYTES);
  readonly #bitOfSet = new Map<number, number>();
  readonly #runs = new Uint32Array(BITS);
  /** Bits whose runs are measured. */
  #walked = 0;
  /** What was last asked for: texts and their versions ask for the same groups again and again. */
  #asked: Asked = {
    groups: 0,
    bodies: [],
    gapped: NO_GAPS,
    before: new Uint32Array(BITS),
    after: new Uint32Array(BITS),
  };

  /** `groups`: numbers of rules, by group. */
  constructor(pack: Pack, groups: readonly (readonly number[])[]) {
    for (const [group, numbers] of groups.entries()) {
      for (const number of numbers) {
        const { bodies, length, hitAfter, lineGaps } = pack.rules[number] as PackedRule;
        const bits = lineGaps === undefined ? bodies.map((set) => this.#addSet(pack, set)) : [];
        const gaps = lineGaps === undefined ? {} : { lineGaps };
        this.#bodies.push({ group: 2 ** group, bits, length, hitAfter, ...gaps });
      }
    }
  }

  /** Sets beyond the last bit share it: their union is a bound for each of them. */
  #addSet(pack: Pack, set: number): number {
    const existingBit = this.#bitOfSet.get(set);
    if (existingBit !== undefined) return existingBit;
    const bit = Math.min(this.#bitOfSet.size, BITS - 1);
    this.#bitOfSet.set(set, bit);
    const bytes = pack.sets.subarray(set * SET_BYTES, (set + 1) * SET_BYTES);
    if (sizeOf(bytes) < NEARLY_ALL) this.#walked |= 1 << bit;
    for (let byte = 0; byte < SET_BYTES; byte++) {
      if (bytes[byte] === 1) this.#masks[byte] = (this.#masks[byte] as number) | (1 << bit);
    }
    return bit;
  }

  /** How far before `at` a match of some groups that reaches it can start, bytes. */
  startBefore(bytes: Uint8Array, at: number, groups: number): number {
    if (groups === 0) return 0;
    const { bodies, gapped, before } = this.#ask(groups);
    let farthest = runBackOverGaps(bytes, at, gapped.lineGaps, gapped.length);
    if (bodies.length === 0) return farthest;
    this.#walk(bytes, at - 1, -1, before);
    for (let i = 0; i < bodies.length; i += 1) {
      farthest = Math.max(farthest, this.#reachOf(bodies[i] as FarBody));
    }
    return farthest;
  }

  /** The shortest of what its levels allow. */
  #reachOf({ bits, length }: FarBody): number {
    let shortest = length;
    for (let level = 0; level < bits.length; level += 1) {
      const run = this.#runs[bits[level] as number] as number;
      shortest = Math.min(shortest, (BODY_LEVELS[level] as number) + run);
    }
    return shortest;
  }

  /** How far after `at` the literal of a match of some groups that starts before it can end, bytes. */
  hitAfter(bytes: Uint8Array, at: number, groups: number): number {
    if (groups === 0) return 0;
    const { bodies, gapped, after } = this.#ask(groups);
    let farthest = gapped.hitAfter;
    if (bodies.length === 0) return farthest;
    this.#walk(bytes, at, 1, after);
    for (let i = 0; i < bodies.length; i += 1) {
      const { bits, hitAfter } = bodies[i] as FarBody;
      farthest = Math.max(farthest, Math.min(hitAfter, this.#runs[bits[0] ?? 0] as number));
    }
    return farthest;
  }

  #ask(groups: number): Asked {
    if (this.#asked.groups === groups) return this.#asked;
    const asked = this.#bodies.filter(({ group }) => (group & groups) !== 0);
    const bodies = asked.filter(({ lineGaps }) => lineGaps === undefined);
    let gapped = NO_GAPS;
    for (const { lineGaps, length, hitAfter } of asked) {
      if (lineGaps === undefined) continue;
      gapped = {
        lineGaps: Math.max(gapped.lineGaps, lineGaps),
        length: Math.max(gapped.length, length),
        hitAfter: Math.max(gapped.hitAfter, hitAfter),
      };
    }
    const before = new Uint32Array(BITS);
    const after = new Uint32Array(BITS);
    for (const { bits, length, hitAfter } of bodies) {
      for (const [level, bit] of bits.entries()) raise(before, bit, length - (BODY_LEVELS[level] as number));
      raise(after, bits[0] ?? 0, hitAfter);
    }
    this.#asked = { groups, bodies, gapped, before, after };
    return this.#asked;
  }

  /**
   * Measures, for each bit, the run of its bytes from `from` on in one direction, no longer than it is needed. A set of
   * nearly all bytes is not worth the walk: its run counts as long as needed.
   */
  #walk(bytes: Uint8Array, from: number, step: 1 | -1, needs: Uint32Array): void {
    const masks = this.#masks;
    const { length } = bytes;
    this.#runs.set(needs);
    let live = expire(this.#walked, 0, needs);
    let at = from;
    for (let run = 0; live !== 0; run++) {
      const ended = at < 0 || at >= length ? live : live & ~(masks[bytes[at] as number] as number);
      if (ended !== 0) live = this.#end(live, ended, run);
      if ((run & 63) === 63) live = expire(live, run, needs);
      at += step;
    }
  }

  #end(live: number, ended: number, run: number): number {
    for (let bit = 0; bit < BITS; bit++) {
      if ((ended >>> bit) & 1) this.#runs[bit] = Math.min(this.#runs[bit] as number, run);
    }
    return live & ~ended;
  }
}

/** Bytes back, at most `mostBytes`, until there would be more gaps with a line end than a match can hold. */
function runBackOverGaps(bytes: Uint8Array, from: number, gaps: number, mostBytes: number): number {
  const earliest = Math.max(0, from - mostBytes);
  let gapsLeft = gaps;
  let isCounted = false;
  let at = from;
  for (; at > earliest; at -= 1) {
    const byte = bytes[at - 1] as number;
    if (!isSpace(byte)) isCounted = false;
    if (byte !== LF || isCounted) continue;
    if (gapsLeft === 0) break;
    gapsLeft -= 1;
    isCounted = true;
  }
  return from - at;
}

/** Bits of which more than `run` is needed. */
function expire(live: number, run: number, needs: Uint32Array): number {
  let alive = live;
  for (let bit = 0; bit < BITS; bit++) if ((needs[bit] as number) <= run) alive &= ~(1 << bit);
  return alive;
}

function raise(needs: Uint32Array, bit: number, need: number): void {
  needs[bit] = Math.max(needs[bit] as number, need);
}
