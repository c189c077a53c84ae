import { describe, expect, it } from 'vitest';
import terraform from '../../../src/collectors/terraform/index.ts';
import { declare } from '../declared.ts';

const MEMBERS = `
variable "roles" {
  type    = list(string)
  default = ["roles/owner"]
}
resource "google_project_iam_member" "set" {
  for_each = toset(var.roles)
  project  = "shop"
  role     = each.value
  member   = "group:ops@acme.example"
}
`;
const SET = 'google_project_iam_member.set';

describe('variables of a folder that nobody calls', () => {
  it('have their default', async () => {
    const found = await declare(terraform, { 'main.tf': MEMBERS });
    expect(found.facts(SET)).toMatchObject({ role: 'roles/owner', privilegeTier: 0 });
  });

  it('have what files say that Terraform reads by itself: the last one counts', async () => {
    const files = {
      'main.tf': MEMBERS,
      'terraform.tfvars': 'roles = ["roles/editor"]\n',
      'z.auto.tfvars.json': '{ "roles": ["roles/browser"] }',
      'a.auto.tfvars': 'roles = ["roles/viewer"]\n',
    };
    expect((await declare(terraform, files)).facts(SET)).toMatchObject({ role: 'roles/browser', basicRole: 'none' });
  });

  it('are not known where another file may be named for a run, and where nothing is filled in', async () => {
    const named = await declare(terraform, { 'app/main.tf': MEMBERS, 'envs/prod.tfvars': 'roles = []' });
    expect(named.facts(SET)).not.toHaveProperty('privilegeTier');
    const empty = await declare(terraform, { 'main.tf': MEMBERS.replace('["roles/owner"]', '[]') });
    expect(empty.facts(SET)).not.toHaveProperty('privilegeTier');
    const neighbour = { 'a/main.tf': MEMBERS, 'b/main.tf': MEMBERS, 'b/terraform.tfvars': 'roles = ["roles/viewer"]' };
    const both = (await declare(terraform, neighbour)).identities.filter(({ name }) => name === SET);
    expect(both.map(({ attributes }) => attributes['role']?.value)).toEqual(['roles/owner', 'roles/viewer']);
  });

  it('leave a resource out by a file, and not by a default', async () => {
    const text = `
variable "cloud" { default = "gcp" }
resource "aws_iam_user" "bot" {
  count = var.cloud == "aws" ? 1 : 0
  name  = "bot"
}
module "more" {
  source = "./more"
  count  = var.cloud == "aws" ? 1 : 0
}
`;
    const more = 'resource "aws_iam_user" "more" { name = "more" }\n';
    const names = async (values: string): Promise<string[]> => {
      const files = { 'main.tf': text, 'more/main.tf': more, 'terraform.tfvars': values };
      return (await declare(terraform, files)).identities.map(({ name }) => name).sort();
    };
    expect(await names('')).toEqual(['bot', 'more']);
    expect(await names('cloud = "azure"\n')).toEqual([]);
    expect(await names('cloud = "aws"\n')).toEqual(['bot', 'more']);
  });

  it('add nothing to a list that has more than them', async () => {
    const text = (list: string): string => `
variable "more" { default = [] }
resource "aws_iam_role" "node" {
  name               = "node"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy_attachment" "all" {
  for_each   = toset(${list})
  role       = aws_iam_role.node.name
  policy_arn = each.value
}
`;
    const tierOf = async (list: string, values = '') =>
      (await declare(terraform, { 'main.tf': text(list), 'envs/a.tfvars': values })).facts('node')['privilegeTier'];
    const known = 'concat(["arn:aws:iam::aws:policy/AmazonS3FullAccess"], var.more)';
    expect(await tierOf(known)).toBe(1);
    expect(await tierOf('var.more')).toBeUndefined();
    expect(await tierOf('concat(var.more)')).toBeUndefined();
  });

  it('that decide only what a policy refuses leave its tier known', async () => {
    const policy = (effect: string): string => `
variable "networks" { default = [] }
resource "aws_iam_policy" "this" {
  name   = "reader"
  policy = jsonencode({ Statement = concat(
    [{ Effect = "Allow", Action = "ssm:GetParameter", Resource = "*" }],
    (length(var.networks) == 0 ? [] : [{
      Effect = "${effect}", Action = "*", Resource = "*", Condition = { NotIpAddress = { "aws:SourceIp" = var.networks } }
    }])
  ) })
}
`;
    const tierOf = async (effect: string) =>
      (await declare(terraform, { 'main.tf': policy(effect) })).facts('reader')['privilegeTier'];
    expect(await tierOf('Deny')).toBe(2);
    expect(await tierOf('Allow')).toBeUndefined();
    const always = policy('Deny').replace(/, Condition = .*/, '');
    expect((await declare(terraform, { 'main.tf': always })).facts('reader')['privilegeTier']).toBeUndefined();
  });

  it('set no boundary where their default is null and no file sets them', async () => {
    const role = `
variable "boundary" { default = null }
resource "aws_iam_role" "this" {
  name                 = "ci"
  permissions_boundary = var.boundary == null ? null : var.boundary
  assume_role_policy   = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }] })
}
`;
    const call = 'variable "limit" { default = "" }\nmodule "m" {\n  source = "./m"\n  boundary = var.limit\n}\n';
    const tierOf = async (files: Readonly<Record<string, string>>) =>
      (await declare(terraform, files)).facts('ci')['privilegeTier'];
    expect(await tierOf({ 'main.tf': role })).toBe(0);
    expect(await tierOf({ 'main.tf': call, 'm/main.tf': role })).toBe(0);
    const given = 'limit = "arn:aws:iam::111122223333:policy/limit"\n';
    for (const path of ['terraform.tfvars', 'envs/prod.tfvars']) {
      expect(await tierOf({ 'main.tf': call, 'm/main.tf': role, [path]: given })).toBeUndefined();
    }
    expect(await tierOf({ 'main.tf': role.replace('{ default = null }', '{}') })).toBeUndefined();
  });

  it('pass values to what is called, and none that is a secret', async () => {
    const found = await declare(terraform, {
      'main.tf': `
variable "project" { default = "shop" }
variable "api_secret" { default = "{base62:20}" }
module "m" {
  source  = "./m"
  project = var.project
}
resource "aws_iam_user" "bot" { name = var.api_secret }
`,
      'm/main.tf': `
variable "project" {}
resource "google_service_account" "ci" {
  account_id = "ci"
  project    = var.project
}
`,
    });
    expect(found.identities.map(({ name }) => name).sort()).toEqual(['bot', 'ci@shop.iam.gserviceaccount.com']);
    expect(JSON.stringify(found.identities)).not.toContain('base62');
  });

  it('come from damaged files as far as these can be read', async () => {
    const files = { 'main.tf': MEMBERS, 'terraform.tfvars': 'roles = ["roles/viewer"]\nbad = [\n' };
    const found = await declare(terraform, files);
    expect(found.facts(SET)).toMatchObject({ role: 'roles/viewer' });
    expect(found.gaps).toEqual([expect.stringMatching(/^terraform\.tfvars:\d+:\d+: .*; values there are not read$/)]);
  });
});

