import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/encrypted-stores/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { failedRules } from './failed-rules.ts';

const SECRET = 'abcdefgh12-value';
const SOPS = `db:
  password: ENC[AES256_GCM,data:aaaa,iv:bbbb,tag:cccc,type:str]
  api_token: ${SECRET}
sops:
  age:
    - recipient: age1aaaa
      enc: x
  lastmodified: "2026-01-02T03:04:05Z"
  mac: ENC[AES256_GCM,data:aaaa]
`;
const RULES = `creation_rules:
  - path_regex: prod/.*
    kms: arn:aws:kms:eu-west-1:210987654321:key/a
  - age: age1aaaa
`;
const SEALED = `apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: { name: db, namespace: shop, annotations: { sealedsecrets.bitnami.com/cluster-wide: "true" } }
spec: { encryptedData: { password: AgBy } }
`;
const EXTERNAL = `apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: { name: vault }
spec: { provider: { vault: { server: "http://vault.acme.example", auth: { tokenSecretRef: { name: t, key: k } } } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: all, namespace: shop }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  dataFrom: [{ find: { name: { regexp: ".*" } } }]
`;
const GOOD = `apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: { name: vault, namespace: shop }
spec: { provider: { vault: { server: "https://vault.acme.example", auth: { kubernetes: { role: shop, serviceAccountRef: { name: shop } } } } } }
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: db, namespace: shop }
spec: { secretStoreRef: { name: vault }, data: [{ secretKey: password, remoteRef: { key: shop/db } }] }
`;

