import { createPublicKey, X509Certificate } from 'node:crypto';
import { defineCheck } from '../contract.ts';
import { decodeBase64 } from '../shared/decode.ts';

const DER_SEQUENCE = 0x30;
const LEAST = 40;

/** Public keys and certificates are made to be given away. */
export default defineCheck({
  id: 'public-key',
  title: 'Public keys and certificates',
  applies: 'named',
  reads: 'value',
  options: {},
  evaluate({ value }) {
    const isPublic = isNamedPublic(value) || isPublicDer(value.replace(/\\[rn]|\s/g, ''));
    return isPublic
      ? { state: 'drop', reason: 'The value is a public key or certificate' }
      : { state: 'not-applicable' };
  },
});

function isNamedPublic(value: string): boolean {
  if (/^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}|sk-(?:ssh|ecdsa)-[\w@.-]{1,60})\s/.test(value)) return true;
  if (/^AAAA(?:B3NzaC1|C3NzaC1|E2VjZHNh)/.test(value)) return true;
  if (value.includes('PRIVATE KEY')) return false;
  return (
    /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}(?:PUBLIC KEY|CERTIFICATE)(?: BLOCK| REQUEST)?-----/.test(value) ||
    /^age1[0-9a-z]{58}$/.test(value)
  );
}

function isPublicDer(text: string): boolean {
  const der = text.length < LEAST ? undefined : decodeBase64(text);
  if (der?.[0] !== DER_SEQUENCE) return false;
  return (
    parses(() => createPublicKey({ key: der, format: 'der', type: 'spki' })) || parses(() => new X509Certificate(der))
  );
}

function parses(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
