import { CODE, GROUPS_MOST } from '../analyse/program-codes.ts';
import type { Pack } from './pack.ts';

const NO_PLACE = -1;
/**
 * Numbers that an open choice takes: where to continue, the place, and the bound of a run or one of the marks below.
 */
const FRAME = 3;
const FORK = -1;
const UNDO = -2;
const FRAMES_FIRST = 1024;
const SLOTS_MOST = 2 * GROUPS_MOST;

/**
 * Matches patterns on the bytes themselves, as compiled by `analyse/program.ts`: what V8's matcher would find at a
 * place, without a string and without a call of a regular expression. Reused from match to match; nothing is allocated.
 */
export class ByteMatcher {
  /** Starts and ends of the groups of the last match, -1 where a group took no part. */
  readonly slots = new Int32Array(SLOTS_MOST);
  readonly #codes: Uint16Array;
  readonly #sets: Uint8Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #stack = new Int32Array(FRAMES_FIRST * FRAME);
  #top = 0;
  /** Where the last open choice continues. */
  #next = 0;
  /** Start of the program: targets count from here. */
  #program = 0;

  constructor(pack: Pack) {
    this.#codes = pack.programs;
    this.#sets = pack.sets;
  }

  /** End of the match of a program that begins at a place, or -1. */
  match(program: number, bytes: Uint8Array, place: number): number {
    this.#bytes = bytes;
    this.#program = program;
    this.#top = 0;
    this.slots.fill(NO_PLACE);
    return this.#run(program, place);
  }

