import { type ByteSet, foldByte, sizeOf } from './byte-set.ts';
import { ALPHABET, COMMON_PIECES, COMMON_WORDS, PAIR_RARITY, SINGLE_RARITY } from './frequency-data.ts';

const STEPS_PER_BIT = 3;
/** A string of two bytes is never rarer than this: one pair alone is a weak estimate. */
const SHORT_RARITY = 24;

const LONGEST_PART = 8;
const ASCII = 128;

/** Pieces and words that are common, with their rarity in steps. */
const COMMON: ReadonlyMap<string, number> = new Map([...readTable(COMMON_WORDS), ...readTable(COMMON_PIECES)]);
/** Every part of these words, with the rarity of the most common word that contains it. */
const PARTS: ReadonlyMap<string, number> = listParts();

/** Share of each folded ASCII byte in ordinary text; capitals count with their small letters. */
const SHARES: readonly number[] = listShares();

function readTable(table: Readonly<Record<number, string>>): readonly (readonly [piece: string, rarity: number])[] {
  return Object.entries(table).flatMap(([rarity, pieces]) =>
    pieces.split('|').map((piece) => [piece, Number(rarity)] as const),
  );
}

function listParts(): Map<string, number> {
  const parts = new Map<string, number>();
  for (const [piece, rarity] of COMMON) {
    for (const part of partsOf(piece)) parts.set(part, Math.min(rarity, parts.get(part) ?? rarity));
  }
  return parts;
}

function listShares(): readonly number[] {
  return Array.from({ length: ASCII }, (_, byte) => (foldByte(byte) === byte ? estimateFrequency([byte]) : 0));
}

/** All parts of a text of two to eight characters. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  for (let start = 0; start < text.length - 1; start++) {
    const lastEnd = Math.min(text.length, start + LONGEST_PART);
    for (let end = start + 2; end <= lastEnd; end++) parts.push(text.slice(start, end));
  }
  return parts;
}

/**
 * Estimated hits of a folded byte string per byte of ordinary text: 0 to 1. Multiplies the chances of its pairs of
 * bytes. A piece that is known to be common uses its counted frequency instead, and a part of a common word is at least
 * as common as the word.
 */
export function estimateFrequency(literal: readonly number[]): number {
  const text = String.fromCharCode(...literal.map(foldByte));
  const whole = chainRarity(text);
  let rarity = Math.min(whole, PARTS.get(text) ?? whole, text.length < 3 ? SHORT_RARITY : whole);
  for (const part of partsOf(text)) {
    const rarityOfPart = COMMON.get(part);
    if (rarityOfPart !== undefined) rarity = Math.min(rarity, whole - chainRarity(part) + rarityOfPart);
  }
  return 2 ** (-Math.max(0, rarity) / STEPS_PER_BIT);
}

/** Estimated occurrences of the first two bytes of a folded byte string, per byte of ordinary text. */
export function estimateStarts(literal: readonly number[]): number {
  return 2 ** (-chainRarity(String.fromCharCode(...literal.slice(0, 2))) / STEPS_PER_BIT);
}

/** Rarity of a text by its first byte and its pairs, in steps. */
function chainRarity(text: string): number {
  let steps = 0;
  let row = -1;
  for (const character of text) {
    const column = classOf(character);
    steps += digit((row < 0 ? SINGLE_RARITY : PAIR_RARITY[row])?.[column]);
    row = column;
  }
  return steps;
}

/** Share of letters that are small ones. */
const SMALL = 0.9;

/** Estimated share of the bytes of ordinary text that are of a set. */
export function estimateShare(set: ByteSet): number {
  if (sizeOf(set) === set.length) return 1;
  let share = 0;
  for (const [byte, own] of SHARES.entries()) share += own * shareOfCases(set, byte);
  return Math.min(1, share);
}

/** Estimated share of the hits whose byte has the case that a set demands. */
export function shareOfCases(set: ByteSet, byte: number): number {
  const isLetter = byte >= 97 && byte <= 122;
  return isLetter ? (set[byte] as number) * SMALL + (set[byte - 32] as number) * (1 - SMALL) : (set[byte] as number);
}

function classOf(character: string): number {
  const index = ALPHABET.indexOf(character);
  return index < 0 ? ALPHABET.length : index;
}

function digit(character: string | undefined): number {
  const code = character?.charCodeAt(0) ?? 48;
  if (code <= 57) return code - 48;
  return code <= 90 ? code - 55 : code - 61;
}
