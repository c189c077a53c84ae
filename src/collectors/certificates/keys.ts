import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { PemBlock } from '../shared/x509/pem.ts';

/** Fingerprints of the public halves of private keys, with the path of a file for each, and how many were met. */
export interface KeyPrints {
  readonly places: Map<string, string>;
  read: number;
  /** Keys whose public half could not be known: encrypted, damaged, or beyond the limit. */
  unread: number;
}

const KEY_LABEL = /^(?:RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY$/;
/** To read a key costs about a millisecond. */
const MOST_KEYS = 500;
const LARGEST = 32 * 1024;

/** Notes the public half of a private key. The key itself is not kept. */
export function noteKey(keys: KeyPrints, block: PemBlock, path: string): void {
  if (!KEY_LABEL.test(block.label)) return;
  const print = keys.read < MOST_KEYS ? fingerprintOf(block) : undefined;
  keys.read += 1;
  if (print === undefined) keys.unread += 1;
  else if (!keys.places.has(print)) keys.places.set(print, path);
}

function fingerprintOf({ label, der, headers }: PemBlock): string | undefined {
  if (der === undefined || headers || label.startsWith('ENCRYPTED') || der.length > LARGEST) return undefined;
  try {
    const spki = createPublicKey(readKey(label, der)).export({ format: 'der', type: 'spki' });
    return `sha256:${createHash('sha256').update(spki).digest('hex')}`;
  } catch {
    return undefined;
  }
}

function readKey(label: string, der: Buffer): KeyObject {
  const type = label.startsWith('RSA') ? 'pkcs1' : label.startsWith('EC ') ? 'sec1' : 'pkcs8';
  return createPrivateKey({ key: der, format: 'der', type });
}
