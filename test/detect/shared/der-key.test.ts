import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DerPublicKey, readDerKey } from '../../../src/detect/shared/der-key.ts';
import { sshBlobOfJwk, sshBlobOfRsa } from '../../../src/detect/shared/ssh-key.ts';
import { tries } from '../../property/runs.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
const odd = generateKeyPairSync('rsa', { modulusLength: 1031 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ec384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;

const KEYS: readonly (readonly [string, string, Buffer])[] = [
  ['PKCS#1', 'RSA ', rsa.export({ format: 'der', type: 'pkcs1' })],
  ['PKCS#8 of RSA', '', rsa.export({ format: 'der', type: 'pkcs8' })],
  ['an odd number of bits', '', odd.export({ format: 'der', type: 'pkcs8' })],
  ['PKCS#8 under the label of RSA', 'RSA ', rsa.export({ format: 'der', type: 'pkcs8' })],
  ['PKCS#1 without its label', '', rsa.export({ format: 'der', type: 'pkcs1' })],
  ['SEC1', 'EC ', ec.export({ format: 'der', type: 'sec1' })],
  ['PKCS#8 of EC', '', ec.export({ format: 'der', type: 'pkcs8' })],
  ['SEC1 on P-384', 'EC ', ec384.export({ format: 'der', type: 'sec1' })],
  ['PKCS#8 on P-384', '', ec384.export({ format: 'der', type: 'pkcs8' })],
];

/** The public key as OpenSSL reads it; undefined where it refuses the text. */
function askOpenSsl(label: string, der: Buffer): KeyObject | undefined {
  for (const name of label === '' ? ['', 'RSA ', 'EC '] : [label, '']) {
    const body = der.toString('base64').replace(/.{64}/g, '$&\n');
    try {
      return createPublicKey(
        createPrivateKey(`-----BEGIN ${name}PRIVATE KEY-----\n${body}\n-----END ${name}PRIVATE KEY-----\n`),
      );
    } catch {
      // The next form is tried.
    }
  }
  return undefined;
}

function expectSame(read: DerPublicKey, key: KeyObject | undefined): void {
  expect(key?.asymmetricKeyType).toBe(read.type);
  expect(read.spki.equals(key?.export({ format: 'der', type: 'spki' }) ?? Buffer.alloc(0))).toBe(true);
  const ssh = read.type === 'ec' ? sshBlobOfJwk(read.jwk) : sshBlobOfRsa(read.exponent, read.modulus);
  expect(ssh).toEqual(key === undefined ? undefined : sshBlobOfJwk(key.export({ format: 'jwk' })));
  if (read.type === 'ec') expect(key?.asymmetricKeyDetails?.namedCurve).toBe(read.curve);
}

describe('readDerKey', () => {
  test.each(KEYS)('reads %s as OpenSSL does', (_, label, der) => {
    const read = readDerKey(label, der);
    expect(read).toBeDefined();
    if (read !== undefined) expectSame(read, askOpenSsl(label, der));
  });

  test.each([
    ['Ed25519', '', generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })],
    ['an unknown label', 'DSA ', KEYS[0]?.[2] ?? Buffer.alloc(0)],
    [
      'a curve that is rare',
      '',
      generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
    ],
    ['bytes after the key', 'RSA ', Buffer.concat([KEYS[0]?.[2] ?? Buffer.alloc(0), Buffer.from([5, 0])])],
    ['nothing', '', Buffer.alloc(0)],
    ['half a key', 'RSA ', (KEYS[0]?.[2] ?? Buffer.alloc(0)).subarray(0, 200)],
  ])('leaves %s to OpenSSL', (_, label, der) => {
    expect(readDerKey(label, der)).toBeUndefined();
  });

  // Whatever it takes, OpenSSL takes too, and sees the same key in it: a damaged key must not become a good one.
  test('never accepts what OpenSSL refuses', () => {
    let [tried, accepted] = [0, 0];
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), to: fc.nat(255) });
    const damage = fc.tuple(fc.nat(KEYS.length - 1), fc.array(change, { maxLength: 4 }), fc.nat(3));
    fc.assert(
      fc.property(damage, ([which, changes, cut]) => {
        tried += 1;
        const [, label, der] = KEYS[which] as (typeof KEYS)[number];
        const changed = Buffer.from(der.subarray(0, cut === 3 ? der.length - 1 : der.length));
        for (const { at, to } of changes) changed[Math.floor(at * (changed.length - 1))] = to;
        const read = readDerKey(label, changed);
        if (read === undefined) return;
        accepted += 1;
        expectSame(read, askOpenSsl(label, changed));
      }),
      tries(2_000),
    );
    expect(accepted).toBeGreaterThan(tried / 10);
  });
});
