import { describe, expect, it } from 'vitest';
import terraform from '../../src/collectors/terraform/index.ts';
import { declare } from './declared.ts';
import { failuresOf } from './judged.ts';

const OTHER = '444455556666';

function failures(text: string): Promise<readonly string[]> {
  return failuresOf(terraform, { 'main.tf': text });
}

function resourcePolicy(principal: string, more = ''): string {
  return `resource "aws_sqs_queue_policy" "q" {
  queue_url = aws_sqs_queue.q.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = ${principal}, Action = "sqs:SendMessage", Resource = "*" ${more} }] })
}`;
}

describe('policies that stand for themselves', () => {
  it('judges policies, documents, groups and permission sets, attached or not', async () => {
    const text = `
resource "aws_iam_policy" "all" {
  name   = "all"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
data "aws_iam_policy_document" "unused" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "used" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_policy" "some" {
  name   = "some"
  policy = data.aws_iam_policy_document.used.json
}
resource "aws_iam_group" "ops" { name = "ops" }
resource "aws_iam_group_policy_attachment" "ops" {
  group      = aws_iam_group.ops.name
  policy_arn = aws_iam_policy.all.arn
}
resource "aws_ssoadmin_permission_set" "admins" { name = "admins" }
resource "aws_ssoadmin_managed_policy_attachment" "admins" {
  permission_set_arn = aws_ssoadmin_permission_set.admins.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
data "aws_iam_policy" "named" { name = "AdministratorAccess" }
resource "aws_iam_role_policy" "nobody" {
  role   = var.role
  name   = "inline"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}`;
    const found = (await failures(text)).filter((failure) => failure.startsWith('aws-administrator'));
    expect(found).toEqual(
      ['AdministratorAccess', 'admins', 'all', 'inline', 'ops', 'unused'].map((name) => `aws-administrator: ${name}`),
    );
  });

  it('gives what is only named the policies that are attached here', async () => {
    const result = await declare(terraform, {
      'main.tf': `
resource "aws_iam_role_policy_attachment" "a" {
  role       = "deploy"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_user_policy_attachment" "b" {
  user       = aws_iam_user.elsewhere.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}`,
    });
    expect(result.facts('deploy')['policies']).toContain('AdministratorAccess');
    expect(result.named('deploy').evidence[0]?.source).toBe('main.tf:2');
    expect(result.facts('aws_iam_user.elsewhere')['directPolicies']).toEqual(['AmazonS3ReadOnlyAccess']);
    // Other policies may be attached elsewhere.
    expect(result.facts('aws_iam_user.elsewhere')).not.toHaveProperty('privilegeTier');
  });
});

