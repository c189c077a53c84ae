import { checkPrimeSync, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { crc24 } from '../bytes/checksum.ts';
import { LOWER, type Random } from './random.ts';

const RSA_PRIME_BITS = 512;
const RSA_EXPONENT = 65537n;
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const P256_PKCS8_HEAD = Buffer.from('3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420', 'hex');
const PEM_LINE = 64;

/**
 * A private key in PEM form that really parses, drawn from the seed: `ec` (SEC1), `rsa` (PKCS#1, 1024 bits), `pkcs8`
 * (P-256), `ed25519` (PKCS#8), `pkcs8-encrypted` (structure only). Lines end with `\n`; no line break after the last
 * one.
 */
export function pemKey(form: string, random: Random): string {
  if (form === 'rsa') return wrap('RSA PRIVATE KEY', rsaPkcs1(random));
  if (form === 'pkcs8') return wrap('PRIVATE KEY', exportKey(p256(random), 'pkcs8'));
  if (form === 'ed25519') return wrap('PRIVATE KEY', Buffer.concat([ED25519_PKCS8, random.bytes(32)]));
  if (form === 'pkcs8-encrypted') return wrap('ENCRYPTED PRIVATE KEY', encryptedPkcs8(random));
  return wrap('EC PRIVATE KEY', exportKey(p256(random), 'sec1'));
}

/**
 * An unencrypted OpenSSH Ed25519 private key (PROTOCOL.key of OpenSSH). An empty comment is replaced by a drawn one.
 */
export function openSshKey(comment: string, random: Random): string {
  const seed = random.bytes(32);
  const privateKey = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const point = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const publicBlob = Buffer.concat([sshString('ssh-ed25519'), sshString(point)]);
  const check = random.bytes(4);
  const named = comment === '' ? `${random.text(LOWER, 6)}@${random.text(LOWER, 5)}` : comment;
  const inner = Buffer.concat([check, check, publicBlob, sshString(Buffer.concat([seed, point])), sshString(named)]);
  const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
  const count = Buffer.from([0, 0, 0, 1]);
  const body = [sshString('none'), sshString('none'), sshString(''), count, sshString(publicBlob)];
  return wrap(
    'OPENSSH PRIVATE KEY',
    Buffer.concat([Buffer.from('openssh-key-v1\0'), ...body, sshString(Buffer.concat([inner, padding]))]),
    70,
  );
}

/** OpenPGP armor of random bytes that begin as a secret key packet, with the right CRC-24. */
export function pgpArmor(random: Random): string {
  const packet = Buffer.concat([Buffer.from([0x95, 0x01, 0xd8, 0x04]), random.bytes(240)]);
  const crc = crc24(packet);
  const check = Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]).toString('base64');
  const lines = splitLines(packet.toString('base64'), PEM_LINE).join('\n');
  return `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${lines}\n=${check}\n-----END PGP PRIVATE KEY BLOCK-----`;
}

function wrap(label: string, der: Buffer, width = PEM_LINE): string {
  const lines = splitLines(der.toString('base64'), width).join('\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----`;
}

function splitLines(text: string, width: number): readonly string[] {
  return text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
}

function p256(random: Random): KeyObject {
  const scalar = random.bytes(32);
  scalar[0] = 0x10 + random.integer(0x60);
  return createPrivateKey({ key: Buffer.concat([P256_PKCS8_HEAD, scalar]), format: 'der', type: 'pkcs8' });
}

function exportKey(key: KeyObject, type: 'pkcs8' | 'sec1'): Buffer {
  return key.export({ format: 'der', type });
}

function rsaPkcs1(random: Random): Buffer {
  const p = drawPrime(random);
  const q = drawPrime(random);
  const d = inverse(RSA_EXPONENT, (p - 1n) * (q - 1n));
  const numbers = [0n, p * q, RSA_EXPONENT, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  return derSequence(Buffer.concat(numbers.map(derInteger)));
}

function drawPrime(random: Random): bigint {
  const bytes = random.bytes(RSA_PRIME_BITS / 8);
  bytes[0] = 0xc0 | (bytes[0] ?? 0);
  let candidate = BigInt(`0x${bytes.toString('hex')}`) | 1n;
  while (candidate % RSA_EXPONENT === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, nextR] = [modulus, value % modulus];
  let [t, nextT] = [0n, 1n];
  while (nextR !== 0n) {
    const quotient = r / nextR;
    [r, nextR] = [nextR, r - quotient * nextR];
    [t, nextT] = [nextT, t - quotient * nextT];
  }
  return t < 0n ? t + modulus : t;
}

function derInteger(value: bigint): Buffer {
  const digits = value.toString(16);
  const even = digits.length % 2 === 1 ? `0${digits}` : digits;
  const padded = Number.parseInt(even.slice(0, 2), 16) > 0x7f ? `00${even}` : even;
  const bytes = Buffer.from(padded, 'hex');
  return Buffer.concat([Buffer.from([2]), derLength(bytes.length), bytes]);
}

function derSequence(content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x30]), derLength(content.length), content]);
}

function derLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

/** PBES2 (PBKDF2 with HMAC-SHA-256, AES-256-CBC) around random bytes: structure is right, there is no key inside. */
function encryptedPkcs8(random: Random): Buffer {
  const octets = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([4]), derLength(bytes.length), bytes]);
  const oid = (hex: string): Buffer => Buffer.concat([Buffer.from([6, hex.length / 2]), Buffer.from(hex, 'hex')]);
  const hash = derSequence(Buffer.concat([oid('2a864886f70d0209'), Buffer.from([5, 0])]));
  const derivation = derSequence(Buffer.concat([octets(random.bytes(8)), derInteger(2048n), hash]));
  const scheme = derSequence(Buffer.concat([oid('2a864886f70d01050c'), derivation]));
  const cipher = derSequence(Buffer.concat([oid('60864801650304012a'), octets(random.bytes(16))]));
  const algorithm = derSequence(
    Buffer.concat([oid('2a864886f70d01050d'), derSequence(Buffer.concat([scheme, cipher]))]),
  );
  return derSequence(Buffer.concat([algorithm, octets(random.bytes(144))]));
}

function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
