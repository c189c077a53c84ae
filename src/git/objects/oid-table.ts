import { sharedBytes } from '../../lib/bytes/shared-array.ts';

const MIN_SLOTS = 1024;
const MAX_LOAD = 0.6;
const DIGITS = hexDigits();

/**
 * Numbers object ids (binary, 20 or 32 bytes) from 0 in the order they are added. Takes about 30 bytes for each, where
 * a Map of hex strings takes five times that: a history has millions of objects.
 */
export class OidTable {
  /** Bytes per id. */
  readonly width: number;
  #ids: Uint8Array;
  #slots: Int32Array;
  #size = 0;
  readonly #scratch: Uint8Array;

  constructor(width: number, expected = 0) {
    this.width = width;
    this.#ids = sharedBytes(Math.max(expected, 64) * width);
    this.#slots = new Int32Array(slotsFor(expected)).fill(-1);
    this.#scratch = new Uint8Array(width);
  }

  get size(): number {
    return this.#size;
  }

  /** Returns the number of the id at `bytes[offset]`, and adds the id if it is new. */
  add(bytes: Uint8Array, offset: number): number {
    if (this.#size >= this.#slots.length * MAX_LOAD) this.#grow();
    const slot = this.#slot(bytes, offset);
    const entry = this.#slots[slot] as number;
    if (entry >= 0) return entry;
    const index = this.#size;
    const start = index * this.width;
    if (start + this.width > this.#ids.length) this.#ids = enlarged(this.#ids);
    for (let i = 0; i < this.width; i += 1) this.#ids[start + i] = bytes[offset + i] as number;
    this.#slots[slot] = index;
    this.#size += 1;
    return index;
  }

  /** Returns the number of the id at `bytes[offset]`, or -1. */
  find(bytes: Uint8Array, offset: number): number {
    return this.#slots[this.#slot(bytes, offset)] as number;
  }

  /**
   * Returns the number of the id written in hex (ASCII) at `text[offset]`, and adds it if it is new. Returns -1 where
   * there is no id.
   */
  addHex(text: Uint8Array, offset: number): number {
    return this.#parse(text, offset) ? this.add(this.#scratch, 0) : -1;
  }

  /** Returns the number of the id written in hex (ASCII) at `text[offset]`, or -1. */
  findHex(text: Uint8Array, offset: number): number {
    return this.#parse(text, offset) ? this.find(this.#scratch, 0) : -1;
  }

  /**
   * The binary ids, one after the other, in memory that other threads can read. Ids that are added later may lie in new
   * memory, so take this view last.
   */
  get ids(): Uint8Array {
    return this.#ids.subarray(0, this.#size * this.width);
  }

  hex(index: number): string {
    const start = index * this.width;
    return Buffer.from(this.#ids.buffer, this.#ids.byteOffset + start, this.width).toString('hex');
  }

  #parse(text: Uint8Array, offset: number): boolean {
    if (offset + this.width * 2 > text.length) return false;
    for (let i = 0; i < this.width; i += 1) {
      const high = DIGITS[text[offset + i * 2] as number] as number;
      const low = DIGITS[text[offset + i * 2 + 1] as number] as number;
      if ((high | low) > 15) return false;
      this.#scratch[i] = (high << 4) | low;
    }
    return true;
  }

  /** Finds the slot that holds the id, or the free slot where it belongs. */
  #slot(bytes: Uint8Array, offset: number): number {
    const mask = this.#slots.length - 1;
    let slot = hash(bytes, offset) & mask;
    for (;;) {
      const index = this.#slots[slot] as number;
      if (index < 0 || this.#equals(index, bytes, offset)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #equals(index: number, bytes: Uint8Array, offset: number): boolean {
    const start = index * this.width;
    for (let i = 0; i < this.width; i += 1) {
      if (this.#ids[start + i] !== bytes[offset + i]) return false;
    }
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let index = 0; index < this.#size; index += 1) {
      this.#slots[this.#slot(this.#ids, index * this.width)] = index;
    }
  }
}

function slotsFor(expected: number): number {
  let slots = MIN_SLOTS;
  while (slots * MAX_LOAD < expected) slots *= 2;
  return slots;
}

function enlarged(bytes: Uint8Array): Uint8Array {
  const larger = sharedBytes(bytes.length * 2);
  larger.set(bytes);
  return larger;
}

/** An id is a hash already: any four bytes of it are spread evenly. */
function hash(bytes: Uint8Array, offset: number): number {
  const [a, b, c, d] = [bytes[offset], bytes[offset + 1], bytes[offset + 2], bytes[offset + 3]] as number[];
  return ((a as number) << 24) | ((b as number) << 16) | ((c as number) << 8) | (d as number);
}

/** Value of an ASCII hex digit, 255 for any other byte. */
function hexDigits(): Uint8Array {
  const digits = new Uint8Array(256).fill(255);
  for (let value = 0; value < 16; value += 1) {
    const text = value.toString(16);
    digits[text.charCodeAt(0)] = value;
    digits[text.toUpperCase().charCodeAt(0)] = value;
  }
  return digits;
}
