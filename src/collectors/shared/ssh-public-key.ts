import { createHash } from 'node:crypto';
import { defined } from '../../lib/fields/defined.ts';

/** Facts from the public part of an SSH key. */
export interface SshKeyFacts {
  /** `SHA256:` and unpadded base64, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** `rsa`, `dsa`, `ecdsa`, `ed25519`, with `-sk` for keys in hardware. */
  readonly keyType: string;
  readonly keyBits?: number;
}

const TYPES: Readonly<Record<string, { readonly keyType: string; readonly keyBits?: number }>> = {
  'ssh-rsa': { keyType: 'rsa' },
  'ssh-dss': { keyType: 'dsa' },
  'ssh-ed25519': { keyType: 'ed25519', keyBits: 256 },
  'sk-ssh-ed25519@openssh.com': { keyType: 'ed25519-sk', keyBits: 256 },
  'ecdsa-sha2-nistp256': { keyType: 'ecdsa', keyBits: 256 },
  'ecdsa-sha2-nistp384': { keyType: 'ecdsa', keyBits: 384 },
  'ecdsa-sha2-nistp521': { keyType: 'ecdsa', keyBits: 521 },
  'sk-ecdsa-sha2-nistp256@openssh.com': { keyType: 'ecdsa-sk', keyBits: 256 },
};
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const LENGTH_BYTES = 4;

/**
 * Reads a public key line, `<type> <base64> [comment]` (RFC 4253 section 6.6). Returns undefined if the line is no such
 * key, if its inner type differs, or if the type is unknown.
 */
export function readSshKey(line: string): SshKeyFacts | undefined {
  const [type = '', data = ''] = line.trim().split(/\s+/);
  const keyType = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (keyType === undefined || !BASE64.test(data)) return undefined;
  const blob = Buffer.from(data, 'base64');
  const inner = readString(blob, 0);
  if (inner?.value.toString('latin1') !== type) return undefined;
  const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
  const keyBits = keyType.keyBits ?? modulusBits(blob, inner.end, keyType.keyType);
  return { fingerprint, keyType: keyType.keyType, ...defined({ keyBits }) };
}

interface Field {
  readonly value: Buffer;
  readonly end: number;
}

function readString(blob: Buffer, at: number): Field | undefined {
  if (at + LENGTH_BYTES > blob.length) return undefined;
  const start = at + LENGTH_BYTES;
  const end = start + blob.readUInt32BE(at);
  return end > blob.length ? undefined : { value: blob.subarray(start, end), end };
}

/** In an RSA key the exponent comes first, then the modulus. In a DSA key the prime comes first. */
function modulusBits(blob: Buffer, at: number, keyType: string): number | undefined {
  const first = readString(blob, at);
  if (first === undefined || keyType === 'dsa') return first && bitsOf(first.value);
  const second = readString(blob, first.end);
  return second && bitsOf(second.value);
}

function bitsOf(value: Buffer): number | undefined {
  const start = value.findIndex((byte) => byte !== 0);
  if (start < 0) return undefined;
  return (value.length - start) * 8 - Math.clz32(value[start] as number) + 24;
}

/** Returns a fingerprint as join keys have it. Older entries have MD5, with which nothing can be joined. */
export function fingerprintOf(text: string | undefined): string | undefined {
  const bare = text?.replace(/^SHA256:/, '').replace(/=+$/, '');
  return bare !== undefined && /^[A-Za-z0-9+/]{43}$/.test(bare) ? `SHA256:${bare}` : undefined;
}
