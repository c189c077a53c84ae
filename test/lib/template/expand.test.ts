import { createHash, createPrivateKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  base62,
  crc16Xmodem,
  crc32Hex,
  decodeBase32,
  isBech32,
  littleEndian,
  marvin32,
  textCrc32,
} from '../../../src/lib/bytes/checksum.ts';
import { expandTemplate, TemplateError, templateNames } from '../../../src/lib/template/expand.ts';
import { GENERATORS } from '../../../src/lib/template/generators.ts';

const seeds = Array.from({ length: 20 }, (_, index) => `seed-${index}`);

describe('alphabets', () => {
  const forms: readonly (readonly [string, RegExp])[] = [
    ['{alnum:36}', /^[0-9A-Za-z]{36}$/],
    ['{base62:30}', /^[0-9A-Za-z]{30}$/],
    ['{hex:32}', /^[0-9a-f]{32}$/],
    ['{HEX:8}', /^[0-9A-F]{8}$/],
    ['{digits:12}', /^\d{12}$/],
    ['{lower:5}', /^[a-z]{5}$/],
    ['{upper:16}', /^[A-Z]{16}$/],
    ['{base32:16}', /^[A-Z2-7]{16}$/],
    ['{base64:40}', /^[A-Za-z0-9+/]{40}$/],
    ['{base64url:43}', /^[\w-]{43}$/],
    ['{any-of:ab:c9:20}', /^[ab:c9]{20}$/],
    ['{uuid}', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['{base62:20-40}', /^[0-9A-Za-z]{20,40}$/],
    ['a{{b}}c', /^a\{b\}c$/],
  ];

  test.each(forms)('%s', (template, form) => {
    for (const seed of seeds) expect(expandTemplate(template, seed)).toMatch(form);
  });

  test('ranges reach both ends', () => {
    const lengths = new Set(Array.from({ length: 200 }, (_, index) => expandTemplate('{hex:2-4}', `${index}`).length));
    expect([...lengths].sort()).toEqual([2, 3, 4]);
  });
});

test('the same seed gives the same text, another seed another', () => {
  expect(expandTemplate('{base62:40}', 'a')).toBe(expandTemplate('{base62:40}', 'a'));
  expect(new Set(seeds.map((seed) => expandTemplate('{base62:40}', seed))).size).toBe(seeds.length);
});

test('values stand in for their names, also twice', () => {
  expect(expandTemplate('k={secret} # {secret}', 's', { secret: 'v}' })).toBe('k=v} # v}');
});

test('drawn values never look like a placeholder', () => {
  for (let index = 0; index < 500; index++) {
    const text = expandTemplate('{alnum:36}', `n${index}`);
    expect(text).not.toMatch(/(.)\1\1/);
    expect(text).toMatch(/[0-9]/);
    expect(text).toMatch(/[a-z]/);
    expect(text).toMatch(/[A-Z]/);
  }
});

test.each([
  ['{nope:3}', /unknown placeholder "\{nope:3\}"/],
  ['{hex}', /needs a length/],
  ['{hex:40-20}', /needs a length/],
  ['{"a": 1}', /write "\{\{"/],
  ['a } b', /write "\}\}"/],
  ['{hex:3', /write "\{\{"/],
  ['{constructor}', /unknown placeholder/],
])('%s is refused with advice', (template, message) => {
  expect(() => expandTemplate(template, 's')).toThrow(TemplateError);
  expect(() => expandTemplate(template, 's')).toThrow(message);
});

test('any text expands or fails with a TemplateError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('{', '}', 'h', 'e', 'x', ':', '3', '-', '9') }), (template) => {
      try {
        return typeof expandTemplate(template, 's') === 'string';
      } catch (error) {
        return error instanceof TemplateError;
      }
    }),
  );
});

