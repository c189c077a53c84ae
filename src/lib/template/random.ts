import { createHash } from 'node:crypto';

export const DIGITS = '0123456789';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const BASE62 = DIGITS + UPPER + LOWER;
export const BASE32 = `${UPPER}234567`;
export const BASE64 = `${UPPER + LOWER + DIGITS}+/`;
export const BASE64URL = `${UPPER + LOWER + DIGITS}-_`;

const TRIES = 64;
const CLASS_FLOOR = 12;
const CLASSES = [/[0-9]/, /[a-z]/, /[A-Z]/];
const STATE_WORDS = 4;

/**
 * Reproducible randomness: the same seed gives the same draws on every machine. Not for anything that must be secret.
 */
export interface Random {
  /** Whole number in `[0, below)`. */
  integer(below: number): number;
  bytes(length: number): Buffer;
  /**
   * Text over an alphabet that looks drawn by a machine: no character three times in a row, no run such as `abcd`, no
   * sample word, and from 12 characters on a character of every class the alphabet has.
   */
  text(alphabet: string, length: number): string;
}

/** A generator for one seed (sfc32 over the seed's SHA-256). */
export function createRandom(seed: string): Random {
  const next = createWords(seed);
  const integer = (below: number): number => Math.floor((next() / 2 ** 32) * below);
  return {
    integer,
    bytes: (length) => Buffer.from(Array.from({ length }, () => integer(256))),
    text: (alphabet, length) => drawText(alphabet, length, integer),
  };
}

function createWords(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  const state = Uint32Array.from({ length: STATE_WORDS }, (_, index) => digest.readUInt32LE(index * 4));
  return () => {
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum;
  };
}

function drawText(alphabet: string, length: number, integer: (below: number) => number): string {
  let text = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    text = Array.from({ length }, () => alphabet.charAt(integer(alphabet.length))).join('');
    if (looksDrawn(text, alphabet)) return text;
  }
  return text;
}

function looksDrawn(text: string, alphabet: string): boolean {
  if (/(.)\1\1|test|fake|demo|sample|example|dummy|todo|null|true|xxx/i.test(text)) return false;
  if (hasSequence(text)) return false;
  if (text.length < CLASS_FLOOR) return true;
  return CLASSES.every((kind) => !kind.test(alphabet) || kind.test(text));
}

function hasSequence(text: string): boolean {
  let up = 0;
  let down = 0;
  for (let index = 1; index < text.length; index++) {
    const step = text.charCodeAt(index) - text.charCodeAt(index - 1);
    up = step === 1 ? up + 1 : 0;
    down = step === -1 ? down + 1 : 0;
    if (up >= 3 || down >= 3) return true;
  }
  return false;
}
