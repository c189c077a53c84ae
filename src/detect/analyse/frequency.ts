import { foldByte } from './byte-set.ts';
import { ALPHABET, PAIR_RARITY, SINGLE_RARITY } from './frequency-data.ts';

const STEPS_PER_BIT = 3;

/** Estimated hits of a folded byte string per byte of ordinary text: 0 to 1. */
export function estimateFrequency(literal: readonly number[]): number {
  let steps = 0;
  let row = -1;
  for (const byte of literal) {
    const column = classOf(byte);
    steps += digit((row < 0 ? SINGLE_RARITY : PAIR_RARITY[row])?.[column]);
    row = column;
  }
  return 2 ** (-steps / STEPS_PER_BIT);
}

function classOf(byte: number): number {
  const index = ALPHABET.indexOf(String.fromCharCode(foldByte(byte)));
  return index < 0 ? ALPHABET.length : index;
}

function digit(character: string | undefined): number {
  const code = character?.charCodeAt(0) ?? 48;
  if (code <= 57) return code - 48;
  return code <= 90 ? code - 55 : code - 61;
}
