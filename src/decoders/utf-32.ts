import type { Artifact } from '../model/artifact.ts';
import { defineDecoder } from './contract.ts';

/** Code points looked at to tell text from another file that begins with the same four bytes. */
const LOOKED_AT = 64;
const LAST_CODE_POINT = 0x10ffff;
/** Stands for what is no character, as in every decoder of Unicode. */
const REPLACEMENT = 0xfffd;

type Order = 'little' | 'big';

/**
 * UTF-32 text with a byte order mark; without one nobody writes it. Returns them as UTF-8; lines stay the same. Must be
 * asked beside UTF-16, whose little-endian mark is the first half of this one.
 */
export default defineDecoder({
  id: 'utf-32',
  title: 'UTF-32 text',
  form: 'container',
  begins: [0x00, 0xff],
  accepts: ({ bytes }) => byteOrder(bytes) !== undefined,
  decode: function* (artifact, budget) {
    const { bytes, origin } = artifact;
    if (bytes.length > budget.bytes) {
      const message = `${origin.path}: UTF-32 text larger than the limit of decoded bytes`;
      return yield { kind: 'gap', gap: { reason: 'limit', subject: origin.path, message } };
    }
    budget.bytes -= bytes.length;
    yield { kind: 'artifact', artifact: toUtf8(artifact, byteOrder(bytes) ?? 'little') };
  },
});

/** Bytes that do not make up a whole code point at the end are left out. No code point takes more bytes than before. */
function toUtf8(artifact: Artifact, order: Order): Artifact {
  const { bytes, origin } = artifact;
  const text = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 4; at + 4 <= bytes.length; at += 4) {
    const point = codePointAt(bytes, at, order);
    length = writePoint(text, length, isCharacter(point) ? point : REPLACEMENT);
  }
  return { origin, bytes: text.subarray(0, length), derivation: { decoder: 'utf-32', parent: artifact } };
}

/** Writes a code point as UTF-8 (RFC 3629) and returns the position behind it. */
function writePoint(text: Buffer, at: number, point: number): number {
  if (point < 0x80) {
    text[at] = point;
    return at + 1;
  }
  const more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  text[at] = ([0xc0, 0xe0, 0xf0][more - 1] as number) | (point >> (6 * more));
  for (let sextet = more - 1; sextet >= 0; sextet -= 1)
    text[at + more - sextet] = 0x80 | ((point >> (6 * sextet)) & 0x3f);
  return at + more + 1;
}

function byteOrder(bytes: Uint8Array): Order | undefined {
  const order = markedOrder(bytes);
  if (order === undefined) return undefined;
  const end = Math.min(bytes.length - (bytes.length % 4), 4 * LOOKED_AT);
  for (let at = 4; at < end; at += 4) if (codePointAt(bytes, at, order) > LAST_CODE_POINT) return undefined;
  return order;
}

function markedOrder(bytes: Uint8Array): Order | undefined {
  if (bytes.length < 8) return undefined;
  const [a, b, c, d] = [bytes[0], bytes[1], bytes[2], bytes[3]];
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'little';
  return a === 0 && b === 0 && c === 0xfe && d === 0xff ? 'big' : undefined;
}

function codePointAt(bytes: Uint8Array, at: number, order: Order): number {
  const [a, b, c, d] = [bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0];
  const [first, second, third, last] = order === 'big' ? [a, b, c, d] : [d, c, b, a];
  return first * 0x1000000 + (second << 16) + (third << 8) + last;
}

function isCharacter(point: number): boolean {
  return point <= LAST_CODE_POINT && (point < 0xd800 || point > 0xdfff);
}
