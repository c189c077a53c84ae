import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';

const [STATES, HALF, TOP] = [12, 1024, 0x1000000];
/** Distances from 4 to 127 have probabilities of their own; the last four bits of longer ones share some. */
const [LENGTH_SLOTS, FULL_DISTANCES, ALIGN_BITS] = [4, 128, 4];
const SHORTEST_MATCH = 2;
/** What a file says instead of its size. */
const UNTIL_MARKER = Number.POSITIVE_INFINITY;

/** Bits of literals that look at the byte before (lc), at the place (lp), and bits of the place for all else (pb). */
export interface LzmaProperties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

/** Reads the one byte that packs the three. */
export function readProperties(byte: number): LzmaProperties {
  if (byte >= 9 * 5 * 5) throw new UnpackError('corrupt');
  return { lc: byte % 9, lp: Math.floor(byte / 9) % 5, pb: Math.floor(byte / 45) };
}

/** The range decoder: bits with the probabilities that they had so far. */
class RangeDecoder {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #range = 0xffffffff;
  #code = 0;
  at: number;

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes;
    this.#end = Math.min(end, bytes.length);
    this.at = at;
    if (this.#next() !== 0) throw new UnpackError('corrupt');
    for (let count = 0; count < 4; count += 1) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  bit(odds: Uint16Array, index: number): number {
    const odd = odds[index] as number;
    const bound = (this.#range >>> 11) * odd;
    const isZero = this.#code < bound;
    if (isZero) this.#range = bound;
    else {
      this.#range -= bound;
      this.#code -= bound;
    }
    odds[index] = isZero ? odd + ((2048 - odd) >> 5) : odd - (odd >> 5);
    if (this.#range < TOP) this.#shift();
    return isZero ? 0 : 1;
  }

  /** Bits of a tree, the highest first. */
  tree(odds: Uint16Array, start: number, bits: number): number {
    let node = 1;
    for (let count = 0; count < bits; count += 1) node = node * 2 + this.bit(odds, start + node);
    return node - (1 << bits);
  }

  /** Bits of a tree, the lowest first. */
  reverseTree(odds: Uint16Array, start: number, bits: number): number {
    let [node, value] = [1, 0];
    for (let count = 0; count < bits; count += 1) {
      const bit = this.bit(odds, start + node);
      node = node * 2 + bit;
      value |= bit << count;
    }
    return value;
  }

  /** Bits that are as often 1 as 0. */
  direct(bits: number): number {
    let value = 0;
    for (let count = 0; count < bits; count += 1) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code -= this.#range;
      value = value * 2 + bit;
      if (this.#range < TOP) this.#shift();
    }
    return value;
  }

  #shift(): void {
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  #next(): number {
    if (this.at >= this.#end) throw new UnpackError('corrupt');
    this.at += 1;
    return this.#bytes[this.at - 1] as number;
  }
}

/** Probabilities of the length of a match. */
class LengthOdds {
  readonly #choices = newOdds(2);
  readonly #low = newOdds(16 << 3);
  readonly #middle = newOdds(16 << 3);
  readonly #high = newOdds(256);

  read(coder: RangeDecoder, place: number): number {
    if (coder.bit(this.#choices, 0) === 0) return coder.tree(this.#low, place << 3, 3);
    if (coder.bit(this.#choices, 1) === 0) return 8 + coder.tree(this.#middle, place << 3, 3);
    return 16 + coder.tree(this.#high, 0, 8);
  }

  reset(): void {
    for (const odds of [this.#choices, this.#low, this.#middle, this.#high]) odds.fill(HALF);
  }
}

function newOdds(count: number): Uint16Array {
  return new Uint16Array(count).fill(HALF);
}

/** Everything that is learnt while decoding. */
class Model {
  readonly match = newOdds(STATES << 4);
  readonly rep = newOdds(STATES);
  readonly repG0 = newOdds(STATES);
  readonly repG1 = newOdds(STATES);
  readonly repG2 = newOdds(STATES);
  readonly rep0Long = newOdds(STATES << 4);
  readonly slots = newOdds(LENGTH_SLOTS << 6);
  readonly distances = newOdds(1 + FULL_DISTANCES);
  readonly align = newOdds(1 << ALIGN_BITS);
  readonly matchLength = new LengthOdds();
  readonly repLength = new LengthOdds();
  literals = newOdds(0x300);

  /** Forgets everything. In place: a stream may ask for it at every few bytes. */
  reset({ lc, lp }: LzmaProperties): void {
    for (const odds of Object.values(this)) {
      if (odds instanceof LengthOdds) odds.reset();
      else odds.fill(HALF);
    }
    if (this.literals.length !== 0x300 << (lc + lp)) this.literals = newOdds(0x300 << (lc + lp));
  }
}

/**
 * Unpacks LZMA (Igor Pavlov, LZMA specification, 2015). One decoder reads the chunks of an LZMA2 stream one after the
 * other.
 */
export class LzmaDecoder {
  readonly #sink: ByteSink;
  #properties: LzmaProperties = { lc: 3, lp: 0, pb: 2 };
  readonly #model = new Model();
  #state = 0;
  #distances: [number, number, number, number] = [0, 0, 0, 0];
  #start = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
    this.resetState();
    this.resetDictionary();
  }

  /** What was written before cannot be copied any more. */
  resetDictionary(): void {
    this.#start = this.#sink.length;
  }

  resetState(properties = this.#properties): void {
    this.#properties = properties;
    this.#model.reset(properties);
    this.#state = 0;
    this.#distances = [0, 0, 0, 0];
  }

  /** Unpacks so many bytes, or up to the marker of the end, from `[at, end)`; returns where it stopped reading. */
  decode(bytes: Uint8Array, at: number, end: number, size = UNTIL_MARKER): number {
    const coder = new RangeDecoder(bytes, at, end);
    const last = this.#sink.length + size;
    while (this.#sink.length < last) {
      const length = this.#step(coder);
      if (length < 0) return coder.at;
      if (this.#sink.length + length > last) throw new UnpackError('corrupt');
      this.#sink.copy(this.#distances[0] + 1, length);
    }
    return coder.at;
  }

  /** Decodes a literal, or says how long a match is; -1 for the marker of the end. */
  #step(coder: RangeDecoder): number {
    const position = this.#sink.length - this.#start;
    const place = position & ((1 << this.#properties.pb) - 1);
    const state = this.#state;
    if (coder.bit(this.#model.match, (state << 4) + place) === 0) {
      this.#literal(coder, position);
      return 0;
    }
    const length = coder.bit(this.#model.rep, state) === 0 ? this.#match(coder, place) : this.#repeat(coder, place);
    if (length >= 0 && this.#distances[0] >= position) throw new UnpackError('corrupt');
    return length;
  }

  #literal(coder: RangeDecoder, position: number): void {
    const { lc, lp } = this.#properties;
    const { literals } = this.#model;
    const before = position > 0 ? this.#sink.back(1) : 0;
    const start = 0x300 * (((position & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
    let node = 1;
    if (this.#state >= 7) {
      let expected = this.#sink.back(this.#distances[0] + 1);
      while (node < 0x100) {
        const bit = (expected >> 7) & 1;
        expected <<= 1;
        const actual = coder.bit(literals, start + ((1 + bit) << 8) + node);
        node = node * 2 + actual;
        if (actual !== bit) break;
      }
    }
    while (node < 0x100) node = node * 2 + coder.bit(literals, start + node);
    this.#sink.write(node & 255);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  /** A match at a new distance; -1 for the marker of the end. */
  #match(coder: RangeDecoder, place: number): number {
    const length = this.#model.matchLength.read(coder, place);
    const [first, second, third] = this.#distances;
    const distance = this.#distance(coder, Math.min(length, LENGTH_SLOTS - 1));
    this.#distances = [distance, first, second, third];
    this.#state = this.#state < 7 ? 7 : 10;
    return distance === 0xffffffff ? -1 : length + SHORTEST_MATCH;
  }

  #distance(coder: RangeDecoder, lengthSlot: number): number {
    const slot = coder.tree(this.#model.slots, lengthSlot << 6, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const high = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return high + coder.reverseTree(this.#model.distances, high - slot, bits);
    const middle = coder.direct(bits - ALIGN_BITS) * (1 << ALIGN_BITS);
    return high + middle + coder.reverseTree(this.#model.align, 0, ALIGN_BITS);
  }

  /** A match at one of the last four distances. */
  #repeat(coder: RangeDecoder, place: number): number {
    const { repG0, rep0Long, repLength } = this.#model;
    const state = this.#state;
    if (coder.bit(repG0, state) === 0) {
      if (coder.bit(rep0Long, (state << 4) + place) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 1;
      }
    } else this.#reorder(coder, state);
    const length = repLength.read(coder, place) + SHORTEST_MATCH;
    this.#state = state < 7 ? 8 : 11;
    return length;
  }

  #reorder(coder: RangeDecoder, state: number): void {
    const [first, second, third, fourth] = this.#distances;
    if (coder.bit(this.#model.repG1, state) === 0) this.#distances = [second, first, third, fourth];
    else if (coder.bit(this.#model.repG2, state) === 0) this.#distances = [third, first, second, fourth];
    else this.#distances = [fourth, first, second, third];
  }
}