describe('generators', () => {
  test('every generator expands, twice the same', () => {
    for (const name of Object.keys(GENERATORS)) {
      const text = expandTemplate(`{${name}}`, 'x');
      expect(text.length).toBeGreaterThan(10);
      expect(expandTemplate(`{${name}}`, 'x')).toBe(text);
      expect(templateNames()).toContain(name);
    }
  });

  test.each([
    ['github-crc', 36],
    ['npm-crc', 36],
    ['vercel-crc', 56],
    ['github-crc', 76],
  ])('%s:%i ends in the base62 CRC-32 of its body', (name, length) => {
    for (const seed of seeds) {
      const text = expandTemplate(`{${name}:${length}}`, seed);
      expect(text).toHaveLength(length);
      expect(text.slice(-6)).toBe(base62(textCrc32(text.slice(0, -6)), 6));
    }
  });

  test('github-fine-grained carries the base32 SHA-256 at characters 78 to 85', () => {
    const text = expandTemplate('{github-fine-grained:pre_fixed_p}', 's');
    expect(text).toHaveLength(93);
    expect(text).toMatch(/^pre_fixed_p[0-9A-Za-z]{22}_[0-9A-Za-z]{59}$/);
    const digest = createHash('sha256').update(text.slice(0, 77)).digest();
    expect(decodeBase32(text.slice(77, 85))).toEqual(digest.subarray(0, 5));
  });

  test.each(['', ':one-dot'])('gitlab-routable%s has the right length and CRC', (form) => {
    const text = expandTemplate(`{gitlab-routable:pre-${form}}`, 's');
    const last = text.slice(text.lastIndexOf('.') + 1);
    expect(last).toHaveLength(9);
    expect(Number.parseInt(last.slice(0, 2), 36)).toBe(text.slice(4, text.indexOf('.')).length);
    expect(last.slice(2)).toBe(textCrc32(text.slice(0, -7)).toString(36).padStart(7, '0'));
    expect(Buffer.from(text.slice(4, text.indexOf('.')), 'base64url').toString('latin1')).toMatch(/^o:\d+\nu:\d+\n/);
  });

  test('confluent, zuplo, cloudflare, grafana and atlassian end in their CRC', () => {
    const confluent = expandTemplate('{confluent-crc:60}', 's');
    expect(confluent.slice(54)).toBe(
      littleEndian(textCrc32(confluent.slice(0, 54)))
        .toString('base64')
        .slice(0, 6),
    );
    const zuplo = expandTemplate('{zuplo-crc}', 's');
    expect(zuplo.slice(33)).toBe(crc32Hex(zuplo.slice(0, 32)));
    const cloudflare = expandTemplate('{cloudflare-crc}', 's');
    expect(cloudflare.slice(40)).toBe(crc32Hex(cloudflare.slice(0, 40)));
    const grafana = expandTemplate('{grafana-service-account:pre__}', 's');
    expect(grafana).toHaveLength(46);
    expect(Buffer.from(grafana.slice(38), 'hex').readUInt32LE()).toBe(textCrc32(grafana.slice(0, 37)));
    const atlassian = expandTemplate('{atlassian-crc:pre:180}', 's');
    expect(atlassian.slice(-8)).toBe(crc32Hex(atlassian.slice(0, -8)).toUpperCase());
  });

  test('azure keys carry their Marvin32', () => {
    for (const seed of seeds.slice(0, 5)) {
      const cask = expandTemplate('{azure-cask:ACOG}', seed);
      expect(cask).toMatch(/^[0-9A-Za-z]{52}JQQJ99[0-9A-Z][A-L][0-9A-Za-z]{12}AAA[A-Z]ACOG[0-9A-Za-z]{4}$/);
      const hash = littleEndian(marvin32(Buffer.from(cask.slice(0, 80), 'base64'), 'Default0'));
      expect(Buffer.from(cask.slice(80), 'base64')).toEqual(hash.subarray(0, 3));
    }
    for (const [length, signature] of [
      [44, '+ASt'],
      [52, '+ACR'],
      [56, 'AzFu'],
      [88, 'ACDb'],
    ] as const) {
      const key = expandTemplate(`{azure-identifiable:${length}:${signature}:Default0}`, 's');
      expect(key).toHaveLength(length);
      expect(key.replace(/=+$/, '').slice(-10, -6)).toBe(signature);
      const bytes = Buffer.from(key, 'base64');
      expect(bytes.readUInt32LE(bytes.length - 4)).toBe(marvin32(bytes.subarray(0, -4), 'Default0'));
    }
  });

  test('aws-key-id holds a twelve-digit account', () => {
    for (const seed of seeds) {
      const id = expandTemplate('{aws-key-id:ABCD}', seed);
      expect(id).toMatch(/^ABCD[A-Z2-7]{16}$/);
      const start = BigInt((decodeBase32(id.slice(4)) ?? Buffer.alloc(6)).readUIntBE(0, 6));
      expect(`${(start & 0x7fffffffff80n) >> 7n}`).toMatch(/^[1-9]\d{11}$/);
    }
  });

  test('bech32 and NATS seeds check out', () => {
    const age = expandTemplate('{bech32:age-secret-key-}', 's').toLowerCase();
    expect(isBech32('age-secret-key-', age.slice('age-secret-key-1'.length))).toBe(true);
    expect(age).toHaveLength(74);
    const seed = expandTemplate('{nats-seed:U}', 's');
    expect(seed).toMatch(/^SU[A-Z2-7]{56}$/);
    const bytes = decodeBase32(seed) ?? Buffer.alloc(0);
    expect(bytes.readUInt16LE(34)).toBe(crc16Xmodem(bytes.subarray(0, 34)));
  });

  test('jwt decodes and takes claims', () => {
    const token = expandTemplate('{jwt:RS256:sub=alice:exp=1700000000}', 's');
    const [header = '', claims = '', signature = ''] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ sub: 'alice', exp: 1_700_000_000 });
    expect(signature).toHaveLength(342);
  });

  test.each(['ec', 'rsa', 'pkcs8', 'ed25519'])('pem:%s is a key that node reads', (form) => {
    expect(createPrivateKey(expandTemplate(`{pem:${form}}`, 's')).type).toBe('private');
  });

  test('structured tokens decode to their claims', () => {
    const sentry = expandTemplate('{sentry-org}', 's');
    expect(JSON.parse(Buffer.from(sentry.split('_')[0] ?? '', 'base64').toString())).toHaveProperty('region_url');
    expect(expandTemplate('{pypi-macaroon}', 's')).toMatch(/^AgEIcHlwaS5vcmc/);
    expect(expandTemplate('{jfrog-reference}', 's')).toMatch(/^cmVmdGtu.{56}$/);
    expect(expandTemplate('{data-center-token}', 's')).toHaveLength(44);
    expect(expandTemplate('{openssh-key}', 's')).toMatch(/^-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA/);
    expect(expandTemplate('{onepassword-service}', 's')).toMatch(/^eyJ/);
  });
});
