/**
 * Returns the text of a file that holds all words, in Latin-1, for a closer look. Undefined if a word is missing. The
 * whole file is searched: a word behind a long list or comment is as good as one at the start, and searching bytes is
 * fast.
 */
export function textWith(bytes: Uint8Array, ...words: readonly string[]): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return words.every((word) => buffer.includes(word)) ? buffer.toString('latin1') : undefined;
}
