import { createHash, createPublicKey } from 'node:crypto';

/** What a provider lists of a secret, or how a file writes it, by the word for it. */
export const DERIVED: Readonly<Record<string, (value: string) => string>> = {
  'last 8': (value) => value.slice(-8),
  jwt: signedToken,
  base64: (value) => Buffer.from(value).toString('base64'),
  sha256: (value) => createHash('sha256').update(value).digest('base64'),
  'ssh-public': sshPublicKey,
  url: encodeURIComponent,
};

/** The public half of an Ed25519 key as GitHub lists it: name and key, each with its length (RFC 8709). */
function sshPublicKey(pem: string): string {
  const raw = createPublicKey(pem).export({ type: 'spki', format: 'der' }).subarray(-32);
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]).toString('base64')}`;
}

/** A JSON Web Token with the claims, and a signature that no key made. */
function signedToken(claims: string): string {
  const signature = createHash('sha512').update(claims).digest('base64url');
  const parts = [JSON.stringify({ alg: 'RS256', typ: 'JWT' }), claims];
  return [...parts.map((part) => Buffer.from(part).toString('base64url')), signature].join('.');
}
