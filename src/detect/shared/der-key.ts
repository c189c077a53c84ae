import { createPublicKey } from 'node:crypto';

/**
 * The public half of a private key, read without OpenSSL. Whole numbers are big-endian, as DER has them: a zero byte
 * before a high bit.
 */
export type DerPublicKey =
  | { readonly type: 'rsa'; readonly modulus: Buffer; readonly exponent: Buffer; readonly spki: Buffer }
  | { readonly type: 'ec'; readonly curve: string; readonly jwk: EcJwk; readonly spki: Buffer };

export interface EcJwk {
  readonly kty: 'EC';
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, none: 0x05, oid: 0x06, list: 0x30, first: 0xa0, second: 0xa1 };
const RSA = '2a864886f70d010101';
const EC = '2a8648ce3d0201';
const ZERO = '00';
const ONE = '01';
/** Bytes of a modulus: 512 to 8,192 bits. */
const MODULUS = { least: 64, most: 1024 };

interface Curve {
  readonly name: string;
  readonly crv: string;
  /** Bytes of a coordinate. */
  readonly width: number;
  readonly order: string;
}

/** By object identifier; orders from SEC 2. */
const CURVES: ReadonlyMap<string, Curve> = new Map([
  [
    '2a8648ce3d030107',
    {
      name: 'prime256v1',
      crv: 'P-256',
      width: 32,
      order: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    },
  ],
  [
    '2b81040022',
    {
      name: 'secp384r1',
      crv: 'P-384',
      width: 48,
      order: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    },
  ],
]);

/** A PEM label and the structures that may follow it. */
const FORMS: Readonly<Record<string, readonly ((der: Buffer) => DerPublicKey | undefined)[]>> = {
  '': [readPkcs8, readRsa, readEc],
  'RSA ': [readRsa, readPkcs8],
  'EC ': [readEc, readPkcs8],
};

/**
 * Reads the most common private keys: RSA (PKCS#1, RFC 8017) and EC on P-256 and P-384 (SEC1, RFC 5915), bare or in
 * PKCS#8 (RFC 5208), strictly in DER. Returns undefined for all else, valid or not: OpenSSL is then asked, which takes
 * a hundred times as long.
 */
export function readDerKey(label: string, der: Buffer): DerPublicKey | undefined {
  for (const read of FORMS[label] ?? []) {
    const key = read(der);
    if (key !== undefined) return key;
  }
  return undefined;
}

function readPkcs8(der: Buffer): DerPublicKey | undefined {
  const [version, algorithm, key, more] = readList(der) ?? [];
  if (hexOf(version, TAG.integer) !== ZERO || algorithm?.tag !== TAG.list || key?.tag !== TAG.octets || more)
    return undefined;
  const [type, parameter, other] = readItems(algorithm.content) ?? [];
  if (other !== undefined) return undefined;
  const name = hexOf(type, TAG.oid);
  if (name === RSA && hexOf(parameter, TAG.none) === '') return readRsa(key.content);
  const curve = CURVES.get(hexOf(parameter, TAG.oid) ?? '');
  return name === EC && curve !== undefined ? readEc(key.content, curve) : undefined;
}

function readRsa(der: Buffer): DerPublicKey | undefined {
  const items = readList(der) ?? [];
  const [version, n, e] = items;
  if (items.length !== 9 || hexOf(version, TAG.integer) !== ZERO || !items.slice(1).every(isPositive)) return undefined;
  const [modulus, exponent] = [n?.content, e?.content];
  if (modulus === undefined || exponent === undefined || exponent.length > 8) return undefined;
  if (modulus.length < MODULUS.least || modulus.length > MODULUS.most || !isOdd(modulus) || !isOdd(exponent))
    return undefined;
  const key = writeItem(TAG.list, writeItem(TAG.integer, modulus), writeItem(TAG.integer, exponent));
  const algorithm = writeItem(TAG.list, writeItem(TAG.oid, Buffer.from(RSA, 'hex')), writeItem(TAG.none));
  return { type: 'rsa', modulus, exponent, spki: writeSpki(algorithm, key) };
}

