import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/app-manifests/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const SECRET = 'q7Lm2xAw9ZtR4c';
const GUID = 'aaaaaaaa-0000-4000-8000-00000000000';

const SLACK = `display_information:
  name: Deploy bot
oauth_config:
  redirect_urls: [https://*.acme.io/slack]
  scopes:
    bot: [chat:write, channels:history]
    user: [admin.users:write, search:read]
settings:
  token_rotation_enabled: false
`;
const GITHUB = `name: acme-shipper
url: https://acme.io
default_permissions:
  contents: write
  administration: write
  members: odd
default_events: [push]
`;
const ENTRA = JSON.stringify(
  {
    appId: `${GUID}1`,
    displayName: 'shop-api',
    publisherDomain: 'acme.io',
    signInAudience: 'AzureADMyOrg',
    passwordCredentials: [
      {
        keyId: `${GUID}2`,
        displayName: 'ci',
        hint: 'q7L',
        startDateTime: '2026-01-01T00:00:00Z',
        endDateTime: '2028-01-01T00:00:00Z',
      },
    ],
    keyCredentials: [
      { keyId: `${GUID}3`, customKeyIdentifier: 'AAECAwQFBgcICQoLDA0ODxAREhM=', type: 'AsymmetricX509Cert' },
      { keyId: `${GUID}4`, customKeyIdentifier: '000102030405060708090A0B0C0D0E0F10111213' },
    ],
    requiredResourceAccess: [
      {
        resourceAppId: '00000003-0000-0000-c000-000000000000',
        resourceAccess: [
          { id: '19dbc75e-c2e2-444c-a770-ec69d8559fc7', type: 'Role' },
          { id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d', type: 'Scope' },
        ],
      },
    ],
    web: { redirectUris: ['https://shop.acme.io/back'], implicitGrantSettings: { enableAccessTokenIssuance: true } },
  },
  null,
  2,
);
const CLIENT = '123456789012-abcdefghijklmnop.apps.googleusercontent.com';
const GOOGLE = JSON.stringify({
  web: { client_id: CLIENT, project_id: 'shop-prod', client_secret: SECRET, redirect_uris: ['http://shop.acme.io/x'] },
});
const SCRIPT = JSON.stringify({
  oauthScopes: ['https://www.googleapis.com/auth/drive', 'https://www.googleapis.com/auth/spreadsheets.currentonly'],
  webapp: { access: 'ANYONE_ANONYMOUS', executeAs: 'USER_DEPLOYING' },
});
const CHROME = JSON.stringify({
  manifest_version: 3,
  name: 'Clipper',
  version: '1.0',
  permissions: ['storage', 'activeTab'],
  host_permissions: ['*://*/*'],
});
const CONNECT = JSON.stringify({
  key: 'io.acme.shop',
  name: 'Shop for Jira',
  baseUrl: 'https://jira.acme.io',
  authentication: { type: 'jwt' },
  scopes: ['READ', 'ACT_AS_USER'],
});
const FORGE = `app:\n  id: ari:cloud:ecosystem::app/${GUID}5\npermissions:\n  scopes: ['manage:jira-configuration', 'read:jira-user']\n`;
const TEAMS = JSON.stringify({
  manifestVersion: '1.17',
  name: { short: 'Standup' },
  webApplicationInfo: { id: `${GUID}1`, resource: 'api://standup' },
  authorization: { permissions: { resourceSpecific: [{ name: 'ChannelMessage.Read.Group', type: 'Application' }] } },
});
const SALESFORCE = `<?xml version="1.0" encoding="UTF-8"?>
<ConnectedApp xmlns="http://soap.sforce.com/2006/04/metadata">
    <label>Loader</label>
    <oauthConfig>
        <callbackUrl>https://loader.acme.io/back</callbackUrl>
        <isAdminApproved>false</isAdminApproved>
        <scopes>Full</scopes>
        <scopes>RefreshToken</scopes>
    </oauthConfig>
    <oauthPolicy>
        <ipRelaxation>BYPASS</ipRelaxation>
        <refreshTokenPolicy>infinite</refreshTokenPolicy>
    </oauthPolicy>
</ConnectedApp>
`;
const SHOPIFY = `client_id = "0123456789abcdef0123456789abcdef"\nname = "Stock"\n[access_scopes]\nscopes = "read_products,write_customers"\n`;

const FILES = {
  'slack/manifest.yaml': SLACK,
  'app.yml': GITHUB,
  'entra/manifest.json': ENTRA,
  'client_secret.json': GOOGLE,
  'appsscript.json': SCRIPT,
  'extension/manifest.json': CHROME,
  'atlassian-connect.json': CONNECT,
  'forge/manifest.yml': FORGE,
  'teams/manifest.json': TEAMS,
  'force-app/Loader.connectedApp-meta.xml': SALESFORCE,
  'shopify.app.toml': SHOPIFY,
};

describe('app-manifests', () => {
  it.each([
    ['manifest.json', true],
    ['slack/manifest.yml', true],
    ['.github/app.yml', true],
    ['client_secret_123.apps.json', true],
    ['main/connectedApps/Loader.connectedApp-meta.xml', true],
    ['shopify.app.toml', true],
    ['package.json', false],
    ['src/app.ts', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads each kind of manifest, with the id that its service gave', async () => {
    const { identities, gaps } = await declare(collector, FILES);
    expect(gaps).toEqual([]);
    const apps = identities.filter(({ type }) => !type.startsWith('azure_client'));
    expect(apps.map(({ id, name }) => [id, name])).toEqual([
      ['oauth-app:acme/shop:slack/manifest.yaml', 'Deploy bot'],
      ['oauth-app:acme/shop:app.yml', 'acme-shipper'],
      [`azure:application:${GUID}1`, 'shop-api'],
      [`google:oauth-client:${CLIENT}`, CLIENT],
      ['oauth-app:acme/shop:appsscript.json', 'appsscript.json'],
      ['oauth-app:acme/shop:extension/manifest.json', 'Clipper'],
      ['oauth-app:acme/shop:atlassian-connect.json', 'Shop for Jira'],
      [`atlassian:app:${GUID}5`, 'forge/manifest.yml'],
      ['oauth-app:acme/shop:teams/manifest.json', 'Standup'],
      ['oauth-app:acme/shop:force-app/Loader.connectedApp-meta.xml', 'Loader'],
      ['shopify:app:0123456789abcdef0123456789abcdef', 'Stock'],
    ]);
  });

  it('says what an app asks for, what of it reaches far, and where that stands', async () => {
    const { facts } = await declare(collector, FILES);
    expect(facts('Deploy bot')).toEqual({
      scopes: ['chat:write', 'channels:history', 'admin.users:write', 'search:read'],
      redirectsAnywhere: ['https://*.acme.io/slack'],
      broadScopes: ['admin.users:write', 'search:read'],
      privilegeTier: 1,
      tierReasons: [
        'asks for admin.users:write (slack/manifest.yaml:1)',
        'asks for search:read (slack/manifest.yaml:1)',
      ],
      rotation: 'none',
    });
    expect(facts('acme-shipper')).toMatchObject({ permissions: ['administration:write', 'contents:write'] });
    expect(facts('Loader')).toMatchObject({
      scopes: ['Full', 'RefreshToken'],
      networkRestricted: false,
      anyUser: true,
    });
    expect(facts('Clipper')).toMatchObject({ broadScopes: ['*://*/*'], privilegeTier: 2 });
  });

  it('sees a scope behind hundreds of others', async () => {
    const many = Array.from({ length: 300 }, (_, index) => `https://www.googleapis.com/auth/harmless${index}`);
    const text = JSON.stringify({ oauthScopes: [...many, 'https://mail.google.com/'] });
    const { identities } = await declare(collector, { 'appsscript.json': text });
    expect(identities.map(({ attributes }) => attributes['broadScopes']?.value)).toEqual([
      ['https://mail.google.com/'],
    ]);
  });

  it('reads secrets and certificates of an application, never their values', async () => {
    const { named, facts, edges } = await declare(collector, { 'manifest.json': ENTRA });
    expect(facts('shop-api')).toMatchObject({
      requestedPermissions: ['Directory.ReadWrite.All'],
      implicitFlow: true,
    });
    expect(facts('ci')).toMatchObject({ expiresAt: '2028-01-01T00:00:00.000Z', lifetimeDays: 730 });
    const thumbprint = { kind: 'certificate-thumbprint', value: '000102030405060708090a0b0c0d0e0f10111213' };
    expect(named(`${GUID}3`).keys).toEqual([thumbprint]);
    expect(named(`${GUID}4`).keys).toEqual([thumbprint]);
    expect(edges.filter(({ kind }) => kind === 'has-credential')).toHaveLength(3);
  });

  it('is silent about other files of these names, and names damaged ones that can be nothing else', async () => {
    const other = {
      'manifest.json': '{"name": "site", "icons": [], "redirect_uris": 1}',
      'public/manifest.webmanifest.json': '{"start_url": "/", "authentication": 1}',
      'k8s/manifest.yaml': 'kind: Pod\nauthentication: x\n',
      'credentials.json': '{"installed": {"client_id": "x"}, "redirect_uris": []}',
      'app.yml': 'default_permissions: 0644\n',
      'broken/manifest.json': '{"manifest_version": 3,',
    };
    const declared = await declare(collector, other);
    expect([declared.identities, declared.gaps]).toEqual([[], []]);
    const { gaps } = await declare(collector, {
      'slack-manifest.yml': 'display_information: {',
      'appsscript.json': '{"oauthScopes"',
    });
    expect(gaps).toHaveLength(2);
  });
});

describe('permission sets of Salesforce', () => {
  const set = (...names: readonly string[]): string =>
    `<PermissionSet>\n${names.map((name) => `<userPermissions><enabled>true</enabled><name>${name}</name></userPermissions>`).join('\n')}\n<objectPermissions><object>Account</object><viewAllRecords>true</viewAllRecords></objectPermissions>\n<label>Loader</label></PermissionSet>`;

  it('say what they give beyond single objects, and fire a rule', async () => {
    const files = { 'permissionsets/Loader.permissionset-meta.xml': set('ModifyAllData', 'RunReports', 'ManageUsers') };
    const { facts } = await declare(collector, files);
    expect(facts('Loader')).toEqual({
      escalationActions: ['ManageUsers'],
      dataActions: ['ModifyAllData', 'all records of Account'],
      privilegeTier: 0,
      tierReasons: [
        'ManageUsers (permissionsets/Loader.permissionset-meta.xml:4)',
        'ModifyAllData (permissionsets/Loader.permissionset-meta.xml:2)',
        'all records of Account (permissionsets/Loader.permissionset-meta.xml:5)',
      ],
    });
    expect(await firedRules(collector, files)).toContain('salesforce-permission-set-administers: Loader');
  });

  it('give what stands behind thousands of others', async () => {
    const many = Array.from({ length: 2500 }, (_, index) => `Harmless${index}`);
    const { facts } = await declare(collector, { 'a.permissionset-meta.xml': set(...many, 'ModifyAllData') });
    expect(facts('Loader')).toMatchObject({ privilegeTier: 1 });
  });

  it('stay silent where they give little', async () => {
    const files = { 'a.permissionset-meta.xml': set('RunReports'), '.profile': 'export PATH=<Profile' };
    expect(await firedRules(collector, files)).toEqual([]);
    expect((await declare(collector, files)).identities.map(({ name }) => name)).toEqual(['Loader']);
  });
});

describe('rules about apps', () => {
  it('fire for manifests of each vendor', async () => {
    const fired = await firedRules(collector, FILES);
    expect(fired.filter((line) => line.startsWith('app-'))).toEqual([
      'app-any-user: Loader',
      'app-broad-scopes: Clipper',
      'app-broad-scopes: Deploy bot',
      'app-broad-scopes: Loader',
      'app-broad-scopes: Shop for Jira',
      'app-broad-scopes: Standup',
      'app-broad-scopes: Stock',
      'app-broad-scopes: appsscript.json',
      'app-broad-scopes: forge/manifest.yml',
      'app-implicit-flow: shop-api',
      `app-redirect-open: ${CLIENT}`,
      'app-redirect-open: Deploy bot',
      'app-run-by-anyone: appsscript.json',
      `app-secret-in-file: ${CLIENT}`,
      'app-tokens-not-rotated: Deploy bot',
      'app-tokens-not-rotated: Loader',
      'app-used-from-anywhere: Loader',
    ]);
    expect(fired).toContain('azure-client-credential-lifetime: ci');
    expect(fired).toContain('azure-graph-permission-escalates: shop-api');
  });

  it('stay silent about modest apps', async () => {
    const slack = SLACK.replace('false', 'true')
      .replace('*.acme', 'bot.acme')

      .replace('admin.users:write, search:read', 'chat:write');
    const chrome = CHROME.replace('*://*/*', 'https://shop.acme.io/*');
    expect(await firedRules(collector, { 'manifest.yaml': slack, 'x/manifest.json': chrome })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('a manifest of each kind', FILES, { identities: 14, secrets: [SECRET] }),
  declaredCase('broken', {
    'slack-manifest.yml': 'display_information: {',
    'a.connectedApp-meta.xml': '<ConnectedApp><oauthConfig>',
    'b.permissionset-meta.xml': '<PermissionSet><userPermissions><name>',
    'shopify.app.toml': 'access_scopes = [',
    'manifest.json': '{"requiredResourceAccess": {"a": [1]}, "appId": [], "keyCredentials": "x"}',
  }),
]);
