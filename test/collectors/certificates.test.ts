import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/certificates/index.ts';
import { publicLifetimeLimit } from '../../src/collectors/certificates/public-lifetime.ts';
import { readCertificate } from '../../src/collectors/shared/x509/certificate.ts';
import { readPem } from '../../src/collectors/shared/x509/pem.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';
import { makeCertificate, pem } from './shared/make-certificate.ts';

const API = makeCertificate({
  subject: [
    ['O', 'Acme'],
    ['CN', 'api.acme.io'],
  ],
  hosts: ['api.acme.io', 'www.acme.io'],
  usages: ['server', 'client'],
  issuer: 'Acme Issuing CA',
});
const LONG = { notBefore: '2020-01-01T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' };

describe('certificates', () => {
  it.each([
    ['tls/server.pem', true],
    ['tls/server.CRT', true],
    ['ca.der', true],
    ['server.key', true],
    ['server.key.example', true],
    ['id_rsa', false],
    ['keys.json', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('leads from the workload whose SPIFFE id stands in a certificate', async () => {
    const made = makeCertificate({ subject: [['O', 'SPIRE']], hosts: ['spiffe://acme.io/ns/shop/sa/web'] });
    const { edges } = await declare(collector, { 'svid.pem': made.pem });
    expect(edges).toMatchObject([
      {
        kind: 'has-credential',
        toKey: { kind: 'spiffe-id', value: 'spiffe://acme.io/ns/shop/sa/web' },
        reversed: true,
      },
    ]);
  });

  it('reads who, by whom, for how long, with which key', async () => {
    const { named, facts } = await declare(collector, { 'tls/api.pem': `# api\n${API.pem}` });
    expect(facts('api.acme.io')).toEqual({
      authMethod: 'certificate',
      createdAt: '2026-10-01T00:00:00.000Z',
      expiresAt: '2026-12-24T00:00:00.000Z',
      lifetimeDays: 84,
      groups: ['Acme'],
      keyType: 'ecdsa',
      keyBits: 256,
      signatureHash: 'sha256',
      selfSigned: false,
      isAuthority: false,
      overPublicLifetime: false,
      privateKeyCommitted: false,
    });
    const certificate = named('api.acme.io');
    expect(certificate).toMatchObject({ id: `certificate:${API.thumbprint}`, account: 'CN=Acme Issuing CA' });
    expect(certificate.keys).toEqual([
      { kind: 'certificate-thumbprint', value: API.thumbprint },
      { kind: 'public-key-fingerprint', value: API.fingerprint },
      { kind: 'host', value: 'api.acme.io' },
      { kind: 'host', value: 'www.acme.io' },
    ]);
    expect(certificate.evidence[0]?.location).toMatchObject({ path: 'tls/api.pem', startLine: 2 });
  });

  it('reads DER, and knows one certificate in two files', async () => {
    const origin = { collector: 'files', repository: 'acme/shop', present: true };
    const files = [
      { origin: { ...origin, path: 'a.der' }, bytes: API.der },
      { origin: { ...origin, path: 'b.pem' }, bytes: Buffer.from(API.pem) },
    ];
    const items = [];
    const context = declaredCase('', {}).context();
    for await (const item of collector.collect(context, files)) items.push(item);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ kind: 'identity', identity: { name: 'api.acme.io' } });
  });

  it('knows a certificate that signs itself from one that only names itself as issuer', async () => {
    const own = makeCertificate({ subject: [['CN', 'own']] });
    const other = makeCertificate({ subject: [['CN', 'other']], foreignKey: true });
    const { facts } = await declare(collector, { 'own.pem': own.pem, 'other.pem': other.pem });
    expect(facts('own')['selfSigned']).toBe(true);
    expect(facts('other')['selfSigned']).toBe(false);
  });

  it('says that a key lies in the repository only where it does, and not where keys are encrypted', async () => {
    const facts = async (files: Readonly<Record<string, string>>) =>
      (await declare(collector, { 'api.crt': API.pem, ...files })).facts('api.acme.io')['privateKeyCommitted'];
    expect(await facts({ 'other/api.key': API.key })).toBe(true);
    expect(await facts({ 'other.key': makeCertificate({ subject: [['CN', 'x']] }).key })).toBe(false);
    expect(await facts({ 'api.key': pem('ENCRYPTED PRIVATE KEY', Buffer.from('sealed')) })).toBeUndefined();
  });

  it('makes a gap with the place of what is damaged, and keeps what is not', async () => {
    const damaged = makeCertificate({ subject: [['CN', 'damaged']], hosts: ['x'], damagedNames: true });
    const text = `${damaged.pem}-----BEGIN CERTIFICATE-----\nno base64!\n-----END CERTIFICATE-----\n${API.pem}`;
    const { gaps, identities } = await declare(collector, { 'all.pem': text });
    expect(gaps.map((gap) => gap.replace(/:\d+:/, ':N:'))).toEqual([
      'all.pem:N: an extension of the certificate ends inside of an element',
      'all.pem:N: the certificate is no base64, or does not end',
    ]);
    expect(identities.map(({ name }) => name)).toEqual(['damaged', 'api.acme.io']);
  });

  it('takes a file of many authorities as one list of whom a client trusts', async () => {
    const authorities = Array.from({ length: 10 }, (_, index) =>
      makeCertificate({ subject: [['CN', `Root ${index}`]], authority: true }),
    );
    const { identities } = await declare(collector, {
      'cacert.pem': authorities.map((each) => each.pem).join('# next\n'),
    });
    expect(identities.map(({ type, name }) => [type, name])).toEqual([['trust_store', 'cacert.pem']]);
  });

  it('leaves examples out and says so', async () => {
    const { skips, identities } = await declare(collector, { 'tls/server.example.pem': API.pem });
    expect([skips, identities]).toEqual([['tls/server.example.pem'], []]);
  });

  it.each([
    ['2019-01-01T00:00:00Z', 825],
    ['2026-03-14T23:59:59Z', 398],
    ['2026-03-15T00:00:00Z', 200],
    ['2027-03-15T00:00:00Z', 100],
    ['2029-03-15T00:00:00Z', 47],
  ])('knows the limit for public authorities from %s on: %s days', (from, days) => {
    expect(publicLifetimeLimit(from)).toBe(days);
  });

  it('reads any bytes', () => {
    fc.assert(
      fc.property(
        fc.nat(API.der.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        fc.nat(64),
        (at, put, cut) => {
          const der = Buffer.from(API.der);
          der.set(put.subarray(0, der.length - at), at);
          const { facts, problem } = readCertificate(der.subarray(0, der.length - cut));
          expect(facts !== undefined || problem !== undefined).toBe(true);
        },
      ),
    );
  });

  it('finds the blocks of any text in line order', () => {
    const part = fc.constantFrom('-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', 'QUJD', 'x: y', '', '!');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (lines) => {
        const places = readPem(lines.join('\n')).map(({ line }) => line);
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }),
    );
  });
});

