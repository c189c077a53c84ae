import { expect, it } from 'vitest';
import { headOf, holdsAny, holdsMatch, SNIFFED, tailOf, textWith } from '../../../src/collectors/shared/sniff.ts';

/** A file of zeros with a word at a place. */
function fileWith(length: number, word: string, at: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  bytes.write(word, at);
  return bytes;
}

it('finds words anywhere in a file of usual size', () => {
  const bytes = fileWith(3000, 'kind', 2900);
  expect(textWith(bytes, 'kind')).toHaveLength(3000);
  expect(textWith(bytes, 'kind', 'users')).toBeUndefined();
  expect(holdsAny(bytes.subarray(2895), ['users', 'kind'])).toBe(true);
  expect(tailOf(bytes)).toHaveLength(0);
});

it('looks at the start of a larger file, and at its end where that was asked for', () => {
  const late = fileWith(SNIFFED + 100, 'sops', SNIFFED + 50);
  expect(headOf(late)).toHaveLength(SNIFFED);
  expect(holdsAny(late, ['sops'])).toBe(false);
  expect(holdsAny(tailOf(late), ['sops'])).toBe(true);
  expect(textWith(fileWith(SNIFFED + 100, 'kind', 10), 'kind')).toHaveLength(SNIFFED);
});

it('finds words in a large file wherever they stand: at its ends, and across two windows', () => {
  const words = ['kind', 'ENC[', 'users'];
  const length = 2 * 1024 * 1024;
  for (const at of [0, 64 * 1024 - 2, 64 * 1024 - 128, 128 * 1024 - 130, length - 4]) {
    expect(holdsAny(fileWith(length, 'ENC[', at), words)).toBe(true);
  }
  expect(holdsAny(fileWith(length, 'ENC', 5000), words)).toBe(false);
  expect(holdsMatch(fileWith(length, 'a kind of', length - 9), /\bkind\b/)).toBe(true);
  expect(holdsMatch(fileWith(length, 'a kinder of', 9), /\bkind\b/)).toBe(false);
});