describe('resource policies', () => {
  it.each([
    ['everybody', resourcePolicy('"*"'), true],
    ['every account', resourcePolicy('{ AWS = "arn:aws:iam::*:role/x" }'), true],
    ['a list with everybody', resourcePolicy('{ AWS = ["some", "*"] }'), true],
    [
      'everybody but some',
      resourcePolicy('"*"', ', Condition = { ArnNotEquals = { "aws:PrincipalArn" = "x" } }'),
      true,
    ],
    [
      'an organisation',
      resourcePolicy('"*"', ', Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } }'),
      false,
    ],
    ['any address', resourcePolicy('"*"', ', Condition = { IpAddress = { "aws:SourceIp" = "0.0.0.0/0" } }'), true],
    ['one account', resourcePolicy(`{ AWS = "${OTHER}" }`), false],
    ['nobody known', resourcePolicy('"*"', ', Condition = var.condition'), undefined],
  ])('says whether %s may', async (_title, text, expected) => {
    const result = await declare(terraform, { 'main.tf': text });
    expect(result.facts('aws_sqs_queue_policy.q')['publicAccess']).toBe(expected);
  });

  it('takes a denial of everybody else for a limit', async () => {
    const text = `resource "aws_s3_bucket_policy" "b" {
  bucket = "b"
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" },
    { Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*", Condition = { StringNotEquals = { "aws:PrincipalOrgID" = "o-1" } } },
  ] })
}`;
    const result = await declare(terraform, { 'main.tf': text });
    expect(result.facts('aws_s3_bucket_policy.b')['publicAccess']).toBe(false);
  });

  it('fires the rules', async () => {
    const text = `
resource "aws_sns_topic_policy" "all" {
  arn    = "x"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }] })
}
resource "aws_sqs_queue_policy" "any" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*", Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.x.arn } } }] })
}
resource "aws_kms_key" "k" {
  policy = jsonencode({ Statement = [
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" },
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::${OTHER}:role/vendor" }, Action = "kms:Decrypt", Resource = "*" },
  ] })
}
resource "aws_lambda_permission" "p" {
  function_name = "f"
  principal     = "apigateway.amazonaws.com"
}
resource "aws_lambda_permission" "good" {
  function_name = "f"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "\${aws_api_gateway_rest_api.x.execution_arn}/*"
}
resource "aws_s3_bucket_acl" "read" {
  bucket = "b"
  acl    = "public-read"
}
resource "aws_s3_bucket" "blocked" {
  bucket = "b2"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_s3_bucket_public_access_block" "blocked" {
  bucket                  = aws_s3_bucket.blocked.id
  restrict_public_buckets = true
}
resource "aws_lambda_function_url" "u" { authorization_type = "NONE" }`;
    expect((await failures(text)).filter((failure) => failure.startsWith('aws-resource'))).toEqual([
      'aws-resource-any-action: aws_sqs_queue_policy.any',
      'aws-resource-foreign-account: aws_kms_key.k',
      'aws-resource-public: aws_lambda_function_url.u',
      'aws-resource-public: aws_s3_bucket_acl.read',
      'aws-resource-public: aws_sns_topic_policy.all',
      'aws-resource-service-without-source: aws_lambda_permission.p',
    ]);
  });
});

describe('users, keys and secrets', () => {
  it('fires the rules', async () => {
    const text = `
resource "aws_iam_user" "mixed" { name = "mixed" }
resource "aws_iam_user_login_profile" "mixed" { user = aws_iam_user.mixed.name }
resource "aws_iam_access_key" "mixed" { user = aws_iam_user.mixed.name }
resource "aws_iam_user_policy" "mixed" {
  user   = aws_iam_user.mixed.name
  name   = "own"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:ListAllMyBuckets", Resource = "*" }] })
}
resource "aws_iam_access_key" "root" { user = "root" }
resource "aws_secretsmanager_secret" "kept" { name = "kept" }
resource "aws_secretsmanager_secret" "slow" { name = "slow" }
resource "aws_secretsmanager_secret_rotation" "slow" {
  secret_id = aws_secretsmanager_secret.slow.id
  rotation_rules { schedule_expression = "rate(180 days)" }
}
resource "aws_secretsmanager_secret_rotation" "fine" {
  secret_id = data.aws_secretsmanager_secret.fine.id
  rotation_rules { automatically_after_days = 30 }
}
resource "tls_private_key" "made" { algorithm = "RSA" }
resource "aws_iam_role" "long" {
  name                 = "long"
  max_session_duration = 43200
  managed_policy_arns  = ["arn:aws:iam::aws:policy/IAMFullAccess"]
  assume_role_policy   = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
    Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com", "token.actions.githubusercontent.com:sub" = "workflow:deploy:repo:acme/app" } }
  }] })
}
resource "aws_iam_role" "branches" {
  name               = "branches"
  assume_role_policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
    Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }, StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/app:*" } }
  }] })
}
resource "aws_eks_access_policy_association" "admin" {
  cluster_name  = "c"
  principal_arn = aws_iam_role.long.arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  access_scope { type = "cluster" }
}`;
    const found = await failures(text);
    for (const failure of [
      'aws-user-console-and-keys: mixed',
      'aws-user-console-password: mixed',
      'aws-user-direct-policies: mixed',
      'aws-root-access-key: root',
      'aws-secret-rotation-undeclared: kept',
      'aws-secret-rotation-slow: slow',
      'terraform-private-key-in-state: tls_private_key.made',
      'aws-powerful-role-long-session: long',
      'aws-escalation-without-boundary: long',
      'aws-oidc-unusual-subject: long',
      // What the role may do is not known, and any branch gets it.
      'aws-oidc-any-branch: branches',
      'eks-access-cluster-admin: long',
    ]) {
      expect(found).toContain(failure);
    }
    expect(
      found.filter((failure) => /rotation.*fine|undeclared: slow|unusual-subject: branches/.test(failure)),
    ).toEqual([]);
  });
});

