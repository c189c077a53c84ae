import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import pemPrivateKey from '../../../src/detect/checks/pem-private-key.ts';
import { tries } from '../../property/runs.ts';
import { evaluate, factsOf, make, stateOf } from './evaluate.ts';

const PLAIN = ['{pem:ec}', '{pem:rsa}', '{pem:pkcs8}', '{pem:ed25519}', '{openssh-key}'];
const passphrase = { cipher: 'aes-256-cbc', passphrase: make('{base62:12}') };

describe('pem-private-key', () => {
  test.each(PLAIN)('parses %s and gives its fingerprints as join keys', (template) => {
    const outcome = evaluate(pemPrivateKey, make(template));
    expect(stateOf(outcome)).toBe('pass');
    const facts = factsOf(outcome);
    expect(facts).toMatchObject({
      encrypted: false,
      publicKeyFingerprint: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    expect(facts['sshFingerprint']).toMatch(/^SHA256:[0-9A-Za-z+/]{43}$/);
    expect(facts['keys']).toEqual({
      'public-key-fingerprint': facts['publicKeyFingerprint'],
      'ssh-fingerprint': facts['sshFingerprint'],
    });
  });

  test.each([
    ['escaped line ends', (pem: string) => pem.replaceAll('\n', '\\n')],
    ['doubly escaped line ends', (pem: string) => pem.replaceAll('\n', '\\\\n')],
    ['Windows line ends', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['indented lines', (pem: string) => pem.replaceAll('\n', '\n      ')],
    ['quoted and joined lines', (pem: string) => pem.replaceAll('\n', '\\n" +\n  "')],
    ['one line', (pem: string) => pem.replaceAll('\n', ' ')],
  ])('reads the same key with %s', (_, write) => {
    const plain = factsOf(evaluate(pemPrivateKey, make('{pem:ec}')));
    expect(factsOf(evaluate(pemPrivateKey, write(make('{pem:ec}'))))).toEqual(plain);
  });

  test('tells type, size and curve', () => {
    expect(factsOf(evaluate(pemPrivateKey, make('{pem:rsa}')))).toMatchObject({ keyType: 'rsa', keyBits: 1024 });
    expect(factsOf(evaluate(pemPrivateKey, make('{pem:ec}')))).toMatchObject({ keyType: 'ec', curve: 'prime256v1' });
    expect(factsOf(evaluate(pemPrivateKey, make('{openssh-key}')))).toMatchObject({ keyType: 'ed25519' });
  });

  test('an OpenSSH key and the same key in PKCS#8 have the same fingerprints', () => {
    const text = make('{openssh-key}');
    const file = Buffer.from(text.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    const pointLength = file.indexOf(Buffer.from([0, 0, 0, 32]));
    const point = file.subarray(pointLength + 4, pointLength + 36);
    const end = file.lastIndexOf(point);
    const head = Buffer.from('302e020100300506032b657004220420', 'hex');
    const der = Buffer.concat([head, file.subarray(end - 32, end)]);
    const pkcs8 = `-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----`;
    expect(factsOf(evaluate(pemPrivateKey, text))).toEqual(factsOf(evaluate(pemPrivateKey, pkcs8)));
  });

  test.each([
    ['PKCS#8', { type: 'pkcs8', format: 'pem', ...passphrase }],
    ['the traditional form', { type: 'pkcs1', format: 'pem', ...passphrase }],
  ] as const)('an encrypted key of %s lowers confidence', (_, privateKeyEncoding) => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 1024,
      privateKeyEncoding,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const outcome = evaluate(pemPrivateKey, privateKey);
    expect(stateOf(outcome)).toBe('lower to low-confidence');
    expect(factsOf(outcome)).toMatchObject({ encrypted: true });
  });

  test.each([
    [
      'random base64',
      make('-----BEGIN RSA PRIVATE KEY-----\n{base64:400}\n-----END RSA PRIVATE KEY-----'),
      'lower to placeholder',
    ],
    ['dots', '-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----', 'lower to placeholder'],
    ['no end', '-----BEGIN PRIVATE KEY-----\nMIIE', 'lower to placeholder'],
    ['a cut OpenSSH key', make('{openssh-key}').replace(/\n.{20}/, '\n'), 'lower to placeholder'],
    ['other text', 'hello', 'not-applicable'],
  ])('%s', (_, value, state) => {
    expect(stateOf(evaluate(pemPrivateKey, value))).toBe(state);
  });

  test('never throws on hostile bytes', () => {
    const hostile = fc.tuple(
      fc.constantFrom('RSA ', 'EC ', 'DSA ', 'OPENSSH ', 'ENCRYPTED ', ''),
      fc.uint8Array({ maxLength: 300 }),
      fc.boolean(),
    );
    fc.assert(
      fc.property(hostile, ([label, bytes, magic]) => {
        const body = Buffer.concat([Buffer.from(magic ? 'openssh-key-v1\0\0\0\0\x04none' : ''), bytes]).toString(
          'base64',
        );
        const text = `-----BEGIN ${label}PRIVATE KEY-----\n${body}\n-----END ${label}PRIVATE KEY-----`;
        return evaluate(pemPrivateKey, text).state !== 'drop';
      }),
      tries(300),
    );
  });
});
