import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CollectContext, Collected } from '../../src/collectors/contract.ts';
import { collectDeclarations } from '../../src/collectors/terraform/collect.ts';
import terraform from '../../src/collectors/terraform/index.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Identity, PendingEdge } from '../../src/model/identity.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { itRarely } from '../it-rarely.ts';
import { tries } from '../property/runs.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
/** Built at run time: no key id of live shape is in the tree. */
const KEY_ID = `AK${'IA'}${'Q3EXAMPLE7TESTAB'}`;
const SECRET = `${'wJalr'}${'XUtnFEMI/K7MDENG/bPxRfiCYzz'}`;

function artifact(path: string, text: string): Artifact {
  const origin = { collector: 'files', path, repository: 'Acme/Shop', present: true };
  return { origin, bytes: new TextEncoder().encode(text) };
}

interface Result {
  readonly identities: Map<string, Identity>;
  readonly edges: PendingEdge[];
  readonly gaps: string[];
}

function collect(files: Readonly<Record<string, string>>): Result {
  const result: Result = { identities: new Map(), edges: [], gaps: [] };
  const artifacts = Object.entries(files).map(([path, text]) => artifact(path, text));
  for (const item of collectDeclarations(artifacts)) put(result, item);
  return result;
}

function put(result: Result, item: Collected): void {
  if (item.kind === 'identity') {
    expect(result.identities.has(item.identity.id)).toBe(false);
    result.identities.set(item.identity.id, item.identity);
  } else if (item.kind === 'edge') result.edges.push(item.edge);
  else if (item.kind === 'gap') result.gaps.push(item.gap.message);
}

function facts(result: Result, id: string): Record<string, unknown> {
  const identity = result.identities.get(id);
  if (identity === undefined) throw new Error(`no ${id} in ${[...result.identities.keys()].join(', ')}`);
  return Object.fromEntries(Object.entries(identity.attributes).map(([name, { value }]) => [name, value]));
}

/** Edges as text, `from kind to`; a reversed edge is turned round. */
function edges(result: Result): string[] {
  return result.edges.map(({ from, kind, toKey, reversed }) =>
    reversed === true ? `${toKey.value} ${kind} ${from}` : `${from} ${kind} ${toKey.value}`,
  );
}

const ID = (address: string): string => `terraform:Acme/Shop:${address}`;

