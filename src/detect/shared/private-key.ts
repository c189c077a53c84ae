import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { defined } from '../../lib/fields/defined.ts';
import { type DerPublicKey, readDerKey } from './der-key.ts';
import { readOpenSshKey, spkiOfSshBlob, sshBlobOfJwk, sshBlobOfRsa, sshFingerprint } from './ssh-key.ts';

const LINE = 64;
const LONGEST = 65_536;

/** What the text of a private key proves. */
export interface PrivateKeyFacts {
  /**
   * `rsa`, `ec`, `ed25519`, `dsa`, `x25519` ... as node names them; undefined where the key is encrypted and does not
   * say.
   */
  readonly keyType?: string;
  readonly keyBits?: number;
  readonly curve?: string;
  readonly encrypted: boolean;
  readonly publicKeyFingerprint?: string;
  readonly sshFingerprint?: string;
}

interface Pem {
  readonly label: string;
  readonly body: Buffer;
  readonly encryptedByHeader: boolean;
}

/**
 * Reads one private key in PEM form (PKCS#1, SEC1, PKCS#8, DSA, OpenSSH); line ends may be written `\n`, lines may be
 * quoted or indented. Returns undefined where nothing of the kind parses.
 */
export function readPrivateKey(text: string): PrivateKeyFacts | undefined {
  const pem = readPem(text);
  if (pem === undefined) return undefined;
  if (pem.label.startsWith('OPENSSH')) return readOpenSsh(pem.body);
  if (pem.label.startsWith('ENCRYPTED')) return pem.body[0] === 0x30 ? { encrypted: true } : undefined;
  if (pem.encryptedByHeader) return { encrypted: true, ...typeOfLabel(pem.label) };
  const read = readDerKey(pem.label, pem.body);
  if (read !== undefined) return { encrypted: false, ...describeDer(read) };
  const key = parseKey(pem);
  return key === undefined ? undefined : { encrypted: false, ...describe(key) };
}

function readPem(text: string): Pem | undefined {
  const form = /-----BEGIN ([A-Z0-9 ]{0,30})PRIVATE KEY-----([\s\S]{1,65536}?)-----END /.exec(text.slice(0, LONGEST));
  if (form === null) return undefined;
  const lines = (form[2] ?? '')
    .replace(/\\{1,16}[rn]/g, '\n')
    .replace(/["'`]\s{0,8}[+.,]/g, '')
    .split(/[\r\n]+/);
  // A header has a colon, which base64 has not.
  const isHeader = (line: string): boolean =>
    line.includes(':') && /^[\s"'+>#*/]*[A-Za-z][A-Za-z-]{1,30}:\s/.test(line);
  const headers = lines.filter(isHeader).join('\n');
  const base64 = lines
    .filter((line) => !isHeader(line))
    .join('')
    .replace(/[^0-9A-Za-z+/=]/g, '');
  const body = Buffer.from(base64.replace(/=.*$/, ''), 'base64');
  return { label: form[1] ?? '', body, encryptedByHeader: /ENCRYPTED|DEK-Info/.test(headers) };
}

function readOpenSsh(bytes: Buffer): PrivateKeyFacts | undefined {
  const key = readOpenSshKey(bytes);
  if (key === undefined || !key.consistent) return undefined;
  const spki = spkiOfSshBlob(key.publicBlob);
  const keyType = key.algorithm
    .replace(/^sk-/, '')
    .replace(/^ssh-/, '')
    .replace(/^ecdsa-sha2-.*$/, 'ec')
    .replace(/@.*$/, '');
  const publicKey =
    spki === undefined ? { keyType } : describePublic(createPublicKey({ key: spki, format: 'der', type: 'spki' }));
  return { ...publicKey, encrypted: key.encrypted, sshFingerprint: sshFingerprint(key.publicBlob) };
}

function parseKey({ label, body }: Pem): KeyObject | undefined {
  const lines = body.toString('base64').match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  for (const name of label === '' ? ['', 'RSA ', 'EC '] : [label, '']) {
    try {
      return createPrivateKey(
        `-----BEGIN ${name}PRIVATE KEY-----\n${lines.join('\n')}\n-----END ${name}PRIVATE KEY-----\n`,
      );
    } catch {
      // Not of this form: the next one is tried, and no form at all means that it is no key.
    }
  }
  return undefined;
}

function describeDer(key: DerPublicKey): Omit<PrivateKeyFacts, 'encrypted'> {
  const blob = key.type === 'ec' ? sshBlobOfJwk(key.jwk) : sshBlobOfRsa(key.exponent, key.modulus);
  return {
    keyType: key.type,
    ...(key.type === 'rsa' ? { keyBits: bitsOf(key.modulus) } : { curve: key.curve }),
    publicKeyFingerprint: `sha256:${createHash('sha256').update(key.spki).digest('hex')}`,
    ...(blob === undefined ? {} : { sshFingerprint: sshFingerprint(blob) }),
  };
}

function bitsOf(number: Buffer): number {
  const start = number[0] === 0 ? 1 : 0;
  return (number.length - start) * 8 - Math.clz32(number[start] ?? 0) + 24;
}

function describe(key: KeyObject): Omit<PrivateKeyFacts, 'encrypted'> {
  try {
    return describePublic(createPublicKey(key));
  } catch {
    return defined({ keyType: key.asymmetricKeyType });
  }
}

function describePublic(key: KeyObject): Omit<PrivateKeyFacts, 'encrypted'> {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  const curve = key.asymmetricKeyDetails?.namedCurve;
  const spki = key.export({ format: 'der', type: 'spki' });
  const blob = sshBlob(key);
  return {
    ...defined({ keyType: key.asymmetricKeyType, keyBits: bits, curve }),
    publicKeyFingerprint: `sha256:${createHash('sha256').update(spki).digest('hex')}`,
    ...(blob === undefined ? {} : { sshFingerprint: sshFingerprint(blob) }),
  };
}

function sshBlob(key: KeyObject): Buffer | undefined {
  try {
    return sshBlobOfJwk(key.export({ format: 'jwk' }));
  } catch {
    return undefined;
  }
}

function typeOfLabel(label: string): { keyType?: string } {
  const keyType = { 'RSA ': 'rsa', 'EC ': 'ec', 'DSA ': 'dsa' }[label];
  return defined({ keyType });
}
