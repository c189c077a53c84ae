/**
 * Bytes of a file that a sniff looks at: as many as a file may have without `--max-file-size`. Of a larger one the
 * start decides: that is a dump, and says early what it is.
 */
export const SNIFFED = 100 * 1024 * 1024;
/** From so many bytes on, reading windows is worth it. */
const LARGE = 1024 * 1024;
const WINDOW = 64 * 1024;
/** Bytes that two windows share. */
const REACH = 128;

/** The start of a file, as a buffer on the same memory. */
export function headOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFFED));
}

/** The end of a file that is longer than its start; else empty. */
export function tailOf(bytes: Uint8Array): Buffer {
  const length = Math.min(Math.max(0, bytes.length - SNIFFED), SNIFFED);
  return Buffer.from(bytes.buffer, bytes.byteOffset + bytes.length - length, length);
}

/** True if the start of a file holds one of several words, which are ASCII. */
export function holdsAny(bytes: Uint8Array, words: readonly string[]): boolean {
  const head = headOf(bytes);
  if (head.length < LARGE || words.length < 3) return words.some((word) => head.includes(word));
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return holdsMatch(head, new RegExp(escaped.join('|')));
}

/**
 * True if a pattern matches in the start of a file, as Latin-1. A match is at most `REACH` long. A large file is read
 * once, in windows that stay in the processor's cache: it is several times faster than a search for each word, and
 * needs no text as long as the file.
 */
export function holdsMatch(bytes: Uint8Array, pattern: RegExp): boolean {
  const head = headOf(bytes);
  for (let start = 0; start < head.length; start += WINDOW - REACH) {
    if (pattern.test(head.toString('latin1', start, Math.min(start + WINDOW, head.length)))) return true;
  }
  return false;
}

/**
 * Returns the text of the start of a file that holds all words, in Latin-1, for a closer look. Undefined if a word is
 * missing. A word behind a long list or comment is as good as one at the start, and searching bytes is fast.
 */
export function textWith(bytes: Uint8Array, ...words: readonly string[]): string | undefined {
  const head = headOf(bytes);
  return words.every((word) => head.includes(word)) ? head.toString('latin1') : undefined;
}
