/** The body of a packet of PGP or of a value in DER: where it starts, and its length, where that is told. */
interface Body {
  readonly start: number;
  readonly length?: number;
}

const [PACKET, NEW_FORM] = [0x80, 0x40];
/** Tags of packets (RFC 9580, 5): a session key for a public key, one for a password, a secret key. */
const TAG = { forKey: 1, forPassword: 3, secretKey: 5 };
/** Algorithms whose keys begin with a long number. */
const OF_NUMBERS: readonly number[] = [1, 2, 3, 16, 17, 20];
const ECDH = 18;
/** Algorithms whose keys begin with the identifier of a curve. */
const OF_CURVES: readonly number[] = [ECDH, 19, 22];
/** Algorithms of RFC 9580, whose keys are of one length. */
const NATIVE: readonly number[] = [25, 26, 27, 28];
const CIPHERS: readonly number[] = [1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13];

/** Bytes that begin a packet with a tag, in the old form (four lengths) and the new one. */
export function packetStarts(tag: keyof typeof TAG): readonly string[] {
  const old = [0, 1, 2, 3].map((length) => PACKET | (TAG[tag] << 2) | length);
  return [...old, PACKET | NEW_FORM | TAG[tag]].map((byte) => String.fromCharCode(byte));
}

/** A secret key of version 3 to 6 with a key that its algorithm has. */
export function isPgpSecretKey(bytes: Uint8Array): boolean {
  const body = bodyOfPacket(bytes);
  const version = bytes[body.start] ?? 0;
  if (!isLongEnough(body) || version < 3 || version > 6) return false;
  const at = body.start + (version === 3 ? 7 : 5);
  const algorithm = bytes[at] ?? 0;
  const key = at + (version === 6 ? 5 : 1);
  return hasKeyOf(bytes, algorithm, key);
}

/** A session key for the holder of a key, or for whoever knows a password: an encrypted file begins with one. */
export function isPgpMessage(bytes: Uint8Array): boolean {
  const body = bodyOfPacket(bytes);
  const [version = 0, second = 0, third = 0] = bytes.subarray(body.start, body.start + 3);
  if (!isLongEnough(body)) return false;
  if (tagOf(bytes) === TAG.forPassword) {
    if (version === 4) return CIPHERS.includes(second) && third <= 4;
    return CIPHERS.includes(version === 5 ? second : version === 6 ? third : 0);
  }
  if (version !== 3) return version === 6 && second <= 33;
  const algorithm = bytes[body.start + 9] ?? 0;
  return hasNumber(bytes, body.start + 10) && (algorithm === ECDH || OF_NUMBERS.includes(algorithm));
}

function hasKeyOf(bytes: Uint8Array, algorithm: number, at: number): boolean {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2);
  if (OF_NUMBERS.includes(algorithm)) return hasNumber(bytes, at);
  if (OF_CURVES.includes(algorithm)) return first >= 3 && first <= 10 && (second === 0x2a || second === 0x2b);
  return NATIVE.includes(algorithm);
}

/** A number of 256 to 16,384 bits: its length in bits, and a first bit that is set. */
function hasNumber(bytes: Uint8Array, at: number): boolean {
  const bits = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
  const first = bytes[at + 2] ?? 0;
  return bits >= 256 && bits <= 16_384 && first >>> ((bits - 1) & 7) === 1;
}

/** A compressed message, as gpg writes it: to the end of the file, by Deflate, zlib or bzip2. */
export function isPgpCompressed(bytes: Uint8Array): boolean {
  const [, method, first = 0, second] = bytes;
  if (method === 1) return (first & 6) !== 6;
  return method === 2 ? first === 0x78 : method === 3 && first === 0x42 && second === 0x5a;
}

function tagOf([head = 0]: Uint8Array): number {
  return (head & NEW_FORM) === 0 ? (head >> 2) & 15 : head & 63;
}

function bodyOfPacket(bytes: Uint8Array): Body {
  const [head = 0, first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = bytes;
  if ((head & NEW_FORM) === 0) {
    const kind = head & 3;
    if (kind === 3) return { start: 1 };
    const length = [first, first * 256 + second, ((first * 256 + second) * 256 + third) * 256 + fourth][kind] ?? 0;
    return { start: 1 + 2 ** kind, length };
  }
  if (first < 192) return { start: 2, length: first };
  if (first < 224) return { start: 3, length: (first - 192) * 256 + second + 192 };
  // A part of a body, with more parts behind it.
  if (first < 255) return { start: 2 };
  return { start: 6, length: ((second * 256 + third) * 256 + fourth) * 256 + fifth };
}

/** Also of a file that is cut off: what is left of a key may be enough. */
function isLongEnough({ length }: Body): boolean {
  return length === undefined || length >= 8;
}

const [LIST, INTEGER, OCTETS, IDENTIFIER] = [0x30, 0x02, 0x04, 0x06];
/** Start of the identifiers of encryption by password: PKCS #5 and PKCS #12. */
const BY_PASSWORD: readonly string[] = ['2a864886f70d0105', '2a864886f70d010c01'];

/**
 * A private key in DER: PKCS #8 (RFC 5958), also encrypted, PKCS #1 (RFC 8017), SEC 1 (RFC 5915). Told by the first
 * values of its list.
 */
export function isDerPrivateKey(bytes: Uint8Array): boolean {
  const list = bodyOfValue(bytes, 0);
  if (bytes[0] !== LIST || list === undefined || list.start + (list.length ?? 0) > bytes.length) return false;
  const at = list.start;
  if (bytes[at] === LIST) return isByPassword(bytes, at);
  if (bytes[at] !== INTEGER || bytes[at + 1] !== 1) return false;
  const [version = 9, next = 0, length = 0] = bytes.subarray(at + 2);
  const inner = bodyOfValue(bytes, at + 3)?.start ?? 0;
  if (next === LIST) return version <= 1 && bytes[inner] === IDENTIFIER;
  if (version === 0) return next === INTEGER && (length === 0x81 || length === 0x82);
  return version === 1 && next === OCTETS && length >= 20 && length <= 66;
}

function isByPassword(bytes: Uint8Array, at: number): boolean {
  const inner = bodyOfValue(bytes, at)?.start ?? 0;
  const identifier = Buffer.from(bytes.subarray(inner + 2, inner + 11)).toString('hex');
  return bytes[inner] === IDENTIFIER && BY_PASSWORD.some((start) => identifier.startsWith(start));
}

/** Where the content of a value starts, and its length. */
function bodyOfValue(bytes: Uint8Array, at: number): Body | undefined {
  const first = bytes[at + 1] ?? 0x80;
  if (first < 0x80) return { start: at + 2, length: first };
  const count = first - 0x80;
  if (count === 0 || count > 3) return undefined;
  let length = 0;
  for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  return { start: at + 2 + count, length };
}
