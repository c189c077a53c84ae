import { expandTemplate } from '../../../src/lib/template/expand.ts';

const make = (template: string): string => expandTemplate(template, `rules-fire/${template}`);
const lines = (...parts: readonly string[]): string => `${parts.join('\n')}\n`;
const KEY_ID = make('{aws-key-id:AKIA:210987654321}');
const OIDC = 'arn:aws:iam::210987654321:oidc-provider/token.actions.githubusercontent.com';

/** A role of Terraform with a trust in GitHub, under some conditions. */
function oidcRole(name: string, conditions: object): string {
  const statement = {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: OIDC },
    Condition: conditions,
  };
  return role(name, statement);
}

function role(name: string, statement: object): string {
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return `resource "aws_iam_role" "${name}" {\n  name = "${name}"\n  assume_role_policy = jsonencode(${policy})\n}\n`;
}

function bucketPolicy(name: string, statement: object): string {
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Resource: 'arn:aws:s3:::acme-data/*', ...statement }],
  });
  return `resource "aws_s3_bucket_policy" "${name}" {\n  bucket = "acme-data"\n  policy = jsonencode(${policy})\n}\n`;
}

const SUB = 'token.actions.githubusercontent.com:sub';
const AUD = { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' };
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

const AWS = [
  `resource "aws_iam_user" "bot" {\n  name = "bot"\n}\n`,
  `resource "aws_iam_access_key" "bot" {\n  user = aws_iam_user.bot.name\n}\n`,
  `resource "aws_iam_user_policy" "bot" {\n  user = aws_iam_user.bot.name\n  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:CreatePolicyVersion", Resource = "*" }] })\n}\n`,
  role('vendor', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::998877665544:root' } }),
  `resource "aws_iam_role_policy_attachment" "vendor" {\n  role = aws_iam_role.vendor.name\n  policy_arn = "${ADMIN}"\n}\n`,
  role('anyone', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '*' } }),
  oidcRole('any-branch', { StringEquals: AUD, StringLike: { [SUB]: 'repo:acme/app:*' } }),
  oidcRole('unusual', { StringEquals: AUD, StringLike: { [SUB]: 'acme/app' } }),
  oidcRole('no-audience', { StringEquals: { [SUB]: 'repo:acme/app:ref:refs/heads/main' } }),
  oidcRole('no-subject', { StringEquals: AUD }),
  `resource "aws_iam_policy" "loose" {\n  name = "loose"\n  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })\n}\n`,
  bucketPolicy('open', { Principal: '*', Action: 's3:*' }),
  bucketPolicy('foreign', { Principal: { AWS: 'arn:aws:iam::998877665544:root' }, Action: 's3:GetObject' }),
  bucketPolicy('service', { Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject' }),
  `resource "aws_secretsmanager_secret" "slow" {\n  name = "slow"\n}\n`,
  `resource "aws_secretsmanager_secret_rotation" "slow" {\n  secret_id = aws_secretsmanager_secret.slow.id\n  rotation_rules {\n    automatically_after_days = 400\n  }\n}\n`,
  `resource "aws_eks_access_policy_association" "ops" {\n  cluster_name = "prod"\n  policy_arn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"\n  principal_arn = "arn:aws:iam::210987654321:role/ops"\n  access_scope {\n    type = "cluster"\n  }\n}\n`,
  `provider "aws" {\n  region = "eu-central-1"\n  access_key = "${KEY_ID}"\n  secret_key = "${make('{base64:40}')}"\n  allowed_account_ids = ["210987654321"]\n}\n`,
  `resource "tls_private_key" "ssh" {\n  algorithm = "ED25519"\n}\n`,
].join('\n');

const GOOGLE = lines(
  'resource "google_container_cluster" "old" {',
  '  name = "old"',
  '  enable_legacy_abac = true',
  '  master_auth {',
  '    username = "admin"',
  '    password = var.password',
  '    client_certificate_config {',
  '      issue_client_certificate = true',
  '    }',
  '  }',
  '}',
  'resource "google_project_iam_member" "default" {',
  '  project = "acme"',
  '  role = "roles/editor"',
  '  member = "serviceAccount:123456789012-compute@developer.gserviceaccount.com"',
  '}',
  'resource "google_service_account" "any" {',
  '  project = "acme"',
  '  account_id = "any"',
  '}',
  'resource "google_service_account_iam_member" "any" {',
  '  service_account_id = google_service_account.any.name',
  '  role = "roles/iam.workloadIdentityUser"',
  '  member = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/*"',
  '}',
);

const GITHUB = lines(
  'provider "github" {',
  '  owner = "acme"',
  '}',
  'resource "github_actions_secret" "token" {',
  '  repository = "app"',
  '  secret_name = "DEPLOY_TOKEN"',
  `  plaintext_value = "${make('{base62:32}')}"`,
  '}',
  'resource "github_repository_webhook" "hook" {',
  '  repository = "app"',
  '  events = ["push"]',
  '  configuration {',
  '    url = "http://hooks.acme.example/in?token=x"',
  '    insecure_ssl = true',
  '  }',
  '}',
);

const AZURE = lines(
  'resource "azuread_application" "app" {',
  '  display_name = "app"',
  '}',
  'resource "azuread_application_password" "long" {',
  '  application_id = azuread_application.app.id',
  '  end_date = "2040-01-01T00:00:00Z"',
  '}',
);

const STACK = lines(
  'AWSTemplateFormatVersion: "2010-09-09"',
  'Parameters:',
  '  DatabasePassword:',
  '    Type: String',
  `    Default: ${make('{base62:20}')}`,
  'Resources:',
  '  Bot:',
  '    Type: AWS::IAM::User',
  '  BotKey:',
  '    Type: AWS::IAM::AccessKey',
  '    Properties:',
  '      UserName: !Ref Bot',
  'Outputs:',
  '  Secret:',
  '    Value: !GetAtt BotKey.SecretAccessKey',
);

const WORKFLOW = lines(
  'on: [pull_request, pull_request_target]',
  'permissions: write-all',
  'jobs:',
  '  head:',
  '    runs-on: ubuntu-latest',
  '    steps:',
  '      - uses: actions/checkout@v4',
  '        with:',
  '          ref: ${{ github.event.pull_request.head.sha }}',
  '      - run: npm test',
  '  own:',
  '    runs-on: self-hosted',
  '    steps:',
  '      - run: make',
  '  call:',
  '    uses: other/repository/.github/workflows/build.yml@v1',
  '    secrets: inherit',
);

const CLUSTER = lines(
  'apiVersion: v1',
  'kind: Secret',
  'metadata:',
  '  name: database',
  '  namespace: shop',
  'stringData:',
  `  password: ${make('{base62:20}')}`,
  '---',
  'apiVersion: v1',
  'kind: Secret',
  'metadata:',
  '  name: ci-token',
  '  namespace: shop',
  '  annotations:',
  '    kubernetes.io/service-account.name: ci',
  'type: kubernetes.io/service-account-token',
);

const EMAIL = 'owner@acme.iam.gserviceaccount.com';
const MEMBER = { project: 'acme', role: 'roles/owner', member: `serviceAccount:${EMAIL}` };
const ACCOUNT = { account_id: 'owner', email: EMAIL, name: `projects/acme/serviceAccounts/${EMAIL}`, project: 'acme' };
const ENDLESS = {
  name: `projects/acme/serviceAccounts/${EMAIL}/keys/${make('{hex:40}')}`,
  service_account_id: `projects/acme/serviceAccounts/${EMAIL}`,
  valid_after: '2026-01-10T09:00:00Z',
  valid_before: '9999-12-31T23:59:59Z',
};
const STATE = JSON.stringify({
  version: 4,
  terraform_version: '1.9.5',
  serial: 1,
  lineage: '5f0c2f0e-0000-4000-8000-000000000001',
  outputs: {},
  resources: [
    stateOf('google_service_account', ACCOUNT),
    stateOf('google_project_iam_member', MEMBER),
    stateOf('google_service_account_key', ENDLESS),
  ],
});

function stateOf(type: string, attributes: object): object {
  const provider = 'provider["registry.terraform.io/hashicorp/google"]';
  return { mode: 'managed', type, name: 'owner', provider, instances: [{ schema_version: 0, attributes }] };
}

/** Edits of the recorded answers of the demonstration, by a part of the file's name. */
export const EDITS: readonly (readonly [dump: string, part: string, edit: (text: string) => string])[] = [
  [
    'github-acme',
    'orgs-acme-installations',
    (text) => text.replace('"contents": "write"', '"administration": "write"'),
  ],
  [
    'github-acme',
    'orgs-acme-installations',
    (text) => text.replace('"id": "33"', '"suspended_at": "2025-01-01T00:00:00Z", "id": "33"'),
  ],
  [
    'github-acme',
    'orgs-acme-actions-runner-groups',
    (text) => text.replace('[]', '[{"id": "1", "name": "all", "allows_public_repositories": true}]'),
  ],
  [
    'github-acme',
    'orgs-acme-actions-runners',
    (text) =>
      text.replace(
        '[]',
        '[{"id": "5", "name": "build", "runner_group_id": "1", "status": "offline", "ephemeral": false}]',
      ),
  ],
  ['github-acme', 'orgs-acme-repos-type', (text) => text.replace('2026-10-29T10:00:00Z', '2024-10-29T10:00:00Z')],
  ['github-acme', 'orgs-acme-audit-log', (text) => text.replace('"token_id": "9501"', '"token_id": "9999"')],
  ['github-acme', 'orgs-acme-hooks', (text) => text.replace('chat.acme.example/', 'chat.acme.example/in?token=x')],
  ['aws-acme', 'access-keys-3', (text) => text.replace('"Inactive"', '"Active"')],
  [
    'aws-acme',
    'credential-report',
    (text) =>
      withReport(text, [
        ['11-28T07:00:00+00:00,true', '11-28T07:00:00+00:00,false'],
        ['N/A,N/A,N/A,false,false,2025', 'N/A,N/A,N/A,false,true,2025'],
      ]),
  ],
  ['aws-acme', 'authorization-details', (text) => text.replace('"Policies": [', `"Policies": [${LOOSE},`)],
];

/** A policy of the account that nothing has. */
const LOOSE = JSON.stringify({
  PolicyName: 'loose',
  PolicyId: 'EXAMPLE-loose',
  Arn: 'arn:aws:iam::210987654321:policy/loose',
  Path: '/',
  DefaultVersionId: 'v1',
  AttachmentCount: 0,
  IsAttachable: true,
  CreateDate: '2024-01-01T00:00:00+00:00',
  UpdateDate: '2024-01-01T00:00:00+00:00',
  PolicyVersionList: [
    {
      Document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
      VersionId: 'v1',
      IsDefaultVersion: true,
      CreateDate: '2024-01-01T00:00:00+00:00',
    },
  ],
});

/** The report with other values: it is base64 in its answer. */
function withReport(text: string, changes: readonly (readonly [string, string])[]): string {
  const answer = JSON.parse(text) as { Content: string };
  const report = Buffer.from(answer.Content, 'base64').toString();
  const changed = changes.reduce((done, [from, to]) => done.replace(from, to), report);
  return JSON.stringify({ ...answer, Content: Buffer.from(changed).toString('base64') });
}

/** The public half of an RSA key of 2,048 bits, as a file `.pub` has it. Its modulus is no product of primes. */
function publicKey(): string {
  const part = (bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.of(0, 0, bytes.length >> 8, bytes.length & 255), bytes]);
  const modulus = Buffer.concat([Buffer.of(0), Buffer.alloc(256, 0xc1)]);
  const blob = Buffer.concat([part(Buffer.from('ssh-rsa')), part(Buffer.of(1, 0, 1)), part(modulus)]);
  return `ssh-rsa ${blob.toString('base64')} deploy@acme`;
}

/** Files in the form of their makers. Together they make every rule of the list fail. */
export const FILES: Readonly<Record<string, string>> = {
  'hosts/deploy.pub': lines(publicKey()),
  'aws/main.tf': AWS,
  'google/main.tf': GOOGLE,
  'google/terraform.tfstate': STATE,
  'github/main.tf': GITHUB,
  'azure/main.tf': AZURE,
  'stack/template.yaml': STACK,
  '.github/workflows/all.yml': WORKFLOW,
  '.github/workflows/undeclared.yml':
    'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n',
  '.github/CODEOWNERS': '/docs/ @acme/docs\n',
  'k8s/secrets.yaml': CLUSTER,
  '.aws/credentials': lines(
    '[ops]',
    'role_arn = arn:aws:iam::210987654321:role/ops',
    'source_profile = default',

    '[default]',
    `aws_access_key_id = ${KEY_ID}`,
    `aws_secret_access_key = ${make('{base64:40}')}`,
  ),
  '.git-credentials': `https://bot:${make('{base62:24}')}@git.acme.example\n`,
  'application_default_credentials.json': `{"type": "authorized_user", "client_id": "764086051850-x.apps.googleusercontent.com", "client_secret": "d-FL95Q19q7MQmFpd7hHD0Ty", "refresh_token": "1//${make('{base64url:60}')}"}\n`,
  '.mcp.json': `{"mcpServers": {"files": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem", "/"]}}}\n`,
};

/** Rules that the files make fail, beside those of the demonstration and of the tests of collectors. */
export const FIRE: readonly string[] = [
  'aws-console-without-mfa',
  'aws-two-active-keys',
  'github-app-admin-permissions',
  'github-app-suspended-leftover',
  'github-runner-public-repositories',
  'github-token-unused',
  'github-runner-offline',
  'github-stale-repository-live-key',
  'aws-access-key-declared',
  'aws-escalation-without-boundary',
  'aws-external-account-privileged',
  'aws-external-account-without-external-id',
  'aws-key-in-file',
  'aws-oidc-any-branch',
  'aws-oidc-unusual-subject',
  'aws-oidc-without-audience',
  'aws-oidc-without-subject',
  'aws-policy-unattached-privileged',
  'aws-privilege-escalation',
  'aws-resource-any-action',
  'aws-resource-foreign-account',
  'aws-resource-public',
  'aws-resource-service-without-source',
  'aws-role-by-key-alone',
  'aws-secret-rotation-slow',
  'aws-trust-any-principal',
  'azure-client-secret-long',
  'cloudformation-parameter-default',
  'cloudformation-parameter-shown',
  'cloudformation-secret-in-outputs',
  'credential-in-provider-block',
  'credential-never-expires',
  'eks-access-cluster-admin',
  'gcp-cluster-basic-auth',
  'gcp-cluster-client-certificate',
  'gcp-cluster-legacy-authorization',
  'gcp-default-account-privileged',
  'gcp-login-of-person-in-file',
  'gcp-service-account-any-subject',
  'git-login-in-file',
  'github-secret-value-in-code',
  'github-webhook-credential-in-url',
  'github-webhook-insecure-ssl',
  'github-webhook-plain-http',
  'identity-without-owner',
  'kubernetes-secret-in-manifest',
  'kubernetes-token-secret',
  'mcp-broad-tools',
  'terraform-private-key-in-state',
  'workflow-inherits-secrets',
  'workflow-permissions-undeclared',
  'workflow-pull-request-target-checkout',
  'workflow-self-hosted-pull-request',
  'workflow-write-all',
];
