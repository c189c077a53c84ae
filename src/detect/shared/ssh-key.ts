import { createHash, createPublicKey } from 'node:crypto';
import { ByteReader } from './decode.ts';

const MAGIC = Buffer.from('openssh-key-v1\0');

export interface OpenSshKey {
  /** `ssh-ed25519`, `ssh-rsa`, ... */
  readonly algorithm: string;
  readonly encrypted: boolean;
  readonly publicBlob: Buffer;
  /** Where the key is not encrypted: both check numbers are equal, as a real key has it. */
  readonly consistent: boolean;
}

/** Reads an OpenSSH private key (PROTOCOL.key of OpenSSH); undefined where the bytes are not one. */
export function readOpenSshKey(bytes: Buffer): OpenSshKey | undefined {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const reader = new ByteReader(bytes.subarray(MAGIC.length));
  const cipher = reader.string32()?.toString('latin1');
  reader.string32();
  reader.string32();
  const count = reader.uint32();
  const publicBlob = reader.string32();
  const inner = reader.string32();
  const algorithm = publicBlob === undefined ? undefined : new ByteReader(publicBlob).string32()?.toString('latin1');
  if (count !== 1 || publicBlob === undefined || inner === undefined || algorithm === undefined) return undefined;
  if (!/^[a-z0-9@.-]{3,64}$/.test(algorithm)) return undefined;
  const checks = new ByteReader(inner);
  const [first, second] = [checks.uint32(), checks.uint32()];
  const consistent = cipher !== 'none' || (first !== undefined && first === second);
  return { algorithm, encrypted: cipher !== 'none', publicBlob, consistent };
}

/** `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it. */
export function sshFingerprint(publicBlob: Buffer): string {
  return `SHA256:${createHash('sha256').update(publicBlob).digest('base64').replace(/=+$/, '')}`;
}

type Jwk = Readonly<Partial<Record<'kty' | 'crv' | 'n' | 'e' | 'x' | 'y', string | undefined>>>;

const CURVES: Readonly<Record<string, string>> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };

/** The SSH form of a public key given as JWK; undefined for kinds that SSH has not. */
export function sshBlobOfJwk(jwk: Jwk): Buffer | undefined {
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  if (jwk.kty === 'RSA') return sshBlobOfRsa(multiPrecision(bytes(jwk.e)), multiPrecision(bytes(jwk.n)));
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return joinStrings(['ssh-ed25519', bytes(jwk.x)]);
  const curve = CURVES[jwk.crv ?? ''];
  if (jwk.kty !== 'EC' || curve === undefined) return undefined;
  const point = Buffer.concat([Buffer.from([4]), bytes(jwk.x), bytes(jwk.y)]);
  return joinStrings([`ecdsa-sha2-${curve}`, curve, point]);
}

/** The SSH form of an RSA key. Numbers are big-endian with a zero byte before a high bit, in DER as in SSH. */
export function sshBlobOfRsa(exponent: Buffer, modulus: Buffer): Buffer {
  return joinStrings(['ssh-rsa', exponent, modulus]);
}

/**
 * SubjectPublicKeyInfo (DER) of an SSH public key; undefined for kinds that have none, such as hardware-backed keys.
 */
export function spkiOfSshBlob(blob: Buffer): Buffer | undefined {
  const jwk = jwkOfSshBlob(new ByteReader(blob));
  if (jwk === undefined) return undefined;
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function jwkOfSshBlob(reader: ByteReader): Jwk | undefined {
  const algorithm = reader.string32()?.toString('latin1') ?? '';
  const [first, second] = [reader.string32(), reader.string32()];
  if (algorithm === 'ssh-ed25519' && first) return { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') };
  if (first === undefined || second === undefined) return undefined;
  if (algorithm === 'ssh-rsa') return { kty: 'RSA', e: unsigned(first), n: unsigned(second) };
  const crv = Object.entries(CURVES).find(([, name]) => algorithm === `ecdsa-sha2-${name}`)?.[0];
  if (crv === undefined || second[0] !== 4) return undefined;
  const half = (second.length - 1) / 2;
  const [x, y] = [second.subarray(1, 1 + half), second.subarray(1 + half)];
  return { kty: 'EC', crv, x: x.toString('base64url'), y: y.toString('base64url') };
}

function unsigned(number: Buffer): string {
  return (number[0] === 0 ? number.subarray(1) : number).toString('base64url');
}

/** Signed big-endian number: a zero byte before a first byte of 128 and more. */
function multiPrecision(number: Buffer): Buffer {
  return (number[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), number]) : number;
}

function joinStrings(parts: readonly (string | Buffer)[]): Buffer {
  const fields = parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(fields);
}
