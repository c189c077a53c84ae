import { BODY_LEVELS } from '../analyse/body-levels.ts';
import { sizeOf } from '../analyse/byte-set.ts';
import type { Pack, PackedRule } from './pack.ts';

const BITS = 32;
const SET_BYTES = 256;
const NEARLY_ALL = 255;

/** A rule's bounds: from each level on, which bit stands for the bytes its matches may hold. */
interface FarBody {
  /** The bit of its group. */
  readonly group: number;
  readonly bits: readonly number[];
  readonly length: number;
  readonly hitAfter: number;
}

/**
 * How far matches of several lines can reach from a position, told by the bytes there. Each distinct set of bytes is one bit
 * of a mask, so that one walk over the text serves all rules.
 */
export class FarBodies {
  readonly #bodies: FarBody[] = [];
  /** Byte to the bits whose sets hold it. */
  readonly #masks = new Int32Array(SET_BYTES);
  readonly #bitOfSet = new Map<number, number>();
  /** Per bit, the longest walk that any rule asked for needs of it. */
  readonly #needs = new Uint32Array(BITS);
  readonly #runs = new Uint32Array(BITS);
  /** Bits whose runs are measured. */
  #walked = 0;

  /** `groups`: numbers of rules, by group. */
  constructor(pack: Pack, groups: readonly (readonly number[])[]) {
    for (const [group, numbers] of groups.entries()) {
      for (const number of numbers) {
        const { bodies, length, hitAfter } = pack.rules[number] as PackedRule;
        const bits = bodies.map((set) => this.#addSet(pack, set));
        this.#bodies.push({ group: 2 ** group, bits, length, hitAfter });
      }
    }
  }

  /** Sets beyond the last bit share it: their union is a bound for each of them. */
  #addSet(pack: Pack, set: number): number {
    const bit = this.#bitOfSet.get(set) ?? Math.min(this.#bitOfSet.size, BITS - 1);
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
    this.#needs.fill(0);
    for (const { group, bits, length } of this.#bodies) {
      if ((group & groups) === 0) continue;
      for (const [index, bit] of bits.entries()) raise(this.#needs, bit, length - (BODY_LEVELS[index] as number));
    }
    this.#walk(bytes, at - 1, -1);
    let farthest = 0;
    for (const { group, bits, length } of this.#bodies) {
      if ((group & groups) === 0) continue;
      let least = length;
      for (const [index, bit] of bits.entries()) {
        least = Math.min(least, (BODY_LEVELS[index] as number) + (this.#runs[bit] as number));
      }
      farthest = Math.max(farthest, least);
    }
    return farthest;
  }

  /** How far after `at` the literal of a match of some groups that starts before it can end, bytes. */
  hitAfter(bytes: Uint8Array, at: number, groups: number): number {
    if (groups === 0) return 0;
    this.#needs.fill(0);
    for (const { group, bits, hitAfter } of this.#bodies) {
      if ((group & groups) !== 0) raise(this.#needs, bits[0] ?? 0, hitAfter);
    }
    this.#walk(bytes, at, 1);
    let farthest = 0;
    for (const { group, bits, hitAfter } of this.#bodies) {
      if ((group & groups) === 0) continue;
      farthest = Math.max(farthest, Math.min(hitAfter, this.#runs[bits[0] ?? 0] as number));
    }
    return farthest;
  }

  /**
   * Measures, for each bit, the run of its bytes from `from` on in one direction, no longer than it is needed. A set of nearly all
   * bytes is not worth the walk: its run counts as long as needed.
   */
  #walk(bytes: Uint8Array, from: number, step: 1 | -1): void {
    const masks = this.#masks;
    const { length } = bytes;
    this.#runs.set(this.#needs);
    let live = this.#expire(this.#walked, 0);
    let at = from;
    for (let run = 0; live !== 0; run++) {
      const ended = at < 0 || at >= length ? live : live & ~(masks[bytes[at] as number] as number);
      if (ended !== 0) live = this.#end(live, ended, run);
      if ((run & 63) === 63) live = this.#expire(live, run);
      at += step;
    }
  }

  #end(live: number, ended: number, run: number): number {
    for (let bit = 0; bit < BITS; bit++) {
      if ((ended >>> bit) & 1) this.#runs[bit] = Math.min(this.#runs[bit] as number, run);
    }
    return live & ~ended;
  }

  #expire(live: number, run: number): number {
    let left = live;
    for (let bit = 0; bit < BITS; bit++) if ((this.#needs[bit] as number) <= run) left &= ~(1 << bit);
    return left;
  }
}

function raise(needs: Uint32Array, bit: number, need: number): void {
  needs[bit] = Math.max(needs[bit] as number, need);
}
