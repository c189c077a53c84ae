import { skipText, skipWord } from './skip.ts';

const [QUOTE, BACKSLASH, LF, CR, TAB, SPACE, COMMA, COLON] = [34, 92, 10, 13, 9, 32, 44, 58];
const [OPEN_MAP, OPEN_LIST] = [123, 91];
/** A bracket that closes has the number of the one that opens, and two more. */
const CLOSES = 2;
const FOUR_SPACES = 0x20202020;

/**
 * Walks over JSON maps in a text and builds nothing: it checks that `JSON.parse` would read them, and notes where
 * wanted fields of the map itself stand. Each byte is looked at once, and nothing is recursive.
 */
export class JsonWalker {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #lastFour: number;
  readonly #wanted: readonly Uint8Array[];
  /** Brackets that are open, outermost first. */
  #stack = new Uint8Array(64);
  #depth = 0;
  /** True behind a value, false before one. */
  #isBehind = false;
  /** The wanted field whose value is being read; -1 for none. */
  #field = -1;
  /** Line breaks outside of texts that it has passed, in all maps. */
  lines = 0;
  /** Where the value of each wanted field of the last map begins, and where it ends: 0 and 0 of one that is absent. */
  readonly places: Uint32Array;
  /** True where a key of the last map is written with escapes: it may be a wanted one. */
  isEscaped = false;

  constructor(bytes: Uint8Array, wanted: readonly string[]) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#lastFour = bytes.length - 3;
    this.#wanted = wanted.map((name) => Buffer.from(name));
    this.places = new Uint32Array(2 * wanted.length);
  }

  /** Returns the place behind the map that begins at a place, or -1 where it is no JSON. */
  walk(start: number): number {
    this.#depth = 0;
    this.#field = -1;
    this.isEscaped = false;
    this.places.fill(0);
    let at = start;
    do {
      at = this.#begin(at);
      while (at >= 0 && this.#isBehind && this.#depth > 0) at = this.#goOn(at);
    } while (at >= 0 && this.#depth > 0);
    return at;
  }

  /** Moves behind a value that holds no other, or to the first one inside a bracket. */
  #begin(at: number): number {
    const byte = this.#bytes[at];
    this.#isBehind = true;
    if (byte === QUOTE) return skipText(this.#bytes, at + 1);
    if (byte !== OPEN_MAP && byte !== OPEN_LIST) return skipWord(this.#bytes, at);
    const inside = this.#skipBlanks(at + 1);
    if (this.#bytes[inside] === byte + CLOSES) return inside + 1;
    this.#open(byte);
    return byte === OPEN_MAP ? this.#readKey(inside) : inside;
  }

  #open(bracket: number): void {
    if (this.#depth === this.#stack.length) {
      const longer = new Uint8Array(2 * this.#depth);
      longer.set(this.#stack);
      this.#stack = longer;
    }
    this.#stack[this.#depth] = bracket;
    this.#depth += 1;
    this.#isBehind = false;
  }

  /** From behind a value moves behind the bracket that ends there, or to the next value. */
  #goOn(end: number): number {
    if (this.#depth === 1 && this.#field >= 0) this.places[2 * this.#field + 1] = end;
    const bracket = this.#stack[this.#depth - 1] ?? 0;
    const at = this.#skipBlanks(end);
    const byte = this.#bytes[at];
    if (byte === bracket + CLOSES) {
      this.#depth -= 1;
      return at + 1;
    }
    if (byte !== COMMA) return -1;
    this.#isBehind = false;
    const next = this.#skipBlanks(at + 1);
    return bracket === OPEN_MAP ? this.#readKey(next) : next;
  }

  /** Moves to the value of a key. */
  #readKey(at: number): number {
    if (this.#bytes[at] !== QUOTE) return -1;
    const end = skipText(this.#bytes, at + 1);
    if (end < 0) return -1;
    const colon = this.#skipBlanks(end);
    if (this.#bytes[colon] !== COLON) return -1;
    const value = this.#skipBlanks(colon + 1);
    if (this.#depth === 1) this.#noteField(at + 1, end - 1, value);
    return value;
  }

  /** A field that is written again replaces the earlier one. */
  #noteField(start: number, end: number, value: number): void {
    this.#field = -1;
    for (let at = start; at < end; at += 1) if (this.#bytes[at] === BACKSLASH) this.isEscaped = true;
    for (const [index, name] of this.#wanted.entries()) if (this.#isAt(start, end, name)) this.#field = index;
    if (this.#field >= 0) this.places[2 * this.#field] = value;
  }

  #isAt(start: number, end: number, name: Uint8Array): boolean {
    if (end - start !== name.length) return false;
    for (let at = 0; at < name.length; at += 1) if (this.#bytes[start + at] !== name[at]) return false;
    return true;
  }

  #skipBlanks(from: number): number {
    let at = from;
    for (let byte = this.#bytes[at]; byte === SPACE || byte === LF || byte === CR || byte === TAB; ) {
      at += 1;
      if (byte === LF) {
        this.lines += 1;
        while (at < this.#lastFour && this.#view.getUint32(at) === FOUR_SPACES) at += 4;
      }
      byte = this.#bytes[at];
    }
    return at;
  }
}
