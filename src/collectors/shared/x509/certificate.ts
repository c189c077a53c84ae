import { createHash, createPublicKey, X509Certificate } from 'node:crypto';
import { defined } from '../../../lib/fields/defined.ts';
import { childrenOfTag, type DerElement, DerError, readElement, readOid, readTime, TAG } from './der.ts';
import { type Extensions, readExtensions } from './extensions.ts';
import { readName } from './name.ts';

/** What a certificate says of itself. Nothing of it is secret. */
export interface CertificateFacts extends Extensions {
  readonly commonName?: string;
  /** Values of O= in the subject: groups, where Kubernetes reads the certificate. */
  readonly organisations: readonly string[];
  readonly issuer: string;
  /** In upper-case hexadecimal digits. */
  readonly serial: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly lifetimeDays: number;
  readonly keyType?: string;
  readonly keyBits?: number;
  /** Hash of the signature: `sha256`, `sha1`, `md5`; absent where the algorithm names none. */
  readonly signatureHash?: string;
  readonly selfSigned: boolean;
  /** SHA-1 of the certificate, in lower-case hexadecimal digits. */
  readonly thumbprint: string;
  /** `sha256:` and hexadecimal digits of the public key (SPKI). */
  readonly publicKeyFingerprint: string;
}

/** The certificate, as far as it can be read, and what is damaged in it. */
export interface ReadCertificate {
  readonly facts?: CertificateFacts;
  readonly problem?: string;
}

const SIGNATURES: readonly (readonly [prefix: string, hash: string])[] = [
  ['1.2.840.113549.1.1.4', 'md5'],
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.3.14.3.2.29', 'sha1'],
  ['1.2.840.10040.4.3', 'sha1'],
  ['1.2.840.10045.4.1', 'sha1'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
];
const LARGEST = 64 * 1024;
const DAY = 24 * 60 * 60 * 1000;

/** Reads a certificate (RFC 5280). Never throws. A damaged extension hides only what it would say. */
export function readCertificate(der: Buffer): ReadCertificate {
  if (der.length > LARGEST) return { problem: `the certificate has more than ${LARGEST} bytes` };
  try {
    const { extensions, ...fields } = readFields(der);
    const { problem, ...known } = readExtensions(extensions);
    const facts = { ...fields, ...known };
    return { facts, ...defined({ problem: problem && `an extension of the certificate ${problem}` }) };
  } catch (error) {
    if (error instanceof DerError) return { problem: `the certificate ${error.message}` };
    return { problem: 'the certificate is refused by OpenSSL' };
  }
}

function readFields(der: Buffer): Omit<CertificateFacts, keyof Extensions> & { extensions: DerElement | undefined } {
  const whole = readElement(der);
  const [body, algorithm] = childrenOfTag(whole, TAG.sequence);
  const parts = childrenOfTag(body, TAG.sequence);
  // The version has a tag of its own and is left out where it is 1.
  const [serial, , issuer, validity, subject, spki] = parts[0]?.tag === 0xa0 ? parts.slice(1) : parts;
  if (spki === undefined || subject === undefined || issuer === undefined) throw new DerError('has another structure');
  const [from, to] = childrenOfTag(validity, TAG.sequence);
  const [notBefore, notAfter] = [readTime(from), readTime(to)];
  const name = readName(subject);
  const signature = readOid(childrenOfTag(algorithm, TAG.sequence)[0]);
  return {
    ...defined({ commonName: name.commonName }),
    organisations: name.organisations,
    issuer: readName(issuer).text,
    serial: (serial?.content ?? Buffer.alloc(0)).toString('hex').toUpperCase(),
    notBefore,
    notAfter,
    lifetimeDays: Math.round((Date.parse(notAfter) - Date.parse(notBefore)) / DAY),
    ...keyFacts(spki.all),
    ...defined({ signatureHash: SIGNATURES.find(([oid]) => oid === signature)?.[1] }),
    selfSigned: isSelfSigned(whole.all, subject, issuer),
    thumbprint: createHash('sha1').update(whole.all).digest('hex'),
    publicKeyFingerprint: `sha256:${createHash('sha256').update(spki.all).digest('hex')}`,
    extensions: parts.find(({ tag }) => tag === 0xa3),
  };
}

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime256v1: 256,
  secp256k1: 256,
  secp224r1: 224,
  prime192v1: 192,
  secp384r1: 384,
  secp521r1: 521,
};
const EDWARDS_BITS: Readonly<Record<string, number>> = { ed25519: 256, ed448: 448 };

/** A key of a kind that OpenSSL does not know has no type here. */
function keyFacts(spki: Buffer): Pick<CertificateFacts, 'keyType' | 'keyBits'> {
  try {
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const { modulusLength, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
    const keyType = (key.asymmetricKeyType ?? '').replace(/^ec$/, 'ecdsa').replace(/^rsa-pss$/, 'rsa');
    return { keyType, ...defined({ keyBits: modulusLength ?? CURVE_BITS[namedCurve] ?? EDWARDS_BITS[keyType] }) };
  } catch {
    return {};
  }
}

/** Issued by itself, and signed with its own key. OpenSSL reads the whole certificate here, and throws if it cannot. */
function isSelfSigned(der: Buffer, subject: DerElement, issuer: DerElement): boolean {
  const certificate = new X509Certificate(der);
  if (!subject.all.equals(issuer.all)) return false;
  try {
    return certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}