  #run(from: number, place: number): number {
    const codes = this.#codes;
    const sets = this.#sets;
    const bytes = this.#bytes;
    const { length } = bytes;
    const base = this.#top;
    let code = from;
    let at = place;
    for (;;) {
      const operand = codes[code + 1] as number;
      switch (codes[code]) {
        case CODE.match:
          this.#top = base;
          return at;
        case CODE.byte:
          at = at < length && sets[(operand << 8) + (bytes[at] as number)] === 1 ? at + 1 : NO_PLACE;
          code += 2;
          break;
        case CODE.run:
          at = this.#runOn(code, at);
          code += 4;
          break;
        case CODE.runBack:
          at = this.#runBack(code, at);
          code += 5;
          break;
        case CODE.runLazy:
          at = this.#runLazy(code, at);
          code += 5;
          break;
        case CODE.branch:
        case CODE.fork:
        case CODE.forkLazy:
          code = this.#choose(code, at);
          break;
        case CODE.jump:
          code = this.#program + operand;
          break;
        case CODE.save:
          this.#push(operand, this.slots[operand] as number, UNDO);
          this.slots[operand] = at;
          code += 2;
          break;
        case CODE.look:
          at = this.#holds(code, at) ? at : NO_PLACE;
          code = this.#program + (codes[code + 3] as number);
          break;
        default:
          at = this.#sees(code, at) ? at : NO_PLACE;
          code += 3;
      }
      if (at !== NO_PLACE) continue;
      at = this.#giveBack(base);
      if (at === NO_PLACE) return NO_PLACE;
      code = this.#next;
    }
  }

  /** Where a choice continues. The other way is kept open if it can match. */
  #choose(code: number, at: number): number {
    const kind = this.#codes[code];
    const first = (this.#codes[code + 1] as number) << 8;
    const target = this.#program + (this.#codes[code + 2] as number);
    const isEnd = at >= this.#bytes.length;
    if (isEnd ? kind === CODE.branch : this.#sets[first + (this.#bytes[at] as number)] === 0) return target;
    if (kind === CODE.branch) return code + 3;
    this.#push(kind === CODE.fork ? target : code + 3, at, FORK);
    return kind === CODE.fork ? code + 3 : target;
  }

  /** As many bytes of a set as there are, or -1 where they are too few. */
  #runOn(code: number, at: number): number {
    const bytes = this.#bytes;
    const sets = this.#sets;
    const set = (this.#codes[code + 1] as number) << 8;
    const last = Math.min(bytes.length, at + (this.#codes[code + 3] as number));
    let reached = at;
    while (reached < last && sets[set + (bytes[reached] as number)] === 1) reached += 1;
    return reached - at < (this.#codes[code + 2] as number) ? NO_PLACE : reached;
  }

  #runBack(code: number, at: number): number {
    const reached = this.#runOn(code, at);
    if (reached === NO_PLACE) return NO_PLACE;
    const shortestEnd = at + (this.#codes[code + 2] as number);
    if (reached > shortestEnd) this.#push(code, reached - 1, shortestEnd);
    return reached;
  }

  #runLazy(code: number, at: number): number {
    const bytes = this.#bytes;
    const sets = this.#sets;
    const set = (this.#codes[code + 1] as number) << 8;
    const shortestEnd = at + (this.#codes[code + 2] as number);
    if (shortestEnd > bytes.length) return NO_PLACE;
    for (let place = at; place < shortestEnd; place++) if (sets[set + (bytes[place] as number)] === 0) return NO_PLACE;
    this.#push(code, shortestEnd, at + (this.#codes[code + 3] as number));
    return shortestEnd;
  }

  /**
   * Goes back to the last open choice. Returns its place and sets `#next`; -1 if none is open above `base`.
   */
  #giveBack(base: number): number {
    while (this.#top > base) {
      this.#top -= FRAME;
      const code = this.#stack[this.#top] as number;
      const at = this.#stack[this.#top + 1] as number;
      const bound = this.#stack[this.#top + 2] as number;
      this.#next = code;
      if (bound === FORK) return at;
      if (bound === UNDO) {
        this.slots[code] = at;
        continue;
      }
      const place =
        this.#codes[code] === CODE.runBack ? this.#shorten(code, at, bound) : this.#lengthen(code, at, bound);
      this.#next = code + 5;
      if (place !== NO_PLACE) return place;
    }
    return NO_PLACE;
  }

  /** The next shorter end of a run that something can follow, down to `shortestEnd`. */
  #shorten(code: number, at: number, shortestEnd: number): number {
    const next = (this.#codes[code + 4] as number) << 8;
    let place = at;
    while (place >= shortestEnd && this.#sets[next + (this.#bytes[place] as number)] === 0) place -= 1;
    if (place < shortestEnd) return NO_PLACE;
    if (place > shortestEnd) this.#push(code, place - 1, shortestEnd);
    return place;
  }

  /** One more byte of a lazy run. */
  #lengthen(code: number, at: number, longestEnd: number): number {
    const set = (this.#codes[code + 1] as number) << 8;
    if (at >= longestEnd || at >= this.#bytes.length || this.#sets[set + (this.#bytes[at] as number)] === 0)
      return NO_PLACE;
    this.#push(code, at + 1, longestEnd);
    return at + 1;
  }

  /** A lookaround: its own program, from some bytes back. */
  #holds(code: number, at: number): boolean {
    const start = at - (this.#codes[code + 2] as number);
    const isThere = start >= 0 && this.#run(code + 4, start) !== NO_PLACE;
    return isThere === (this.#codes[code + 1] === 0);
  }

  /** Conditions on the bytes to both sides. */
  #sees(code: number, at: number): boolean {
    const operand = this.#codes[code + 1] as number;
    const { length } = this.#bytes;
    switch (this.#codes[code]) {
      case CODE.ahead:
        if (at >= length) return this.#codes[code + 2] === 1;
        return this.#sets[(operand << 8) + (this.#bytes[at] as number)] === 1;
      case CODE.behind:
        if (at === 0) return this.#codes[code + 2] === 1;
        return this.#sets[(operand << 8) + (this.#bytes[at - 1] as number)] === 1;
      case CODE.start:
        return at === 0;
      case CODE.end:
        return at === length;
      default:
        return (this.#isWord(at - 1) !== this.#isWord(at)) === (operand === 1);
    }
  }

  #isWord(at: number): boolean {
    const byte = at < 0 || at >= this.#bytes.length ? 0 : (this.#bytes[at] as number);
    const small = byte | 32;
    return (byte >= 48 && byte <= 57) || (small >= 97 && small <= 122) || byte === 95;
  }

  #push(code: number, at: number, bound: number): void {
    if (this.#top + FRAME > this.#stack.length) {
      const grown = new Int32Array(this.#stack.length * 2);
      grown.set(this.#stack);
      this.#stack = grown;
    }
    this.#stack[this.#top] = code;
    this.#stack[this.#top + 1] = at;
    this.#stack[this.#top + 2] = bound;
    this.#top += FRAME;
  }
}
