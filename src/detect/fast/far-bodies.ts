import { BODY_LEVELS } from '../analyse/body-levels.ts';
import { sizeOf } from '../analyse/byte-set.ts';
import type { Pack, PackedRule } from './pack.ts';

const BITS = 32;
const SET_BYTES = 256;
const NEARLY_ALL = 255;

/** A rule's bounds: from each level on, which bit stands for the bytes its matches may hold. */
interface FarBody {
  readonly bits: readonly number[];
  length: number;
  hitAfter: number;
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
  /** Per bit, the longest walk that any rule needs of it, back and forward. */
  readonly #needsBack = new Uint32Array(BITS);
  readonly #needsForward = new Uint32Array(BITS);
  readonly #runs = new Uint32Array(BITS);
  /** Bits whose runs are measured. */
  #walked = 0;

  constructor(pack: Pack, rules: readonly PackedRule[]) {
    for (const { bodies, length, hitAfter } of rules) {
      const bits = bodies.map((set) => this.#addSet(pack, set));
      const same = this.#bodies.find((body) => body.bits.join() === bits.join() && body.length >= length / 2);
      if (same === undefined) this.#bodies.push({ bits, length, hitAfter });
      else Object.assign(same, { length: Math.max(same.length, length), hitAfter: Math.max(same.hitAfter, hitAfter) });
    }
    for (const { bits, length, hitAfter } of this.#bodies) {
      for (const [index, bit] of bits.entries()) raise(this.#needsBack, bit, length - (BODY_LEVELS[index] as number));
      raise(this.#needsForward, bits[0] ?? 0, hitAfter);
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

  /** How far before `at` a match that reaches it can start, bytes. */
  startBefore(bytes: Uint8Array, at: number): number {
    if (this.#bodies.length === 0) return 0;
    this.#walk(bytes, at - 1, -1, this.#needsBack);
    let farthest = 0;
    for (const { bits, length } of this.#bodies) {
      let least = length;
      for (const [index, bit] of bits.entries()) {
        least = Math.min(least, (BODY_LEVELS[index] as number) + (this.#runs[bit] as number));
      }
      farthest = Math.max(farthest, least);
    }
    return farthest;
  }

  /** How far after `at` the literal of a match that starts before it can end, bytes. */
  hitAfter(bytes: Uint8Array, at: number): number {
    if (this.#bodies.length === 0) return 0;
    this.#walk(bytes, at, 1, this.#needsForward);
    let farthest = 0;
    for (const { bits, hitAfter } of this.#bodies) {
      farthest = Math.max(farthest, Math.min(hitAfter, this.#runs[bits[0] ?? 0] as number));
    }
    return farthest;
  }

  /**
   * Measures, for each bit, the run of its bytes from `from` on in one direction, no longer than it is needed. A set of nearly all
   * bytes is not worth the walk: its run counts as long as needed.
   */
  #walk(bytes: Uint8Array, from: number, step: 1 | -1, needs: Uint32Array): void {
    const masks = this.#masks;
    const { length } = bytes;
    this.#runs.set(needs);
    let live = this.#expire(this.#walked, 0, needs);
    let at = from;
    for (let run = 0; live !== 0; run++) {
      const ended = at < 0 || at >= length ? live : live & ~(masks[bytes[at] as number] as number);
      if (ended !== 0) live = this.#end(live, ended, run);
      if ((run & 63) === 63) live = this.#expire(live, run, needs);
      at += step;
    }
  }

  #end(live: number, ended: number, run: number): number {
    for (let bit = 0; bit < BITS; bit++) {
      if ((ended >>> bit) & 1) this.#runs[bit] = Math.min(this.#runs[bit] as number, run);
    }
    return live & ~ended;
  }

  #expire(live: number, run: number, needs: Uint32Array): number {
    let left = live;
    for (let bit = 0; bit < BITS; bit++) if ((needs[bit] as number) <= run) left &= ~(1 << bit);
    return left;
  }
}

function raise(needs: Uint32Array, bit: number, need: number): void {
  needs[bit] = Math.max(needs[bit] as number, need);
}
