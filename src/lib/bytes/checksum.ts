import { crc32 } from 'node:zlib';

const BASE62_DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE32_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const BECH32_DIGITS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** CRC-32 (IEEE, as zlib) of text seen as latin-1, as an unsigned number. */
export function textCrc32(text: string): number {
  return crc32(Buffer.from(text, 'latin1')) >>> 0;
}

/** The four bytes of a 32-bit number, least significant first. */
export function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** A number in base 62 (`0-9A-Za-z`), padded with zeros on the left. */
export function base62(value: number, width: number): string {
  let text = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / 62)) text = BASE62_DIGITS.charAt(rest % 62) + text;
  return text.padStart(width, '0');
}

/** CRC-32 of text as eight lower-case hex digits. */
export function crc32Hex(text: string): string {
  return textCrc32(text).toString(16).padStart(8, '0');
}

/** RFC 4648 base32 (upper case, no padding). */
export function encodeBase32(bytes: Uint8Array): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= 5; bits -= 5) text += BASE32_DIGITS.charAt((value >>> (bits - 5)) & 31);
  }
  return bits > 0 ? text + BASE32_DIGITS.charAt((value << (5 - bits)) & 31) : text;
}

/**
 * Reads RFC 4648 base32 (upper case, no padding); undefined where a character is not of it. Left-over bits are ignored.
 */
export function decodeBase32(text: string): Buffer | undefined {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    const digit = BASE32_DIGITS.indexOf(character);
    if (digit < 0) return undefined;
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 0xff);
  }
  return Buffer.from(bytes);
}

/** CRC-16/XMODEM (polynomial 0x1021, start 0), as NATS seeds use it. */
export function crc16Xmodem(bytes: Uint8Array): number {
  return crcMsbFirst(bytes, { width: 16, polynomial: 0x1021, start: 0 });
}

/** CRC-24 of OpenPGP armor (RFC 9580, 6.1). */
export function crc24(bytes: Uint8Array): number {
  return crcMsbFirst(bytes, { width: 24, polynomial: 0x864cfb, start: 0xb704ce });
}

function crcMsbFirst(bytes: Uint8Array, form: { width: number; polynomial: number; start: number }): number {
  const top = 2 ** (form.width - 1);
  const mask = 2 ** form.width - 1;
  let crc = form.start;
  for (const byte of bytes) {
    crc ^= byte << (form.width - 8);
    for (let bit = 0; bit < 8; bit++) crc = (crc & top ? (crc << 1) ^ form.polynomial : crc << 1) & mask;
  }
  return crc;
}

/**
 * Marvin32 (the checksum of Microsoft's identifiable keys), both halves folded to 32 bits.
 * `seed`: eight bytes read big-endian, so that a seed such as `Default0` can be given as text.
 */
export function marvin32(bytes: Uint8Array, seed: string): number {
  const [low, high] = marvin64(bytes, Buffer.from(seed, 'latin1').readBigUInt64BE());
  return (low ^ high) >>> 0;
}

/** Marvin's two 32-bit halves, low first. */
export function marvin64(bytes: Uint8Array, seed: bigint): readonly [low: number, high: number] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const whole = view.length - (view.length % 4);
  let state: readonly [number, number] = [Number(seed & 0xffffffffn), Number(seed >> 32n)];
  for (let offset = 0; offset < whole; offset += 4) state = marvinBlock(state[0] + view.readUInt32LE(offset), state[1]);
  const tail = Buffer.alloc(4);
  view.copy(tail, 0, whole);
  tail[view.length - whole] = 0x80;
  state = marvinBlock(state[0] + tail.readUInt32LE(), state[1]);
  state = marvinBlock(state[0], state[1]);
  return [state[0] >>> 0, state[1] >>> 0];
}

function marvinBlock(first: number, second: number): readonly [number, number] {
  let low = first | 0;
  let high = second ^ low;
  low = (rotate(low, 20) + high) | 0;
  high = rotate(high, 9) ^ low;
  low = (rotate(low, 27) + high) | 0;
  return [low, rotate(high, 19)];
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** True when a lower-case bech32 text `<human part>1<data>` carries its right checksum (BIP 173, constant 1). */
export function isBech32(humanPart: string, data: string): boolean {
  const digits = [...data].map((character) => BECH32_DIGITS.indexOf(character));
  return !digits.includes(-1) && bech32Polymod([...expandHumanPart(humanPart), ...digits]) === 1;
}

/** Bech32 data part (lower case) of bytes, checksum included. */
export function encodeBech32(humanPart: string, bytes: Uint8Array): string {
  const digits = fiveBitGroups(bytes);
  const check = bech32Polymod([...expandHumanPart(humanPart), ...digits, 0, 0, 0, 0, 0, 0]) ^ 1;
  const checkDigits = Array.from({ length: 6 }, (_, index) => (check >>> (5 * (5 - index))) & 31);
  return [...digits, ...checkDigits].map((digit) => BECH32_DIGITS.charAt(digit)).join('');
}

function fiveBitGroups(bytes: Uint8Array): number[] {
  return [...encodeBase32(bytes)].map((character) => BASE32_DIGITS.indexOf(character));
}

function expandHumanPart(humanPart: string): number[] {
  const codes = [...humanPart].map((character) => character.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function bech32Polymod(values: readonly number[]): number {
  let check = 1;
  for (const value of values) {
    const top = check >>> 25;
    check = ((check & 0x1ffffff) << 5) ^ value;
    for (const [bit, generator] of BECH32_GENERATOR.entries()) if ((top >>> bit) & 1) check ^= generator;
  }
  return check;
}
