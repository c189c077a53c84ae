import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** What a made certificate says. Names without a value are left out. */
export interface MadeCertificate {
  readonly subject: readonly (readonly [label: 'CN' | 'O', value: string])[];
  readonly notBefore?: string;
  readonly notAfter?: string;
  readonly hosts?: readonly string[];
  readonly usages?: readonly ('server' | 'client')[];
  readonly authority?: boolean;
  /** Issued under the policy of the CA/Browser Forum for domains. */
  readonly publicPolicy?: boolean;
  readonly hash?: 'sha256' | 'sha1';
  readonly rsaBits?: number;
  /** The name of another authority that issued it; else it names itself. */
  readonly issuer?: string;
  /** Signed with a key that is not its own. */
  readonly foreignKey?: boolean;
  /** Bytes in place of the names in the extension. */
  readonly damagedNames?: boolean;
}

/** A certificate in PEM and DER, and the private key that belongs to it. Made when a test runs, so no file holds one. */
export interface Made {
  readonly pem: string;
  readonly der: Buffer;
  readonly key: string;
  readonly fingerprint: string;
  readonly thumbprint: string;
}

const OIDS = {
  CN: '2.5.4.3',
  O: '2.5.4.10',
  names: '2.5.29.17',
  constraints: '2.5.29.19',
  policies: '2.5.29.32',
  usages: '2.5.29.37',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
  domainValidated: '2.23.140.1.2.1',
} as const;
const SIGNATURES = {
  'rsa sha256': '1.2.840.113549.1.1.11',
  'rsa sha1': '1.2.840.113549.1.1.5',
  'ec sha256': '1.2.840.10045.4.3.2',
  'ec sha1': '1.2.840.10045.4.1',
} as const;

/** Makes a certificate (RFC 5280) with a new key. */
export function makeCertificate(made: MadeCertificate): Made {
  const isRsa = made.rsaBits !== undefined;
  const { publicKey, privateKey } = isRsa
    ? generateKeyPairSync('rsa', { modulusLength: made.rsaBits ?? 2048 })
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const hash = made.hash ?? 'sha256';
  const algorithm = sequence(oid(SIGNATURES[`${isRsa ? 'rsa' : 'ec'} ${hash}`]));
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const subject = name(made.subject);
  const issuer = made.issuer === undefined ? subject : name([['CN', made.issuer]]);
  const from = made.notBefore ?? '2026-10-01T00:00:00Z';
  const to = made.notAfter ?? '2026-12-24T00:00:00Z';
  const version = element(0xa0, element(2, Buffer.from([2])));
  const serial = element(2, Buffer.from([0x4d, 0x2a]));
  const extensions = element(0xa3, sequence(...extensionsOf(made)));
  const body = sequence(version, serial, algorithm, issuer, sequence(time(from), time(to)), subject, spki, extensions);
  const der = sequence(
    body,
    algorithm,
    element(3, Buffer.concat([Buffer.of(0), sign(hash, body, made.foreignKey === true ? otherKey() : privateKey)])),
  );
  return {
    der,
    pem: pem('CERTIFICATE', der),
    key: String(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    fingerprint: `sha256:${createHash('sha256').update(spki).digest('hex')}`,
    thumbprint: createHash('sha1').update(der).digest('hex'),
  };
}

function otherKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** PEM text of some bytes. */
export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function extensionsOf(made: MadeCertificate): readonly Buffer[] {
  const hosts = (made.hosts ?? []).map((host) =>
    element(host.startsWith('spiffe://') ? 0x86 : 0x82, Buffer.from(host)),
  );
  const names = made.damagedNames === true ? Buffer.from([0x30, 0x7f, 1]) : sequence(...hosts);
  return [
    extension(OIDS.constraints, sequence(...(made.authority === true ? [element(1, Buffer.of(255))] : []))),
    extension(OIDS.usages, sequence(...(made.usages ?? ['server']).map((usage) => oid(OIDS[usage])))),
    extension(OIDS.names, names),
    ...(made.publicPolicy === true ? [extension(OIDS.policies, sequence(sequence(oid(OIDS.domainValidated))))] : []),
  ];
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), element(4, value));
}

function name(pairs: MadeCertificate['subject']): Buffer {
  const parts = pairs.map(([label, value]) => sequence(oid(OIDS[label]), element(0x0c, Buffer.from(value))));
  return sequence(...parts.map((part) => element(0x31, part)));
}

function time(iso: string): Buffer {
  const digits = iso.replace(/\D/g, '');
  const year = Number(iso.slice(0, 4));
  return year < 2050 ? element(23, Buffer.from(`${digits.slice(2)}Z`)) : element(24, Buffer.from(`${digits}Z`));
}

function oid(dots: string): Buffer {
  const [first = 0, second = 0, ...others] = dots.split('.').map(Number);
  return element(6, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 0x80) return Buffer.concat([Buffer.of(tag, content.length), content]);
  const length = content.length < 0x100 ? [0x81, content.length] : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}
