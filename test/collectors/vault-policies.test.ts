import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/vault-policies/index.ts';
import { powersOf } from '../../src/collectors/vault-policies/powers.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { failedRules } from './failed-rules.ts';

const ADMIN = 'path "*" {\n  capabilities = ["create", "read", "update", "delete", "list", "sudo"]\n}\n';
const APP =
  'path "secret/data/shop/*" {\n  capabilities = ["read"]\n}\npath "auth/token/renew-self" { capabilities = ["update"] }\n';
const TERRAFORM = `data "vault_policy_document" "all" {
  rule {
    path         = "secret/*"
    capabilities = ["read", "list"]
  }
}
resource "vault_policy" "all" {
  name   = "all-secrets"
  policy = data.vault_policy_document.all.hcl
}
resource "vault_policy" "ops" {
  name   = "ops"
  policy = <<EOT
path "sys/policies/acl/*" { capabilities = ["update"] }
path "\${var.mount}/data/x" { capabilities = ["sudo", "read"] }
EOT
}
resource "vault_approle_auth_backend_role" "ci" {
  role_name      = "ci"
  token_policies = [vault_policy.all.name, "ops"]
  secret_id_ttl  = 0
}
resource "vault_approle_auth_backend_role" "good" {
  role_name     = "good"
  token_policies = ["app"]
  secret_id_ttl = 3600
  token_max_ttl = "1h"
}
resource "vault_kubernetes_auth_backend_role" "pods" {
  role_name                        = "pods"
  bound_service_account_names      = ["*"]
  bound_service_account_namespaces = ["shop"]
  token_policies                   = ["app", "default"]
}
resource "vault_jwt_auth_backend_role" "github" {
  role_name     = "github"
  role_type     = "jwt"
  user_claim    = "sub"
  bound_claims  = { repository = "acme/shop", ref = "refs/heads/main" }
  token_policies = ["app"]
  token_max_ttl = 600
}
`;
const ROLE = JSON.stringify({
  bind_secret_id: false,
  token_policies: ['app'],
  secret_id_ttl: '24h',
  token_period: '24h',
});

