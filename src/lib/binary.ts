/** Bytes looked at; git uses the same rule and the same order of size. */
const LOOKED_AT = 8192;
/** A loop over so many bytes is done before the search of Node has begun. */
const SHORT = 64;

/** True when a NUL byte stands in the first 8 KiB. UTF-16 text also says true: ask the decoders first. */
export function isBinary(bytes: Uint8Array): boolean {
  return findByte(bytes, 0, 0, Math.min(bytes.length, LOOKED_AT)) >= 0;
}

/**
 * Where a byte first stands in `[from, end)` of `bytes`, or -1. Node searches with memchr, thirty times as fast as
 * `Uint8Array.prototype.indexOf`.
 */
export function findByte(bytes: Uint8Array, byte: number, from: number, end: number): number {
  if (end - from > SHORT) {
    const found = Buffer.prototype.indexOf.call(bytes.subarray(from, end), byte);
    return found < 0 ? -1 : from + found;
  }
  for (let at = from; at < end; at += 1) if (bytes[at] === byte) return at;
  return -1;
}

const FOUR = 0x01010101;

/**
 * Number of bytes of one value in `[from, end)` of `bytes`, four at a time: the borrow-free test for zero bytes in a word (Warren,
 * Hacker's Delight, 6-1) on the bytes that differ from it.
 */
export function countByte(bytes: Uint8Array, byte: number, from: number, end: number): number {
  const last = Math.min(end, bytes.length);
  let count = 0;
  let at = from;
  for (; at < last && (bytes.byteOffset + at) % 4 !== 0; at += 1) count += Number(bytes[at] === byte);
  const words = Math.max(0, last - at) >> 2;
  if (words > 0) count += countInWords(new Uint32Array(bytes.buffer, bytes.byteOffset + at, words), byte);
  for (at += words * 4; at < last; at += 1) count += Number(bytes[at] === byte);
  return count;
}

function countInWords(words: Uint32Array, byte: number): number {
  const pattern = Math.imul(byte, FOUR);
  let count = 0;
  for (let i = 0; i < words.length; i += 1) {
    const odd = (words[i] as number) ^ pattern;
    const zeros = ~(((odd & 0x7f7f7f7f) + 0x7f7f7f7f) | odd | 0x7f7f7f7f);
    if (zeros !== 0) count += Math.imul(zeros >>> 7, FOUR) >>> 24;
  }
  return count;
}
