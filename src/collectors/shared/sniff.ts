/**
 * Bytes of a file that a sniff looks at: as many as a file may have without `--max-file-size`. Of a larger one the
 * start decides: that is a dump, and says early what it is.
 */
export const SNIFFED = 100 * 1024 * 1024;

/** The start of a file, as a buffer on the same memory. */
export function headOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFFED));
}

/** The end of a file that is longer than its start; else empty. */
export function tailOf(bytes: Uint8Array): Buffer {
  const length = Math.min(Math.max(0, bytes.length - SNIFFED), SNIFFED);
  return Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - length, length);
}

/** True if the start of a file holds one of several words. */
export function holdsAny(bytes: Uint8Array, words: readonly string[]): boolean {
  const head = headOf(bytes);
  return words.some((word) => head.includes(word));
}

/**
 * Returns the text of the start of a file that holds all words, in Latin-1, for a closer look. Undefined if a word is
 * missing. A word behind a long list or comment is as good as one at the start, and searching bytes is fast.
 */
export function textWith(bytes: Uint8Array, ...words: readonly string[]): string | undefined {
  const head = headOf(bytes);
  return words.every((word) => head.includes(word)) ? head.toString('latin1') : undefined;
}