describe('vault-policies', () => {
  it.each([
    [ADMIN, true],
    ['resource "vault_approle_auth_backend_role" "a" {}', true],
    ['{"secret_id_ttl": 0}', true],
    ['resource "aws_iam_role" "a" {}', false],
  ])('looks into a file before it is read: %j', (text, wanted) => {
    expect(collector.sniff(Buffer.from(text))).toBe(wanted);
  });

  it.each([
    ['*', ['sudo'], 0],
    ['*', ['read'], 1],
    ['sys/policies/acl/x', ['update'], 0],
    ['sys/policies/acl/x', ['read'], 3],
    ['sys/raw/*', ['read'], 0],
    ['auth/token/create', ['update'], 2],
    ['auth/approle/role/ci/secret-id', ['update'], 2],
    ['auth/approle/role/ci', ['update'], 0],
    ['identity/entity/id/x', ['update'], 0],
    ['secret/*', ['read'], 1],
    ['secret/*', ['list'], 3],
    ['kv/data/*', ['create'], 1],
    ['secret/data/shop/db', ['read'], 2],
    ['database/creds/app', ['read'], 2],
    ['secret/metadata/shop', ['list'], 3],
    ['auth/token/lookup-self', ['read'], 3],
    ['secret/*', ['deny'], 4],
  ] as const)('%s %j is worth %i', (path, capabilities, tier) => {
    expect(powersOf([{ path, capabilities }]).tier).toBe(tier);
  });

  it('reads policies in HCL and JSON', async () => {
    const all = await declare(collector, {
      'vault/admin.hcl': ADMIN,
      'vault/app.hcl': APP,
      'vault/old.json': '{"path": {"secret/*": {"policy": "write"}, "a": {"capabilities": []}}}',
      'vault/sent.json': JSON.stringify({ policy: APP }),
    });
    expect(all.facts('admin')).toMatchObject({
      privilegeTier: 0,
      escalationActions: ['create, read, update, delete, list, sudo on *'],
      tierReasons: ['create, read, update, delete, list, sudo on * (policy admin, vault/admin.hcl:1)'],
    });
    expect(all.facts('app')).toMatchObject({ privilegeTier: 2, escalationActions: [], wildcardServices: [] });
    expect(all.facts('sent')).toMatchObject({ privilegeTier: 2 });
    expect(all.facts('old')).toMatchObject({ privilegeTier: 1 });
    expect(all.named('app').grants).toMatchObject([
      { permission: 'read', resource: 'secret/data/shop/*', tier: 2 },
      { permission: 'update', resource: 'auth/token/renew-self', tier: 3 },
    ]);
  });

  it('reads resources of Terraform, and what roles get through their policies', async () => {
    const all = await declare(collector, { 'main.tf': TERRAFORM, 'policies/app.hcl': APP, 'roles/web.json': ROLE });
    expect(all.facts('all-secrets')).toMatchObject({ privilegeTier: 1, wildcardServices: ['read, list on secret/*'] });
    expect(all.facts('ops')).toMatchObject({
      privilegeTier: 0,
      permissionActions: ['sudo, read on _/data/x'],
    });
    expect(all.facts('ci')).toMatchObject({
      privilegeTier: 0,
      expiresAt: 'never',
      tokenHours: 768,
      authMethod: 'static_secret',
    });
    expect(all.facts('good')).toMatchObject({ privilegeTier: 2, tokenHours: 1, networkRestricted: false });
    expect(all.facts('good')).not.toHaveProperty('expiresAt');
    expect(all.facts('pods')).toMatchObject({ trustsAnyPrincipal: true, privilegeTier: 2 });
    expect(all.facts('github')).toMatchObject({ trustsAnyPrincipal: false, tokenHours: 1 });
    expect(all.facts('web')).toMatchObject({ authMethod: 'none', tokenHours: 768 });
    expect(all.edges).toHaveLength(6);
    expect(all.named('ops').evidence[0]?.location?.startLine).toBe(11);
  });

  it('knows nothing of policies that have one name in two places, or that no file has', async () => {
    const role = (name: string) => JSON.stringify({ secret_id_ttl: 60, token_policies: [name] });
    const all = await declare(collector, {
      'dev/app.hcl': APP,
      'prod/app.hcl': APP,
      'a.json': role('app'),
      'b.json': role('other'),
    });
    expect(all.facts('a')).not.toHaveProperty('privilegeTier');
    expect(all.facts('b')).not.toHaveProperty('privilegeTier');
    expect(all.edges).toEqual([]);
  });

  it.each([
    ['vault/a.hcl', 'path "a" {\n  capabilities = [', 1],
    ['vault/a.json', '{"path": {"a": {"capabilities": [', 1],
    ['other/a.json', '{"bound_claims": [', 0],
    ['tool/a.json', '{"capabilities": {"browser": 1}}', 0],
  ])('reads %s %j with %i gaps', async (path, text, gaps) => {
    expect((await declare(collector, { [path]: text })).gaps).toHaveLength(gaps);
  });

  it('makes each of its rules fire, and leaves good files alone', async () => {
    const fired = await failedRules(collector, { 'main.tf': TERRAFORM, 'admin.hcl': ADMIN, 'web.json': ROLE });
    expect(fired.filter((id) => id.startsWith('vault-'))).toEqual([
      'vault-administrator',
      'vault-approle-without-secret',
      'vault-policy-sudo',
      'vault-role-any-principal',
      'vault-secret-id-never-expires',
      'vault-token-lives-long',
      'vault-whole-engine',
    ]);
    const good = {
      token_policies: ['app'],
      secret_id_ttl: '10m',
      token_max_ttl: '1h',
      token_bound_cidrs: ['10.0.0.0/8'],
    };
    expect(await failedRules(collector, { 'app.hcl': APP, 'web.json': JSON.stringify(good) })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'policies and roles',
    { 'main.tf': TERRAFORM, 'policies/app.hcl': APP, 'roles/web.json': ROLE },
    { identities: 8 },
  ),
  declaredCase('a broken policy', { 'a.hcl': 'path "a" {\n  capabilities = [' }),
]);
