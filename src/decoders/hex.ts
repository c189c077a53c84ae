import type { ByteRange } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';
import { classOf, decodeRuns, type Encoding, findRuns, mostOdd, oddness } from './shared/spans.ts';

const DIGITS = classOf('0123456789abcdefABCDEF');
const SHORTEST = 32;

const HEX: Encoding = {
  id: 'hex',
  decode: decodeHex,
  digits: {
    table: DIGITS,
    perByte: 2,
    firstThree: threeAt,
    toBytes: (text) => Buffer.from(text, 'hex'),
  },
};

/** Hexadecimal text: pairs of digits without separators. Hashes decode to noise and are left alone. */
export default defineDecoder({
  id: 'hex',
  title: 'Hexadecimal text',
  form: 'text',
  accepts: (artifact) => artifact.bytes.length >= SHORTEST,
  decode: (artifact, budget) => decodeRuns(HEX, artifact, findRuns(artifact, DIGITS, SHORTEST), budget),
});

function decodeHex(bytes: Uint8Array, run: ByteRange): Uint8Array | undefined {
  const length = run.end - run.start;
  if (length % 2 !== 0) return undefined;
  if (!tastesOfText(bytes, run.start, length) || !hasVariety(bytes, run)) return undefined;
  return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset + run.start, length).toString('latin1'), 'hex');
}

/** False: what the first digits decode to (a hash shows itself at once) is not the start of a text. */
function tastesOfText(bytes: Uint8Array, start: number, length: number): boolean {
  const mostOddBytes = mostOdd(length / 2);
  let odd = 0;
  for (let at = start; at < start + SHORTEST && odd <= mostOddBytes; at += 2) {
    odd += oddness((digit(bytes[at] as number) << 4) | digit(bytes[at + 1] as number));
  }
  return odd <= mostOddBytes;
}

/** False: one digit over and over. It holds no secret, and it can decode to itself (`3333`) as often as it is tried. */
function hasVariety(bytes: Uint8Array, { start, end }: ByteRange): boolean {
  for (let at = start + 1; at < end; at += 1) if (bytes[at] !== bytes[start]) return true;
  return false;
}

/** The three bytes that six digits stand for, as one number. */
function threeAt(bytes: Uint8Array, at: number): number {
  let three = 0;
  for (let place = at; place < at + 6; place += 1) three = (three << 4) | digit(bytes[place] as number);
  return three;
}

/** Digits 0 to 9 end in their value; letters of either case in one less than their place in the alphabet, from 1. */
function digit(byte: number): number {
  return byte > 57 ? (byte & 15) + 9 : byte & 15;
}
