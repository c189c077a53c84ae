import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/signing/index.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';
import { contextOf } from './source-context.ts';

/** A profile is a signed message around a list of properties. */
const PROFILE = `0\u0082MIME<?xml version="1.0"?>
<plist version="1.0"><dict>
  <key>Name</key><string>Acme in-house</string>
  <key>TeamIdentifier</key><array><string>ABCDE12345</string></array>
  <key>CreationDate</key><date>2026-01-01T00:00:00Z</date>
  <key>ExpirationDate</key><date>2026-11-20T00:00:00Z</date>
  <key>Entitlements</key><dict><key>get-task-allow</key><false/></dict>
  <key>ProvisionsAllDevices</key><true/>
  <key>UUID</key><string>AAAAAAAA-0000-4000-8000-000000000001</string>
</dict></plist>`;
const SERVICES = JSON.stringify({
  project_info: { project_number: '1', project_id: 'acme-shop-prod' },
  client: [
    { client_info: { mobilesdk_app_id: '1:123:android:abc', android_client_info: { package_name: 'io.acme.shop' } } },
  ],
});
const INFO = `<plist><dict><key>PROJECT_ID</key><string>acme-shop</string><key>GOOGLE_APP_ID</key><string>1:123:ios:def</string><key>BUNDLE_ID</key><string>io.acme.ios</string></dict></plist>`;
const FILES = {
  'ios/inhouse.mobileprovision': PROFILE,
  'app/google-services.json': SERVICES,
  'ios/GoogleService-Info.plist': INFO,
};

/** A file of bytes, which no text can hold. */
function store(path: string, hex: string): Artifact {
  const origin = { collector: 'files', path, repository: 'acme/shop', present: true };
  return { origin, bytes: Buffer.from(hex, 'hex') };
}
/** An entry of a Java store: a certificate, its alias, its date, its kind, its bytes. */
const CERTIFICATE = `000000020002${'6361'}${'00'.repeat(8)}0005${'582e353039'}0000000430820000`;
const STORES: readonly Artifact[] = [
  store('android/release.jks', 'feedfeed0000000200000001'),
  store('ci/sign.p12', `308209d1020103${'00'.repeat(20)}`),
  store('test/fixtures/a.jks', 'feedfeed00'),
  store('ci/trust.jks', `feedfeed0000000200000002${CERTIFICATE}${CERTIFICATE}`),
  store('ci/mixed.jks', `feedfeed0000000200000002${CERTIFICATE}00000001`),
  store('notes.p12', '6e6f2073746f7265'),
];

async function storesRead(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const item of collector.collect(contextOf(), STORES)) {
    if (item.kind !== 'identity') continue;
    const { provider, name, attributes } = item.identity;
    names.push(`${provider} ${name} ${String(attributes['environment']?.value ?? '')}`.trim());
  }
  return names;
}

describe('signing', () => {
  it.each([
    ['android/release.jks', true],
    ['sign.p12', true],
    ['app/google-services.json', true],
    ['a.mobileprovision', true],
    ['services.json', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('knows a store of keys by its bytes', async () => {
    expect(await storesRead()).toEqual([
      'jks android/release.jks',
      'pkcs12 ci/sign.p12',
      'jks test/fixtures/a.jks test',
      'jks ci/mixed.jks',
    ]);
  });

  it('reads a profile: team, life, and devices', async () => {
    const { named, facts } = await declare(collector, FILES);
    expect(named('Acme in-house')).toMatchObject({
      id: 'provisioning-profile:aaaaaaaa-0000-4000-8000-000000000001',
      account: 'ABCDE12345',
    });
    expect(facts('Acme in-house')).toEqual({
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-11-20T00:00:00.000Z',
      lifetimeDays: 323,
      resourceScope: 'all',
    });
  });

  it('reads apps of Firebase with their project', async () => {
    const { named, facts } = await declare(collector, FILES);
    expect(named('io.acme.shop')).toMatchObject({ id: 'firebase:app:1:123:android:abc', account: 'acme-shop-prod' });
    expect(facts('io.acme.shop')).toEqual({ environment: 'production' });
    expect(named('io.acme.ios').id).toBe('firebase:app:1:123:ios:def');
  });

  it('names profiles that it cannot read', async () => {
    const { gaps } = await declare(collector, { 'a.mobileprovision': 'x', 'b.mobileprovision': '<?xml?></plist>' });
    expect(gaps).toHaveLength(2);
  });

  it('fires rules about them', async () => {
    // The start of a short store in PKCS #12, which is text by chance.
    const stores = { 'ci/sign.p12': '0 \u0002\u0001\u0003', 'test/sign.p12': '0 \u0002\u0001\u0003' };
    expect(await firedRules(collector, stores)).toEqual(['signing-store-committed: ci/sign.p12']);
    expect(await firedRules(collector, FILES)).toEqual([
      'credential-expiring-soon: Acme in-house',
      'provisioning-profile-any-device: Acme in-house',
    ]);
  });
});

collectorContract(collector, [
  declaredCase('a file of each kind', FILES, { identities: 3 }),
  { name: 'stores of keys', context: contextOf, files: () => STORES, identities: 3 },
  declaredCase('broken', {
    'a.mobileprovision': '<?xml <key>UUID</key><string>',
    'google-services.json': '{"client": [1, null], "project_info": []',
    'GoogleService-Info.plist': '<key>PROJECT_ID</key><true/>',
    'a.jks': 'x',
  }),
]);