/** `named`: the curve, where what is around the key has told it. Only keys that hold their public point. */
function readEc(der: Buffer, named?: Curve): DerPublicKey | undefined {
  const [version, secret, ...rest] = readList(der) ?? [];
  const parameters = rest[0]?.tag === TAG.first ? rest.shift() : undefined;
  const [point, more] = rest;
  if (hexOf(version, TAG.integer) !== ONE || point?.tag !== TAG.second || more !== undefined) return undefined;
  const inner = parameters === undefined ? undefined : hexOf(readOnly(parameters.content), TAG.oid);
  const curve = parameters === undefined ? named : CURVES.get(inner ?? '');
  if (curve === undefined || (named !== undefined && curve !== named)) return undefined;
  const number = hexOf(secret, TAG.octets) ?? '';
  const inRange = number.length === curve.width * 2 && number < curve.order && !/^0+$/.test(number);
  const bits = readOnly(point.content);
  return inRange && bits?.tag === TAG.bits ? describePoint(curve, bits.content) : undefined;
}

/** OpenSSL refuses a point that is not on the curve, so it is asked here as well. */
function describePoint({ name, crv, width }: Curve, bits: Buffer): DerPublicKey | undefined {
  if (bits.length !== 2 * width + 2 || bits[0] !== 0 || bits[1] !== 4) return undefined;
  const [x, y] = [bits.toString('base64url', 2, 2 + width), bits.toString('base64url', 2 + width)];
  const jwk: EcJwk = { kty: 'EC', crv, x, y };
  try {
    createPublicKey({ key: { ...jwk }, format: 'jwk' });
  } catch {
    return undefined;
  }
  const oid = [...CURVES].find(([, curve]) => curve.name === name)?.[0] ?? '';
  const algorithm = writeItem(
    TAG.list,
    writeItem(TAG.oid, Buffer.from(EC, 'hex')),
    writeItem(TAG.oid, Buffer.from(oid, 'hex')),
  );
  return { type: 'ec', curve: name, jwk, spki: writeSpki(algorithm, bits.subarray(1)) };
}

function writeSpki(algorithm: Buffer, key: Buffer): Buffer {
  return writeItem(TAG.list, algorithm, writeItem(TAG.bits, Buffer.from([0]), key));
}

interface Item {
  readonly tag: number;
  readonly content: Buffer;
}

/** The items of the one list that a text is; undefined where it is anything else. */
function readList(der: Buffer): Item[] | undefined {
  const list = readOnly(der);
  return list?.tag === TAG.list ? readItems(list.content) : undefined;
}

function readOnly(der: Buffer): Item | undefined {
  const items = readItems(der);
  return items?.length === 1 ? items[0] : undefined;
}

/** Most items of a list: no key has more. */
const MOST_ITEMS = 10;

function readItems(der: Buffer): Item[] | undefined {
  const items: Item[] = [];
  for (let at = 0; at < der.length; ) {
    const start = at + 2 + longOf(der[at + 1] ?? 0);
    const length = lengthAt(der, at + 1);
    if (length === undefined || start + length > der.length || items.length === MOST_ITEMS) return undefined;
    items.push({ tag: der[at] ?? 0, content: der.subarray(start, start + length) });
    at = start + length;
  }
  return items;
}

/** Bytes of a length after its first one. */
function longOf(first: number): number {
  return first < 0x80 ? 0 : first - 0x80;
}

/** A length of at most two further bytes, as short as it can be written. */
function lengthAt(der: Buffer, at: number): number | undefined {
  const first = der[at];
  if (first === undefined || first < 0x80) return first;
  const [second = 0, third] = [der[at + 1], der[at + 2]];
  if (first === 0x81) return second >= 0x80 ? second : undefined;
  return first === 0x82 && second > 0 && third !== undefined ? second * 256 + third : undefined;
}

function writeItem(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const head = length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}

function hexOf(item: Item | undefined, tag: number): string | undefined {
  return item?.tag === tag ? item.content.toString('hex') : undefined;
}

/** A whole number above zero, as short as it can be written. */
function isPositive({ tag, content }: Item): boolean {
  const [first = 0x80, second = 0] = content;
  return tag === TAG.integer && first < 0x80 && (first > 0 || second >= 0x80);
}

function isOdd(number: Buffer): boolean {
  return ((number.at(-1) ?? 0) & 1) === 1;
}
