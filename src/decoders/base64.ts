import type { Artifact, ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, type Encoding, findRuns, mostOdd, oddness } from './shared/spans.ts';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const ALPHABET = classOf(`${DIGITS}+/-_`);
/** 20 characters decode to 15 bytes: shorter runs are names and words. */
const SHORTEST = 20;
const [EQUALS, BACKSLASH] = [61, 92];
const ESCAPES = classOf('nrt');
/** Digits decoded to see whether the rest is worth it: names and noise are told apart from text by the first few. */
const TASTED = 32;
/** Value of each digit, of both alphabets. */
const VALUES = Uint8Array.from({ length: 256 }, (_, byte) =>
  Math.max(0, `${DIGITS}+/`.indexOf(String.fromCharCode(byte)), `${DIGITS}-_`.indexOf(String.fromCharCode(byte))),
);

/** Base64 and base64url inside text (RFC 4648), with or without padding. */
export default defineDecoder({
  id: 'base64',
  title: 'Base64 text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns(BASE64, artifact, findPadded(artifact), budget),
});

const BASE64: Encoding = {
  id: 'base64',
  decode: decodeBase64,
  digits: {
    table: ALPHABET,
    perByte: 4 / 3,
    firstThree: threeAt,
    toBytes: (text) => Buffer.from(text, 'base64'),
  },
};

/**
 * Runs of the alphabet with the padding behind them, so that a location covers the whole encoded text. The letter of an
 * escaped line break (`\n`, as in JSON) is no digit: with it all digits of the line would be read wrong.
 */
function findPadded(artifact: Artifact): readonly ByteRange[] {
  const { bytes } = artifact;
  return findRuns(artifact, ALPHABET, SHORTEST).map(({ start, end }) => {
    let last = end;
    while (last < end + 2 && bytes[last] === EQUALS) last += 1;
    return { start: isEscape(bytes, start) ? start + 1 : start, end: last };
  });
}

function isEscape(bytes: Uint8Array, at: number): boolean {
  return bytes[at - 1] === BACKSLASH && ESCAPES[bytes[at] as number] === 1;
}

function decodeBase64(bytes: Uint8Array, run: ByteRange): Uint8Array | undefined {
  if (!tastesOfText(bytes, run)) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + run.start, run.end - run.start).toString('latin1');
  if (/^[a-z]+$|^[A-Z]+$|^[0-9a-f]+$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** False: what the first digits decode to is not the start of a text. */
function tastesOfText(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  const mostOddBytes = mostOdd(((end - start) * 3) >> 2);
  const last = start + Math.min(TASTED, Math.floor((end - start) / 4) * 4 - 4);
  let odd = 0;
  for (let at = start; at < last && odd <= mostOddBytes; at += 4) {
    const three = threeAt(bytes, at);
    odd += oddness(three >> 16) + oddness((three >> 8) & 255) + oddness(three & 255);
  }
  return odd <= mostOddBytes;
}

/** The three bytes that four digits stand for, as one number. */
function threeAt(bytes: Uint8Array, at: number): number {
  return (value(bytes, at) << 18) | (value(bytes, at + 1) << 12) | (value(bytes, at + 2) << 6) | value(bytes, at + 3);
}

function value(bytes: Uint8Array, at: number): number {
  return VALUES[bytes[at] as number] as number;
}