describe('owners in tags', () => {
  it('are people or teams, of workloads too, also from the provider', async () => {
    const result = await declare(terraform, {
      'main.tf': `
provider "aws" {
  default_tags {
    tags = { owner = "Platform: platform@acme.example" }
  }
}
resource "aws_iam_role" "app" { name = "app" }
resource "aws_iam_role" "own" {
  name = "own"
  tags = { owner = "jo.lee@acme.example" }
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = aws_iam_role.app.arn
}`,
    });
    const owners = result.edges
      .filter(({ kind }) => kind === 'owns')
      .map(({ from, toKey }) => `${from.split(':').at(-1)} ${toKey.value}`);
    expect(owners.sort()).toEqual([
      'aws_iam_role.app team:aws:platform: platform',
      'aws_iam_role.own person:aws:jo.lee',
      'aws_lambda_function.fn team:aws:platform: platform',
    ]);
  });
});

describe('tags of a provider with another name', () => {
  it('count for what names that provider, and for nothing else', async () => {
    const result = await declare(terraform, {
      'main.tf': `
provider "aws" {}
provider "aws" {
  alias = "target"
  default_tags { tags = { owner = "jo.lee@acme.example" } }
}
resource "aws_iam_role" "usual" { name = "usual" }
resource "aws_iam_role" "other" {
  provider = aws.target
  name     = "other"
}`,
    });
    const owners = result.edges.filter(({ kind }) => kind === 'owns').map(({ from }) => from.split(':').at(-1));
    expect(owners).toEqual(['aws_iam_role.other']);
  });
});

describe('what uses a role', () => {
  it('draws edges from workloads, profiles, pod identities and access entries', async () => {
    const result = await declare(terraform, {
      'main.tf': `
resource "aws_iam_role" "app" { name = "app" }
resource "aws_iam_instance_profile" "app" {
  name = "app-profile"
  role = aws_iam_role.app.name
}
resource "aws_instance" "box" { iam_instance_profile = aws_iam_instance_profile.app.name }
resource "aws_launch_template" "lt" {
  name = "lt"
  iam_instance_profile { arn = aws_iam_instance_profile.app.arn }
}
resource "aws_lambda_function" "fn" {
  function_name = "fn"
  role          = aws_iam_role.app.arn
}
resource "aws_instance" "plain" { ami = "ami-1" }
resource "aws_eks_pod_identity_association" "pod" {
  namespace       = "shop"
  service_account = "api"
  role_arn        = aws_iam_role.app.arn
}
resource "aws_eks_access_entry" "entry" {
  principal_arn     = "arn:aws:iam::${OTHER}:role/ops"
  kubernetes_groups = ["system:masters"]
}`,
    });
    const id = (address: string): string => `terraform:acme/shop:${address}`;
    const drawn = result.edges.map(({ from, kind, toKey, reversed }) =>
      reversed === true ? `${toKey.value} ${kind} ${from}` : `${from} ${kind} ${toKey.value}`,
    );
    for (const edge of [
      `${id('aws_iam_instance_profile.app')} uses ${id('aws_iam_role.app')}`,
      `${id('aws_instance.box')} uses ${id('aws_iam_instance_profile.app')}`,
      `${id('aws_launch_template.lt')} uses ${id('aws_iam_instance_profile.app')}`,
      `${id('aws_lambda_function.fn')} uses ${id('aws_iam_role.app')}`,
      `shop:api can-assume ${id('aws_iam_role.app')}`,
      `arn:aws:iam::${OTHER}:role/ops uses ${id('aws_eks_access_entry.entry')}`,
    ]) {
      expect(drawn).toContain(edge);
    }
    expect(result.identities.map(({ name }) => name)).not.toContain('plain');
    expect(result.facts(`arn:aws:iam::${OTHER}:role/ops`)['clusterAdmin']).toBe(true);
  });
});