describe('AWS declarations', () => {
  const result = collect({
    'infra/main.tf': `
provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["${OWN}"]
  default_tags { tags = { team = "payments" } }
}
resource "aws_iam_user" "bot" {
  name = "deploy-bot"
  tags = { Owner = "jordan.lee@acme.example" }
}
resource "aws_iam_access_key" "bot" { user = aws_iam_user.bot.name }
resource "aws_iam_user_policy_attachment" "bot" {
  user       = aws_iam_user.bot.name
  policy_arn = aws_iam_policy.deploy.arn
}
resource "aws_iam_openid_connect_provider" "github" {
  url             = "https://token.actions.githubusercontent.com"
  client_id_list  = ["sts.amazonaws.com"]
}
resource "aws_iam_role" "release" {
  name               = "release"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:\${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess"]
  inline_policy {
    name   = "buckets"
    policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:PutObject"], Resource = "\${aws_s3_bucket.b.arn}/*" }] })
  }
}
`,
    'infra/policy.tf': `
locals { actions = ["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"] }
data "aws_iam_policy_document" "deploy" {
  statement {
    actions   = concat(local.actions, ["s3:GetObject"])
    resources = ["*"]
  }
}
resource "aws_iam_policy" "deploy" {
  name   = "deploy"
  policy = data.aws_iam_policy_document.deploy.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringLike"
      variable = "\${replace(aws_iam_openid_connect_provider.github.url, "https://", "")}:sub"
      values   = ["repo:Acme/shop:*", "repo:acme/*"]
    }
  }
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${OTHER}:root", aws_iam_user.bot.arn]
    }
  }
}
`,
  });

  it('follows a policy document to the user that it is attached to, across files', () => {
    expect(result.gaps).toEqual([]);
    expect(facts(result, ID('infra/aws_iam_user.bot'))).toMatchObject({
      policies: ['deploy'],
      escalationActions: ['iam:PassRole + lambda:CreateFunction + lambda:InvokeFunction'],
      dataActions: ['s3:GetObject'],
      privilegeTier: 0,
      wildcardActions: false,
      wildcardResources: true,
      accessKeyDeclared: true,
    });
  });

  it('gives the place of each declaration', () => {
    const [evidence] = result.identities.get(ID('infra/aws_iam_user.bot'))?.evidence ?? [];
    expect(evidence).toMatchObject({ source: 'infra/main.tf:7' });
    expect(evidence?.location).toMatchObject({
      path: 'infra/main.tf',
      startLine: 7,
      startColumn: 1,
      endLine: 7,
      endColumn: 30,
    });
    const grant = result.identities.get(ID('infra/aws_iam_user.bot'))?.grants[0];
    expect(grant).toMatchObject({ location: { path: 'infra/policy.tf' } });
  });

  it('judges the trust of a role', () => {
    expect(facts(result, ID('infra/aws_iam_role.release'))).toMatchObject({
      policies: ['ReadOnlyAccess', 'buckets'],
      privilegeTier: 2,
      trustsAnyPrincipal: false,
      trustsExternalAccounts: [OTHER],
      requiresExternalId: false,
      oidcWithoutSubject: false,
      oidcWithoutAudience: true,
      oidcSubjectWildcard: true,
      oidcSubjectAnyRef: true,
      oidcSubjects: ['repo:Acme/shop:*', 'repo:acme/*'],
    });
  });

  it('draws the edges', () => {
    const drawn = edges(result);
    expect(drawn).toEqual(
      expect.arrayContaining([
        `${ID('infra/aws_iam_user.bot')} has-credential ${ID('infra/aws_iam_access_key.bot')}`,
        `acme/shop declares ${ID('infra/aws_iam_user.bot')}`,
        `person:aws:jordan.lee owns ${ID('infra/aws_iam_user.bot')}`,
        `team:aws:payments owns ${ID('infra/aws_iam_role.release')}`,
        `${ID('infra/aws_iam_openid_connect_provider.github')} trusted-by ${ID('infra/aws_iam_role.release')}`,
        `${ID('infra/aws_iam_user.bot')} can-assume ${ID('infra/aws_iam_role.release')}`,
        `acme/shop trusted-by ${ID('infra/aws_iam_role.release')}`,
        `${OTHER} trusted-by ${ID('infra/aws_iam_role.release')}`,
      ]),
    );
    expect(JSON.stringify([...result.identities.values(), drawn])).not.toContain('@acme.example');
  });

  it('keeps modules of different folders apart', () => {
    const user = 'resource "aws_iam_user" "u" { name = "u" }';
    const found = collect({ 'a/main.tf': user, 'b/main.tf': user, 'main.tf': user });
    expect([...found.identities.keys()].sort()).toEqual(
      [ID('a/aws_iam_user.u'), ID('aws_iam_user.u'), ID('b/aws_iam_user.u')].sort(),
    );
  });

  it('expands for_each over literals, groups, and policies that a role name attaches', () => {
    const found = collect({
      'main.tf': `
resource "aws_iam_role" "r" { name = "worker" }
resource "aws_iam_role_policy_attachment" "a" {
  for_each   = toset(["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "arn:aws:iam::aws:policy/PowerUserAccess"])
  role       = "worker"
  policy_arn = each.value
}
resource "aws_iam_group" "g" { name = "ops" }
resource "aws_iam_group_policy" "g" {
  group  = aws_iam_group.g.name
  policy = <<-EOT
    { "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } }
  EOT
}
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_group_membership" "m" {
  user   = aws_iam_user.u.name
  groups = [aws_iam_group.g.name]
}
resource "aws_iam_user_login_profile" "l" { user = aws_iam_user.u.name }
`,
    });
    expect(facts(found, ID('aws_iam_role.r'))).toMatchObject({
      policies: ['AmazonS3ReadOnlyAccess', 'PowerUserAccess'],
      privilegeTier: 1,
    });
    expect(facts(found, ID('aws_iam_user.u'))).toMatchObject({ privilegeTier: 0, consoleAccess: true });
  });

  it('leaves out what only a run of Terraform would know', () => {
    const found = collect({
      'main.tf': `
resource "aws_iam_role" "a" {
  name               = "a"
  assume_role_policy = var.trust
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.a.id
  policy = templatefile("p.json", {})
}
resource "aws_iam_role" "b" {
  name = "b"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::${OTHER}:root" } }] })
}
resource "aws_iam_role" "bounded" {
  name                 = "bounded"
  assume_role_policy   = jsonencode({ Statement = [] })
  managed_policy_arns  = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  permissions_boundary = var.boundary
}
`,
    });
    const a = facts(found, ID('aws_iam_role.a'));
    expect(a).toMatchObject({ policies: ['p'] });
    for (const name of [
      'privilegeTier',
      'wildcardActions',
      'trustsAnyPrincipal',
      'trustsExternalAccounts',
      'escalationActions',
    ]) {
      expect(a).not.toHaveProperty(name);
    }
    const external = found.identities.get(ID('aws_iam_role.b'))?.attributes['trustsExternalAccounts'];
    expect(external).toMatchObject({ value: [OTHER], precision: 'approximate' });
    expect(facts(found, ID('aws_iam_role.b'))).not.toHaveProperty('privilegeTier');
    expect(facts(found, ID('aws_iam_role.bounded'))).not.toHaveProperty('privilegeTier');
    expect(facts(found, ID('aws_iam_role.bounded'))).toMatchObject({ wildcardActions: true });
  });

  it('survives locals that refer to each other', () => {
    const found = collect({
      'main.tf': 'locals {\n  a = local.b\n  b = local.a\n}\nresource "aws_iam_user" "u" { name = local.a }\n',
    });
    expect(found.identities.get(ID('aws_iam_user.u'))?.name).toBe('u');
  });

  it('reads .tf.json like .tf', () => {
    const document = { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const found = collect({
      'main.tf.json': JSON.stringify({
        resource: {
          aws_iam_user: { u: { name: 'u' } },
          aws_iam_user_policy: { p: { user: '$' + '{aws_iam_user.u.name}', policy: JSON.stringify(document) } },
        },
      }),
    });
    expect(facts(found, ID('aws_iam_user.u'))).toMatchObject({ privilegeTier: 0, escalationActions: ['*'] });
  });

  it('names a key id in a provider block, never the secret', () => {
    const found = collect({
      'main.tf': `provider "aws" {\n  access_key = "${KEY_ID}"\n  secret_key = "${SECRET}"\n}\n`,
    });
    const key = found.identities.get(`aws:access-key:${KEY_ID}`);
    expect(key).toMatchObject({ type: 'access_key', keys: [{ kind: 'aws-access-key-id', value: KEY_ID }] });
    expect(facts(found, `aws:access-key:${KEY_ID}`)).toMatchObject({ storage: 'plaintext_file', providerBlock: true });
    expect(JSON.stringify([...found.identities.values(), found.edges])).not.toContain(SECRET);
  });
});

describe('state', () => {
  const state = {
    version: 4,
    resources: [
      {
        mode: 'managed',
        type: 'aws_iam_access_key',
        name: 'bot',
        module: 'module.ci',
        instances: [
          {
            index_key: 0,
            attributes: {
              id: KEY_ID,
              user: 'bot',
              status: 'Active',
              secret: SECRET,
              create_date: '2024-01-02T03:04:05Z',
            },
          },
        ],
      },
      {
        mode: 'managed',
        type: 'aws_iam_user',
        name: 'bot',
        instances: [{ attributes: { arn: `arn:aws:iam::${OWN}:user/bot`, name: 'bot', tags: { team: 'ci' } } }],
      },
      {
        mode: 'managed',
        type: 'aws_iam_user_policy_attachment',
        name: 'bot',
        instances: [{ attributes: { user: 'bot', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' } }],
      },
      {
        mode: 'managed',
        type: 'google_service_account_key',
        name: 'k',
        instances: [
          {
            attributes: {
              name: 'projects/p/serviceAccounts/a@p.iam.gserviceaccount.com/keys/0123abcd',
              service_account_id: 'projects/p/serviceAccounts/a@p.iam.gserviceaccount.com',
              valid_after: '2024-01-01T00:00:00Z',
              valid_before: '9999-12-31T23:59:59Z',
              private_key: SECRET,
            },
          },
        ],
      },
    ],
  };
  const result = collect({ 'terraform.tfstate': JSON.stringify(state, null, 2) });

  it('gives real identities with their join keys, and the privilege of the user', () => {
    expect(facts(result, `aws:access-key:${KEY_ID}`)).toEqual({
      authMethod: 'static_secret',
      expiresAt: 'never',
      status: 'active',
      createdAt: '2024-01-02T03:04:05.000Z',
      stateCommitted: true,
      storage: 'plaintext_file',
    });
    expect(result.identities.get(`aws:access-key:${KEY_ID}`)?.keys).toEqual([
      { kind: 'declared-value', value: expect.stringMatching(/:terraform\.tfstate:16:23-16:\d+$/) as string },
      { kind: 'aws-access-key-id', value: KEY_ID },
    ]);
    expect(facts(result, `arn:aws:iam::${OWN}:user/bot`)).toMatchObject({ privilegeTier: 0, stateCommitted: true });
    expect(result.identities.get(`arn:aws:iam::${OWN}:user/bot`)?.account).toBe(OWN);
    expect(facts(result, 'gcp:sa-key:0123abcd')).toMatchObject({ expiresAt: 'never', stateCommitted: true });
    expect(edges(result)).toEqual(
      expect.arrayContaining([
        `arn:aws:iam::${OWN}:user/bot has-credential aws:access-key:${KEY_ID}`,
        'gcp:service-account:a@p.iam.gserviceaccount.com has-credential gcp:sa-key:0123abcd',
      ]),
    );
  });

  it('never holds a secret of the state', () => {
    expect(JSON.stringify([[...result.identities.values()], result.edges, result.gaps])).not.toContain(SECRET);
  });

  it('says what it cannot read', () => {
    expect(collect({ 'a.tfstate': '{"version": 3, "modules": []}' }).gaps[0]).toMatch(/format version 4/);
    expect(collect({ 'a.tfstate': '{"version": 4,' }).gaps[0]).toMatch(/^a\.tfstate:1:15: /);
    expect(collect({ 'a.tf': ' '.repeat(5_000_000) }).gaps[0]).toMatch(/longer than/);
    expect(collect({ 'a.tfstate': '' }).gaps).toEqual([]);
    expect(collect({ 'a.tfstate': '{"encrypted_data": "x"}' }).gaps).toEqual([]);
  });

  it('never declares what has no name', () => {
    const { gaps, identities } = collect({
      'main.tf': '\nresource "aws_iam_user" { }\nresource "aws_iam_user" "" { }\n',
    });
    expect(gaps).toEqual([
      expect.stringMatching(/^main\.tf:2:1: this resource lacks its type or its name \(and 1 more\)/),
    ]);
    expect([...identities.keys()]).toEqual([]);
    const empty = collect({ 'main.tf': 'resource "aws_iam_user" "bot" { name = "" }\n' });
    expect([...empty.identities.values()].map(({ name }) => name)).toEqual(['bot']);
  });
});

describe('other providers', () => {
  it('reads Google service accounts, keys, grants and workload identity', () => {
    const result = collect({
      'main.tf': `
provider "google" { project = "shop-prod" }
resource "google_service_account" "ci" { account_id = "ci" }
resource "google_service_account_key" "ci" { service_account_id = google_service_account.ci.name }
resource "google_project_iam_member" "ci" {
  project = "shop-prod"
  role    = "roles/iam.serviceAccountTokenCreator"
  member  = "serviceAccount:\${google_service_account.ci.email}"
}
resource "google_project_iam_binding" "e" {
  project = "shop-prod"
  role    = "roles/editor"
  members = ["serviceAccount:123-compute@developer.gserviceaccount.com", "user:a@acme.example"]
}
resource "google_iam_workload_identity_pool_provider" "gh" {
  workload_identity_pool_provider_id = "gh"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}
resource "google_service_account_iam_member" "gh" {
  service_account_id = google_service_account.ci.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.p.name}/attribute.repository/Acme/shop"
}
`,
    });
    const ci = 'gcp:service-account:ci@shop-prod.iam.gserviceaccount.com';
    expect(facts(result, ci)).toMatchObject({ privilegeTier: 0 });
    expect(result.identities.get(ci)?.grants).toMatchObject([
      { permission: 'roles/iam.serviceAccountTokenCreator', tier: 0 },
    ]);
    expect(facts(result, 'gcp:service-account:123-compute@developer.gserviceaccount.com')).toMatchObject({
      isDefault: true,
      privilegeTier: 0,
    });
    expect(facts(result, ID('google_iam_workload_identity_pool_provider.gh'))).toMatchObject({
      attributeCondition: false,
    });
    expect(edges(result)).toEqual(
      expect.arrayContaining([
        `${ci} has-credential ${ID('google_service_account_key.ci')}`,
        `acme/shop trusted-by ${ci}`,
      ]),
    );
    expect([...result.identities.keys()].join()).not.toContain('acme.example');
  });

  it('reads Entra applications, secrets and role assignments', () => {
    const result = collect({
      'main.tf': `
resource "azuread_application" "app" { display_name = "deployer" }
resource "azuread_service_principal" "app" { client_id = azuread_application.app.client_id }
resource "azuread_application_password" "app" {
  application_id = azuread_application.app.id
  end_date       = "2099-01-01T00:00:00Z"
}
resource "azuread_application_federated_identity_credential" "gh" {
  application_id = azuread_application.app.id
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:acme/shop:environment:production"
}
resource "azurerm_user_assigned_identity" "m" { name = "m" }
resource "azurerm_role_assignment" "a" {
  scope                = data.azurerm_subscription.current.id
  role_definition_name = "Owner"
  principal_id         = azuread_service_principal.app.object_id
}
resource "azurerm_role_assignment" "b" {
  scope                = azurerm_resource_group.rg.id
  role_definition_name = "Contributor"
  principal_id         = azurerm_user_assigned_identity.m.principal_id
}
`,
    });
    expect(result.identities.get(ID('azuread_application.app'))).toMatchObject({
      type: 'azure_application',
      name: 'deployer',
      grants: [{ permission: 'Owner', resource: 'data.azurerm_subscription.current.id', tier: 0 }],
    });
    expect(facts(result, ID('azuread_application_password.app'))).toMatchObject({
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
    expect(facts(result, ID('azurerm_user_assigned_identity.m'))).toMatchObject({ privilegeTier: 2 });
    expect(edges(result)).toEqual(
      expect.arrayContaining([
        `${ID('azuread_application.app')} has-credential ${ID('azuread_application_password.app')}`,
        `acme/shop trusted-by ${ID('azuread_application.app')}`,
      ]),
    );
  });

  it('reads deploy keys, Actions secrets and webhooks of GitHub', () => {
    const blob = Buffer.from('a public key').toString('base64');
    const fingerprint = createHash('sha256').update('a public key').digest('base64').replace(/=+$/, '');
    const result = collect({
      'main.tf': `
provider "github" { owner = "acme" }
resource "github_repository" "shop" { name = "shop" }
resource "github_repository_deploy_key" "k" {
  title      = "mirror"
  repository = github_repository.shop.name
  key        = "ssh-ed25519 ${blob} mirror"
  read_only  = false
}
resource "github_actions_secret" "literal" {
  repository      = "shop"
  secret_name     = "NPM_TOKEN"
  plaintext_value = "${SECRET}"
}
resource "github_actions_secret" "variable" {
  repository      = "shop"
  secret_name     = "OTHER"
  plaintext_value = var.other
}
resource "github_repository_webhook" "w" {
  repository = "shop"
  events     = ["push"]
  configuration {
    url          = "http://ci.acme.example/hook/${SECRET}"
    insecure_ssl = true
  }
}
`,
    });
    expect(facts(result, ID('github_repository_deploy_key.k'))).toMatchObject({ readOnly: false, keyType: 'ed25519' });
    expect(result.identities.get(ID('github_repository_deploy_key.k'))?.keys).toEqual([
      { kind: 'ssh-fingerprint', value: `SHA256:${fingerprint}` },
    ]);
    expect(facts(result, 'github:secret:acme/shop:NPM_TOKEN')).toMatchObject({
      plaintextValue: true,
      storage: 'plaintext_file',
    });
    expect(facts(result, 'github:secret:acme/shop:OTHER')).toMatchObject({
      plaintextValue: false,
      storage: 'ci_secret',
    });
    expect(facts(result, ID('github_repository_webhook.w'))).toMatchObject({
      url: 'http://ci.acme.example',
      hasSecret: false,
      insecureSsl: true,
      active: true,
      events: ['push'],
    });
    expect(JSON.stringify([[...result.identities.values()], result.edges])).not.toContain(SECRET);
  });

  it('reads Kubernetes service accounts and the role they are bound to', () => {
    const result = collect({
      'main.tf': `
resource "aws_iam_role" "api" { name = "api" }
resource "kubernetes_service_account_v1" "api" {
  metadata {
    name        = "api"
    namespace   = "shop"
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.api.arn }
  }
}
resource "kubernetes_cluster_role_binding_v1" "admin" {
  metadata { name = "admin" }
  role_ref {
    kind = "ClusterRole"
    name = "cluster-admin"
  }
  subject {
    kind      = "ServiceAccount"
    name      = "api"
    namespace = "shop"
  }
}
`,
    });
    const id = 'kubernetes:Acme/Shop:shop:api';
    expect(facts(result, id)).toMatchObject({ clusterAdmin: true, privilegeTier: 0, automountToken: true });
    expect(edges(result)).toContain(`${id} can-assume ${ID('aws_iam_role.api')}`);
  });
});

describe('hostile input', () => {
  it('reads what it can of a broken file and says where it broke', () => {
    const result = collect({
      'main.tf': 'resource "aws_iam_user" "a" {\n  name = "a"\n}\nresource "x" "y" {\n  z = [\n}\n',
    });
    expect([...result.identities.keys()]).toEqual([ID('aws_iam_user.a')]);
    expect(result.gaps).toEqual([expect.stringMatching(/^main\.tf:6:1: /)]);
  });

  it('never throws', () => {
    const pieces = [
      'resource "aws_iam_role" "r" {\n',
      'resource "aws_iam_user" "r" { name = aws_iam_user.r.name }\n',
      'assume_role_policy = ',
      'data.aws_iam_policy_document.d.json\n',
      'data "aws_iam_policy_document" "d" {\nsource_policy_documents = [data.aws_iam_policy_document.d.json]\n}\n',
      'jsonencode({ Statement = [',
      '{ Principal = "*" }',
      ']})',
      '}\n',
      'locals { a = [local.a, local.a] }\n',
      'managed_policy_arns = local.a\n',
      'name = local.a\n',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        collect({ 'main.tf': parts.join('') });
      }),
      tries(500),
    );
  });

  itRarely('ends on references that fan out', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) => `  a${index} = [local.a${index + 1}, local.a${index + 1}, local.a${index + 1}]`,
    );
    const started = performance.now();
    collect({ 'main.tf': `locals {\n${lines.join('\n')}\n}\nresource "aws_iam_user" "u" { name = local.a0 }\n` });
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  itRarely('ends on texts that double, and says that it gave up on references', () => {
    const text = (index: number): string => `"\${local.t${index}}\${local.t${index}}\${local.t${index}}"`;
    const lines = Array.from({ length: 40 }, (_, index) => `  t${index} = ${text(index + 1)}`);
    const long = `  t40 = "${'x'.repeat(100_000)}"`;
    const user = (name: string): string => `resource "aws_iam_user" "${name}" { name = local.t0 }`;
    const users = Array.from({ length: 60 }, (_, index) => user(`u${index}`));
    const started = performance.now();
    const result = collect({ 'main.tf': `locals {\n${lines.join('\n')}\n${long}\n}\n${users.join('\n')}\n` });
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(result.identities.size).toBe(60);
    expect(result.gaps).toEqual([expect.stringMatching(/too many steps/)]);
  });

  itRarely('reads a large module in reasonable time', () => {
    const block = (index: number): string => `
resource "aws_iam_role" "r${index}" {
  name               = "r${index}"
  assume_role_policy = data.aws_iam_policy_document.d${index}.json
}
data "aws_iam_policy_document" "d${index}" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}
resource "aws_iam_role_policy_attachment" "a${index}" {
  role       = "r${index}"
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}
`;
    const started = performance.now();
    const result = collect({ 'main.tf': Array.from({ length: 300 }, (_, index) => block(index)).join('') });
    expect(result.identities.size).toBe(300);
    expect(facts(result, ID('aws_iam_role.r299'))).toMatchObject({ privilegeTier: 2 });
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

collectorContract(terraform, [
  {
    name: 'a small module',
    context: () => ({}) as CollectContext,
    files: () => [
      artifact(
        'main.tf',
        `provider "aws" {\n  access_key = "${KEY_ID}"\n  secret_key = "${SECRET}"\n}\nresource "aws_iam_user" "u" { name = "u" }\n`,
      ),
      artifact('broken.tf', 'resource "a" {'),
    ],
    secrets: [SECRET],
    identities: 2,
  },
]);