describe('encrypted-stores', () => {
  it.each([
    ['secrets/prod.yaml', true],
    ['.sops.yaml', true],
    ['team.kdbx', true],
    ['.vault_pass.txt', true],
    ['ansible-vault-password', true],
    ['.gitattributes', true],
    ['main.go', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('reads what sops encrypted, and what it left open', async () => {
    const { facts } = await declare(collector, { 'prod.yaml': SOPS, '.sops.yaml': RULES });
    expect(facts('prod.yaml')).toEqual({
      storage: 'encrypted_file',
      secretNames: ['db'],
      literalSecrets: ['api_token'],
      singleRecipient: true,
      updatedAt: '2026-01-02T03:04:05.000Z',
    });
    expect(facts('.sops.yaml')).toEqual({ storage: 'encrypted_file', singleRecipient: true });
  });

  it.each([
    ['age: "age1a,age1b"', false],
    ['age: age1a', true],
    ['kms: arn:aws:kms:x', false],
    ['pgp: AAAA', true],
    ['key_groups: [{ pgp: [A], age: [b] }]', false],
    ['path_regex: x', undefined],
  ])('a rule with %s has a single recipient: %s', async (rule, single) => {
    const { facts } = await declare(collector, { '.sops.yaml': `creation_rules:\n  - { ${rule} }\n` });
    expect(facts('.sops.yaml')['singleRecipient']).toBe(single);
  });

  it('reads ansible-vault, KeePass, git-crypt, git-secret, doppler and infisical', async () => {
    const all = await declare(collector, {
      'group_vars/all/vault.yml': '$ANSIBLE_VAULT;1.1;AES256\n3132\n',
      'group_vars/web.yml': 'db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\nport: 80\n',
      '.vault_pass': `${SECRET}\n`,
      'team.kdbx': '\u0003',
      '.gitattributes': '*.txt text\nsecrets/** filter=git-crypt diff=git-crypt\n',
      '.gitsecret/paths/mapping.cfg': 'a.txt:hash\n',
      'doppler.yaml': 'setup: { project: shop, config: prd_eu }\n',
      '.infisical.json': '{"workspaceId": "1", "defaultEnvironment": "dev"}',
    });
    expect(all.facts('group_vars/all/vault.yml')).toEqual({ storage: 'encrypted_file' });
    expect(all.facts('group_vars/web.yml')).toEqual({ storage: 'encrypted_file', secretNames: ['db_password'] });
    expect(all.facts('.vault_pass')).toEqual({ storage: 'plaintext_file', keyInRepository: true });
    expect(all.facts('team.kdbx')).toEqual({ storage: 'encrypted_file' });
    expect(all.facts('.gitattributes')).toEqual({ storage: 'encrypted_file', secretNames: ['secrets/**'] });
    expect(all.named('.gitsecret/paths/mapping.cfg').type).toBe('secret_store');
    expect(all.facts('doppler.yaml')).toEqual({ storage: 'vault', environment: 'production' });
    expect(all.facts('.infisical.json')).toEqual({ storage: 'vault', environment: 'development' });
    expect(JSON.stringify(all.identities)).not.toContain(SECRET);
  });

  it('reads objects of Kubernetes, and leads to their store', async () => {
    const all = await declare(collector, { 'a.yaml': SEALED, 'b.yaml': EXTERNAL, 'c.yaml': GOOD });
    expect(all.facts('SealedSecret/db')).toEqual({
      storage: 'encrypted_file',
      secretNames: ['password'],
      clusterWide: true,
    });
    expect(all.facts('ClusterSecretStore/vault')).toEqual({
      storage: 'vault',
      authMethod: 'static_secret',
      plainHttp: true,
      resourceScope: 'all',
    });
    expect(all.facts('ExternalSecret/all')).toMatchObject({ wildcardResources: true });
    expect(all.facts('SecretStore/vault')).toMatchObject({ authMethod: 'federated_oidc', resourceScope: 'selected' });
    expect(all.edges.map(({ from, toKey }) => `${from} > ${toKey.value}`)).toEqual([
      'kubernetes:acme/shop:shop:externalsecret/all > kubernetes:acme/shop::clustersecretstore/vault',
      'kubernetes:acme/shop:shop:externalsecret/db > kubernetes:acme/shop:shop:secretstore/vault',
    ]);
  });

  it.each([
    ['a.yaml', 'port: 80\n'],
    ['.vault_pass', '#!/bin/sh\npass show vault\n'],
    ['.gitattributes', '*.txt text\n'],
    ['b.yaml', 'sops: { enabled: true }\n'],
  ])('leaves %s %j alone', async (path, text) => {
    const { identities, gaps } = await declare(collector, { [path]: text });
    expect([...identities, ...gaps]).toEqual([]);
  });

  it('says what it cannot read', async () => {
    expect((await declare(collector, { 'a.yaml': 'a: ENC[x]\nsops:\n  mac: [' })).gaps).toHaveLength(1);
    expect((await declare(collector, { '.sops.yaml': 'creation_rules: [' })).gaps).toHaveLength(1);
  });

  it('makes each of its rules fire, and leaves good files alone', async () => {
    const fired = await failedRules(collector, {
      'p.yaml': SOPS,
      'a.yaml': SEALED,
      'b.yaml': EXTERNAL,
      '.vault_pass': SECRET,
    });
    expect(fired.filter((id) => /^(?:encrypted|external|sealed|secret-store|store)-/.test(id))).toEqual([
      'encrypted-file-leaves-secret-open',
      'encrypted-file-single-recipient',
      'external-secret-takes-all',
      'sealed-secret-cluster-wide',
      'secret-store-open-to-cluster',
      'secret-store-plain-http',
      'secret-store-static-credential',
      'store-key-in-repository',
    ]);
    const good = 'creation_rules:\n  - { age: "age1a,age1b" }\n';
    expect(
      await failedRules(collector, { 'c.yaml': GOOD, '.sops.yaml': good, 'v.yml': '$ANSIBLE_VAULT;1.1;AES256\n31' }),
    ).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase('files of sops', { 'prod.yaml': SOPS, '.sops.yaml': RULES }, { identities: 2, secrets: [SECRET] }),
  declaredCase('objects of Kubernetes', { 'a.yaml': SEALED, 'b.yaml': EXTERNAL }, { identities: 3 }),
  declaredCase(
    'a password, and a broken file',
    { '.vault_pass': SECRET, '.sops.yaml': 'creation_rules: [' },
    { identities: 1, secrets: [SECRET] },
  ),
]);
