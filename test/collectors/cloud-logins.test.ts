import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/cloud-clients/index.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

const SECRET = 'q7Lm2xAw9ZtR4c';
const GUID = 'aaaaaaaa-0000-4000-8000-00000000000';
const KEY = expandTemplate('{aws-key-id:AKIA}', 'cloud-logins');

const PROFILE = JSON.stringify({
  subscriptions: [
    { id: `${GUID}1`, name: 'shop-prod', tenantId: `${GUID}9`, user: { name: `${GUID}2`, type: 'servicePrincipal' } },
    { id: `${GUID}3`, name: 'sandbox', tenantId: `${GUID}9`, user: { name: 'kim@acme.io', type: 'user' } },
    { id: 'no guid' },
  ],
});
const TOKENS = JSON.stringify([
  { servicePrincipalId: `${GUID}2`, servicePrincipalTenant: `${GUID}9`, accessToken: SECRET },
  { tokenType: 'Bearer', userId: 'kim@acme.io', refreshToken: SECRET },
]);
const CACHE = JSON.stringify({ RefreshToken: { a: { home_account_id: `${GUID}4.${GUID}9`, secret: SECRET } } });
const PRINCIPALS = JSON.stringify([{ client_id: `${GUID}5`, tenant: `${GUID}9`, client_secret: SECRET }]);
const BOTO = `[Credentials]\ngs_oauth2_refresh_token = ${SECRET}\n[Boto]\nhttps_validate_certificates = False\n`;
const S3CFG = `[default]\naccess_key = ${KEY}\nsecret_key = ${SECRET}\nhost_base = s3.acme.io\nuse_https = False\n`;
const RCLONE = `[backup]
type = s3
provider = AWS
access_key_id = ${KEY}
secret_access_key = ${SECRET}

[machine]
type = s3
env_auth = true

[files]
type = sftp
host = files.acme.io
user = backup
pass = ${SECRET}
`;
const OCI = `[DEFAULT]
user=ocid1.user.oc1..aaaa
fingerprint=12:34
key_file=~/.oci/key.pem
tenancy=ocid1.tenancy.oc1..bbbb
region=eu-frankfurt-1
[SESSION]
tenancy=ocid1.tenancy.oc1..bbbb
security_token_file=/tmp/token
pass_phrase=${SECRET}
`;
const FILES = {
  '.azure/azureProfile.json': PROFILE,
  '.azure/accessTokens.json': TOKENS,
  '.azure/msal_token_cache.json': CACHE,
  '.azure/service_principal_entries.json': PRINCIPALS,
  '.boto': BOTO,
  '.s3cfg': S3CFG,
  'rclone.conf': RCLONE,
  '.oci/config': OCI,
};

describe('logins of clouds and storages', () => {
  it.each([
    ['.azure/azureProfile.json', true],
    ['.boto', true],
    ['home/.s3cfg', true],
    ['.config/rclone/rclone.conf', true],
    ['.oci/config', true],
    ['.s3cfg.example', true],
    ['src/boto.py', false],
    ['config', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads each login, its account and its line', async () => {
    const { identities, gaps, edges } = await declare(collector, FILES);
    expect(gaps).toEqual([]);
    const logins = identities.filter(({ type }) => type === 'cloud_login');
    expect(logins.map(({ name, provider, evidence }) => [name, provider, evidence[0]?.location?.startLine])).toEqual([
      ['shop-prod', 'azure', 1],
      ['sandbox', 'azure', 1],
      [`${GUID}2`, 'azure', 1],
      ['login 2', 'azure', 1],
      [`login ${GUID}4`, 'azure', 1],
      [`${GUID}5`, 'azure', 1],
      ['.boto', 'gcp', 1],
      ['default at s3.acme.io', 's3', 1],
      ['backup', 'rclone', 1],
      ['machine', 'rclone', 7],
      ['files', 'rclone', 11],
      ['DEFAULT', 'oci', 1],
      ['SESSION', 'oci', 7],
    ]);
    expect(edges.map(({ kind, toKey }) => `${kind} ${toKey.value}`)).toEqual([
      `can-assume ${GUID}2`,
      `can-assume ${GUID}2`,
      `can-assume ${GUID}5`,
      `uses aws:access-key:${KEY}`,
      `uses aws:access-key:${KEY}`,
    ]);
  });

  it('says whose login it is, and whether it stands in the file', async () => {
    const { facts } = await declare(collector, FILES);
    expect(facts('shop-prod')).toEqual({ environment: 'production', humanUse: false });
    expect(facts('login 2')).toEqual({
      authMethod: 'oauth_refresh',
      humanUse: true,
      literal: true,
      storage: 'plaintext_file',
    });
    expect(facts('default at s3.acme.io')).toMatchObject({ plainHttp: true, literal: true });
    expect(facts('machine')).toEqual({ authMethod: 'command', literal: false });
    expect(facts('DEFAULT')).toEqual({ authMethod: 'key_pair', literal: false });
    expect(facts('SESSION')).toMatchObject({ authMethod: 'federated_oidc', literal: true });
  });

  it('says nothing of an encrypted configuration of rclone', async () => {
    const text = '# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nAAAA\n';
    const declared = await declare(collector, { 'rclone.conf': text });
    expect([declared.identities, declared.gaps]).toEqual([[], []]);
  });

  it('fires rules about them', async () => {
    expect(await firedRules(collector, FILES)).toEqual(
      [
        `aws-key-in-file: ${KEY}`,
        'client-plain-http: default at s3.acme.io',
        'client-tls-unverified: .boto',
        ...['.boto', 'SESSION', 'backup', 'default at s3.acme.io', 'files', 'login 2'].map(
          (name) => `cloud-login-in-file: ${name}`,
        ),
        ...[`${GUID}2`, `${GUID}5`, `login ${GUID}4`].map((name) => `cloud-login-in-file: ${name}`),
        ...['.boto', 'login 2', `login ${GUID}4`].map((name) => `cloud-login-of-person: ${name}`),
      ].sort(),
    );
  });
});

collectorContract(collector, [
  declaredCase('a file of each kind', FILES, { identities: 14, secrets: [SECRET] }),
  declaredCase('broken', {
    '.azure/azureProfile.json': '{"subscriptions": [1, null, {"user": []}]',
    '.azure/accessTokens.json': '{"a": 1}',
    '.s3cfg': '[[[\n= =',
    'rclone.conf': '[a]\ntype =\n',
    '.oci/config': 'tenancy = x',
  }),
]);
