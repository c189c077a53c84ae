import { expect, test } from 'vitest';
import {
  base62,
  crc16Xmodem,
  crc24,
  crc32Hex,
  decodeBase32,
  encodeBase32,
  encodeBech32,
  isBech32,
  marvin64,
  textCrc32,
} from '../../../src/lib/bytes/checksum.ts';

const CHECK = Buffer.from('123456789');

test('CRCs give the published check values of "123456789"', () => {
  expect(textCrc32('123456789')).toBe(0xcbf43926);
  expect(crc32Hex('123456789')).toBe('cbf43926');
  expect(crc16Xmodem(CHECK)).toBe(0x31c3);
  expect(crc24(CHECK)).toBe(0x21cf02);
});

test('base62 counts digits, upper case, lower case and pads', () => {
  expect(base62(61, 2)).toBe('0z');
  expect(base62(62 * 10 + 36, 3)).toBe('0Aa');
  expect(base62(0, 6)).toBe('000000');
});

test('base32 follows RFC 4648', () => {
  expect(encodeBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
  expect(decodeBase32('MZXW6YTBOI')?.toString()).toBe('foobar');
  expect(decodeBase32('MZXW1')).toBeUndefined();
});

test('bech32 accepts the vectors of BIP 173 and refuses a changed character', () => {
  expect(isBech32('a', '2uel5l')).toBe(true);
  expect(isBech32('split', 'checkupstagehandshakeupstreamerranterredcaperred2y9e3w')).toBe(true);
  expect(isBech32('a', '2uel5q')).toBe(false);
  expect(isBech32('age-secret-key-', encodeBech32('age-secret-key-', Buffer.alloc(32, 7)))).toBe(true);
});

test('Marvin gives the test vectors of the .NET runtime', () => {
  const seed = 0x4fb61a001bdbccn;
  const hash = (hex: string): string =>
    marvin64(Buffer.from(hex, 'hex'), seed)
      .toReversed()
      .map((half) => half.toString(16).padStart(8, '0'))
      .join('');
  expect(hash('')).toBe('30ed35c100cd3c7d');
  expect(hash('af')).toBe('48e73fc77d75ddc1');
});