describe('repetitions', () => {
  it('over maps of lists give each role to its own member', async () => {
    const found = await declare(terraform, {
      'main.tf': `
locals {
  teams = { dev = { sa = "dev", roles = ["roles/viewer", "roles/browser"] }, ops = { sa = "ops", roles = ["roles/owner"] } }
  pairs = flatten([for name, team in local.teams : [for role in team.roles : { name = name, sa = team.sa, role = role }]])
}
resource "google_service_account" "dev" {
  account_id = "dev"
  project    = "shop"
}
resource "google_service_account" "ops" {
  account_id = "ops"
  project    = "shop"
}
resource "google_project_iam_member" "all" {
  for_each = { for pair in local.pairs : "\${pair.name}/\${pair.role}" => pair }
  project  = "shop"
  role     = each.value.role
  member   = "serviceAccount:\${each.value.sa}@shop.iam.gserviceaccount.com"
}
`,
    });
    expect(found.facts('google_project_iam_member.all')).toMatchObject({ basicRole: 'viewer', privilegeTier: 0 });
    expect(found.facts('dev@shop.iam.gserviceaccount.com')).toMatchObject({ privilegeTier: 2 });
    expect(found.facts('ops@shop.iam.gserviceaccount.com')).toMatchObject({ privilegeTier: 0 });
  });

  it('over what a condition decides stay unknown where the condition is', async () => {
    const text = (condition: string): string => `
variable "admin" { default = true }
locals { roles = distinct(concat(${condition} ? ["roles/owner"] : [], ["roles/viewer"])) }
resource "google_project_iam_member" "all" {
  for_each = toset(local.roles)
  project  = "shop"
  role     = each.value
  member   = "group:ops@acme.example"
}
`;
    const facts = async (condition: string) =>
      (await declare(terraform, { 'main.tf': text(condition) })).facts('google_project_iam_member.all');
    expect(await facts('var.admin')).toMatchObject({ basicRole: 'owner', privilegeTier: 0 });
    expect(await facts('!var.admin')).toMatchObject({ basicRole: 'viewer' });
    expect(await facts('var.other')).not.toHaveProperty('privilegeTier');
  });

  it('of attachments take the policies that conditions and files give', async () => {
    const found = await declare(terraform, {
      'main.tf': `
variable "policies" { type = map(string) }
resource "aws_iam_role" "ci" {
  name               = "ci"
  assume_role_policy = "{}"
}
resource "aws_iam_role_policy_attachment" "all" {
  for_each   = { for key, arn in var.policies : key => arn }
  role       = aws_iam_role.ci.name
  policy_arn = each.value
}
resource "aws_iam_role" "listed" {
  name                = "listed"
  assume_role_policy  = "{}"
  managed_policy_arns = distinct(["arn:aws:iam::aws:policy/AdministratorAccess"])
}
resource "aws_iam_policy" "own" {
  name   = "own"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_role" "written" {
  name                = "written"
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::123456789012:policy/own"]
}
resource "aws_iam_policy" "twice" {
  for_each = { blue = "a", green = "b" }
  name     = "twice"
  policy   = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_policy" "again" {
  name   = "twice"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_iam_role" "doubtful" {
  name                = "doubtful"
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::123456789012:policy/twice"]
}
resource "aws_iam_role" "open" {
  name                = "open"
  assume_role_policy  = "{}"
  managed_policy_arns = var.unknown
}
`,
      'x.auto.tfvars': 'policies = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }\n',
    });
    expect(found.facts('ci')).toMatchObject({ privilegeTier: 0, policies: ['AdministratorAccess'] });
    expect(found.facts('listed')).toMatchObject({ privilegeTier: 0 });
    expect(found.facts('written')).toMatchObject({ privilegeTier: 0, policies: ['own'] });
    expect(found.facts('doubtful')).not.toHaveProperty('privilegeTier');
    expect(found.facts('open')).not.toHaveProperty('privilegeTier');
  });
});