describe('rules about certificates', () => {
  it.each([
    ['certificate-expired', { notBefore: '2026-01-01T00:00:00Z', notAfter: '2026-03-01T00:00:00Z' }],
    ['credential-expiring-soon', { notAfter: '2026-11-20T00:00:00Z' }],
    [
      'certificate-public-lifetime',
      { publicPolicy: true, notBefore: '2026-05-01T00:00:00Z', notAfter: '2027-05-01T00:00:00Z' },
    ],
    ['certificate-weak-key', { rsaBits: 1024 }],
    ['certificate-weak-signature', { hash: 'sha1', issuer: 'Old CA' }],
    ['certificate-ten-years', LONG],
  ] as const)('%s fires', async (rule, made) => {
    const { pem: text } = makeCertificate({ subject: [['CN', 'x.acme.io']], ...made });
    expect(await firedRules(collector, { 'x.pem': text })).toEqual([`${rule}: x.acme.io`]);
  });

  it('certificate-cluster-administrator and certificate-key-committed fire', async () => {
    const { pem: text, key } = makeCertificate({
      subject: [
        ['O', 'system:masters'],
        ['CN', 'kubernetes-admin'],
      ],
      usages: ['client'],
    });
    expect(await firedRules(collector, { 'pki/admin.crt': text, 'pki/admin.key': key })).toEqual([
      'certificate-cluster-administrator: kubernetes-admin',
      'certificate-key-committed: kubernetes-admin',
    ]);
  });

  it('certificate-authority-key fires, and stays silent about tests', async () => {
    const { pem: text, key } = makeCertificate({ subject: [['CN', 'Acme Root']], authority: true, ...LONG });
    expect(await firedRules(collector, { 'ca.pem': text, 'ca.key': key })).toEqual([
      'certificate-authority-key: Acme Root',
    ]);
    expect(await firedRules(collector, { 'test/ca.pem': text, 'test/ca.key': key })).toEqual([]);
  });

  it('all stay silent about a good certificate', async () => {
    expect(await firedRules(collector, { 'api.pem': API.pem })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('a certificate and its key', { 'api.pem': `${API.pem}${API.key}` }, { identities: 1 }),
  declaredCase('damaged', { 'a.pem': API.pem.replace(/^M/m, '!'), 'b.key': 'no key', 'c.cer': '0\u0082' }),
]);
