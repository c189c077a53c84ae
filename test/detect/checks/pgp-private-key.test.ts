import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import pgpPrivateKey from '../../../src/detect/checks/pgp-private-key.ts';
import { crc24 } from '../../../src/lib/bytes/checksum.ts';
import { evaluate, factsOf, make, spoil, stateOf } from './evaluate.ts';

const BEGIN = '-----BEGIN PGP PRIVATE KEY BLOCK-----';
const END = '-----END PGP PRIVATE KEY BLOCK-----';

/** Armor of one version 4 secret key packet: RSA with small numbers. `usage` 0 means that it is not encrypted. */
function armor(usage: number): string {
  const numbers = Buffer.from([0, 16, 0xc1, 0x23, 0, 3, 5]);
  const body = Buffer.concat([Buffer.from([4, 0x65, 0x53, 0xf1, 0, 1]), numbers, Buffer.from([usage, 1, 2, 3])]);
  const packet = Buffer.concat([Buffer.from([0x94, body.length]), body]);
  const crc = crc24(packet);
  const check = Buffer.from([crc >> 16, (crc >> 8) & 0xff, crc & 0xff]).toString('base64');
  return `${BEGIN}\nVersion: 1\n\n${packet.toString('base64')}\n=${check}\n${END}`;
}

describe('pgp-private-key', () => {
  test.each([
    [0, false],
    [254, true],
  ])('reads kind, date and protection (usage %i)', (usage, encrypted) => {
    expect(factsOf(evaluate(pgpPrivateKey, armor(usage)))).toEqual({
      keyType: 'rsa',
      createdAt: '2023-11-14T22:13:20.000Z',
      encrypted,
      pgpFingerprint: expect.stringMatching(/^[0-9A-F]{40}$/),
    });
  });

  test.each([
    ['as made by a template', make('{pgp-private-key}'), 'pass'],
    ['with escaped line ends', armor(0).replaceAll('\n', '\\n'), 'pass'],
    ['without a checksum', armor(0).replace(/\n=.{4}/, ''), 'pass'],
    ['a wrong byte', spoil(make('{pgp-private-key}'), 60), 'lower to placeholder'],
    ['other text', 'hello', 'not-applicable'],
  ])('%s', (_, value, state) => {
    expect(stateOf(evaluate(pgpPrivateKey, value))).toBe(state);
  });

  test('never throws on hostile packets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const body = Buffer.concat([Buffer.from([0x95]), bytes]).toString('base64');
        return evaluate(pgpPrivateKey, `${BEGIN}\n\n${body}\n${END}`).state === 'pass';
      }),
    );
  });
});
