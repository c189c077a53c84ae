import { describe, expect, it } from 'vitest';
import terraform from '../../src/collectors/terraform/index.ts';
import { itRarely } from '../it-rarely.ts';
import { declare } from './declared.ts';

const ID = (address: string): string => `terraform:acme/shop:${address}`;

const ROLE_MODULE = `
variable "name" {}
variable "policies" { default = {} }
variable "principal" { default = "ec2.amazonaws.com" }
variable "create_key" { default = false }
locals { full = "svc-\${var.name}" }
resource "aws_iam_role" "this" {
  name               = local.full
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = [var.principal]
    }
  }
}
resource "aws_iam_role_policy_attachment" "all" {
  for_each   = var.policies
  role       = aws_iam_role.this.name
  policy_arn = each.value
}
resource "aws_iam_access_key" "key" {
  count = var.create_key ? 1 : 0
  user  = "nobody"
}
output "name" { value = aws_iam_role.this.name }
output "arn" { value = aws_iam_role.this.arn }
`;

describe('calls of modules in the repository', () => {
  it('reads the policy of AWS behind a partition that only a run knows', async () => {
    const main = `
variable "lambda" {}
resource "aws_iam_role" "this" {
  name               = "svc"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy_attachment" "vpc" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:\${var.lambda.aws_partition}:iam::aws:policy/AdministratorAccess"
}
`;
    const call = 'module "m" {\n  source = "./m"\n  lambda = merge({ name = "x" }, var.extra)\n}\n';
    const { facts } = await declare(terraform, { 'main.tf': call, 'm/main.tf': main });
    expect(facts('svc')).toMatchObject({ policies: ['AdministratorAccess'], privilegeTier: 0 });
  });

  it('makes one identity per call, with the values that the caller passes', async () => {
    const result = await declare(terraform, {
      'modules/role/main.tf': ROLE_MODULE,
      'prod/main.tf': `
module "deploy" {
  source    = "../modules/role"
  name      = "deploy"
  principal = "codebuild.amazonaws.com"
  policies  = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }
}
module "reader" {
  source = "../modules/role/"
  name   = "reader"
}
resource "aws_iam_role_policy_attachment" "extra" {
  role       = module.reader.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}
resource "aws_iam_policy" "jump" {
  name   = "jump"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = module.deploy.arn }] })
}
resource "aws_iam_user" "bot" { name = "bot" }
resource "aws_iam_user_policy_attachment" "bot" {
  user       = aws_iam_user.bot.name
  policy_arn = aws_iam_policy.jump.arn
}`,
    });
    expect(result.gaps).toEqual([]);
    const roles = result.identities
      .filter((identity) => identity.type === 'iam_role')
      .map(({ id, name }) => [id, name]);
    expect(roles).toEqual([
      [ID('prod/module.deploy.aws_iam_role.this'), 'svc-deploy'],
      [ID('prod/module.reader.aws_iam_role.this'), 'svc-reader'],
    ]);
    expect(result.facts('svc-deploy')).toMatchObject({
      privilegeTier: 0,
      policies: ['AdministratorAccess'],
      trustsServices: ['codebuild.amazonaws.com'],
    });
    expect(result.facts('svc-reader')).toMatchObject({ policies: ['AmazonS3ReadOnlyAccess'] });
    expect(result.named('svc-deploy').evidence.map(({ source }) => source)).toContain('prod/main.tf:2');
    expect(result.named('svc-deploy').evidence[0]?.source).toBe('modules/role/main.tf:7');
    const assumed = result.edges
      .filter(({ kind }) => kind === 'can-assume')
      .map(({ from, toKey }) => [from, toKey.value]);
    expect(assumed).toContainEqual([ID('prod/aws_iam_user.bot'), ID('prod/module.deploy.aws_iam_role.this')]);
  });

  it('completes what a call passes by the types of variables', async () => {
    const module = `
variable "config" {
  type = object({
    name     = string
    boundary = optional(string, null)
    admin    = optional(bool)
    more     = optional(object({ action = optional(string, "s3:GetObject") }), {})
    each     = optional(map(object({ size = optional(number, 1) })), {})
  })
}
locals { config = merge(var.config, { zip = "a.zip" }) }
resource "aws_iam_role" "this" {
  name                 = local.config.name
  permissions_boundary = local.config["boundary"]
  assume_role_policy   = jsonencode({ Statement = [] })
}
resource "aws_iam_role_policy" "this" {
  role   = aws_iam_role.this.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = local.config.more.action, Resource = "*" }] })
}
`;
    const read = (config: string) =>
      declare(terraform, {
        'm/main.tf': module,
        'main.tf': `module "a" {\n  source = "./m"\n  config = ${config}\n}\n`,
      });
    const found = await read('{ name = "worker", admin = null }');
    expect(found.facts('worker')).toMatchObject({ permissionsBoundary: false, privilegeTier: 2 });
    const bounded = await read('{ name = "worker", boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess" }');
    expect(bounded.facts('worker')).toMatchObject({ permissionsBoundary: true });
    const other = await read('{ name = "worker", more = { action = "iam:*" } }');
    expect(other.facts('worker')).toMatchObject({ privilegeTier: 0 });
    const unknown = await read('var.config');
    expect(unknown.facts('this')).not.toHaveProperty('privilegeTier');
  });

  it('repeats a call over literals, also below another call', async () => {
    const result = await declare(terraform, {
      'modules/role/main.tf': ROLE_MODULE,
      'modules/teams/main.tf': `
variable "teams" {}
module "role" {
  for_each = var.teams
  source   = "../role"
  name     = each.key
  policies = each.value.policies
}`,
      'main.tf': `
module "teams" {
  source = "./modules/teams"
  teams = {
    blue = { policies = { p = "arn:aws:iam::aws:policy/IAMFullAccess" } }
    red  = { policies = {} }
  }
}`,
    });
    const roles = result.identities.filter((identity) => identity.type === 'iam_role');
    expect(roles.map(({ id, name }) => [id, name])).toEqual([
      [ID('module.teams.module.role["blue"].aws_iam_role.this'), 'svc-blue'],
      [ID('module.teams.module.role["red"].aws_iam_role.this'), 'svc-red'],
    ]);
    expect(result.facts('svc-blue')['privilegeTier']).toBe(0);
  });

  it('leaves out what count = 0 leaves out', async () => {
    const result = await declare(terraform, {
      'modules/role/main.tf': ROLE_MODULE,
      'main.tf': `
module "off" {
  count  = 0
  source = "./modules/role"
  name   = "off"
}
module "on" {
  source     = "./modules/role"
  name       = "on"
  create_key = true
}`,
    });
    const ids = result.identities.map(({ id }) => String(id));
    expect(ids.filter((id) => id.includes('module.off'))).toEqual([]);
    expect(ids).toContain(ID('module.on.aws_iam_access_key.key'));
  });

  it('leaves out blocks that a decided condition makes empty', async () => {
    const entry = `
variable "scope" {}
resource "aws_eks_access_policy_association" "this" {
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
  principal_arn = "arn:aws:iam::111122223333:role/\${var.scope}"
  dynamic "access_scope" {
    for_each = var.scope == "namespace" ? [1] : []
    content {
      type = "namespace"
    }
  }
  dynamic "access_scope" {
    for_each = var.scope != "namespace" ? [1] : []
    content {
      type = "cluster"
    }
  }
}`;
    const call = (name: string, scope: string): string =>
      `module "${name}" {\n  source = "./modules/entry"\n  scope  = ${scope}\n}\n`;
    const result = await declare(terraform, {
      'modules/entry/main.tf': entry,
      'main.tf': `${call('all', '"cluster"')}${call('few', '"namespace"')}${call('open', 'var.unknown')}`,
    });
    const admins = result.identities.map(({ id, attributes }) => [id, attributes['clusterAdmin']?.value]);
    const address = 'aws_eks_access_policy_association.this';
    expect(Object.fromEntries(admins)).toEqual({
      [ID(`module.all.${address}`)]: true,
      [ID(`module.few.${address}`)]: false,
      [ID(`module.open.${address}`)]: undefined,
    });
  });

  it('leaves out what repeats over nothing', async () => {
    const members = `
variable "iam" { default = {} }
variable "more" { default = {} }
locals {
  nothing = {}
  roles   = distinct(concat(keys(var.iam), keys(var.more)))
  iam     = { for role in local.roles : role => try(var.iam[role], []) }
  merged  = merge([for key, value in var.iam : { (key) = value }]...)
  circle  = local.turn
  turn    = local.circle
}
resource "aws_iam_user" "never" {
  for_each = local.nothing
  name     = "never"
}
resource "aws_iam_user" "each" {
  for_each = local.iam
  name     = "each"
}
resource "aws_iam_user" "merged" {
  for_each = local.merged
  name     = "merged"
}
resource "aws_iam_user" "circle" {
  for_each = local.circle
  name     = "circle"
}`;
    const result = await declare(terraform, {
      'modules/members/main.tf': members,
      'main.tf': `
module "plain" { source = "./modules/members" }
module "given" {
  source = "./modules/members"
  iam    = { admin = ["a"] }
}
module "open" {
  source = "./modules/members"
  iam    = var.iam
}
module "none" {
  for_each = toset([])
  source   = "./modules/members"
}`,
    });
    const made = (call: string): string[] =>
      result.identities
        .flatMap(({ id }) => (id.includes(`module.${call}.`) ? [id.split('.').at(-1) ?? ''] : []))
        .sort();
    expect(made('plain')).toEqual(['circle']);
    expect(made('given')).toEqual(['circle', 'each', 'merged']);
    expect(made('open')).toEqual(['circle', 'each', 'merged']);
    expect(made('none')).toEqual([]);
  });

  it('reads policies that are templates beside the module that is called', async () => {
    const statement = (action: string, resource: string): string =>
      JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });
    const result = await declare(terraform, {
      'modules/user/policy.json': statement('s3:PutObject', 'arn:aws:s3:::${bucket}/$${aws:username}/*'),
      'modules/user/old.tpl': statement('${action}', '*'),
      'modules/user/loop.tftpl': `%{ for x in y }${statement('*', '*')}%{ endfor }`,
      'modules/user/list.json': `{"Statement":[{"Effect":"Allow","Action":\${jsonencode(actions)},"Resource":"*"}]}`,
      'modules/user/main.tf': `
variable "bucket" {}
data "template_file" "old" {
  template = file("\${path.module}/old.tpl")
  vars     = { action = "iam:CreateAccessKey" }
}
resource "aws_iam_policy" "new" {
  name   = "new"
  policy = templatefile("\${path.module}/policy.json", { bucket = var.bucket })
}
resource "aws_iam_policy" "old" {
  name   = "old"
  policy = data.template_file.old.rendered
}
resource "aws_iam_policy" "loop" {
  name   = "loop"
  policy = templatefile("\${path.module}/loop.tftpl", {})
}
resource "aws_iam_policy" "list" {
  name   = "list"
  policy = templatefile("\${path.module}/list.json", { actions = ["ec2:TerminateInstances", "ec2:StopInstances"] })
}
resource "aws_iam_policy" "absent" {
  name   = "absent"
  policy = file("\${path.module}/absent.json")
}`,
      'main.tf': 'module "m" {\n  source = "./modules/user"\n  bucket = "shop"\n}\n',
    });
    expect(result.gaps).toEqual([]);
    const tiers = result.identities.map(({ name, attributes }) => [name, attributes['privilegeTier']?.value]);
    expect(Object.fromEntries(tiers)).toEqual({ new: 2, old: 0, loop: undefined, list: 1, absent: undefined });
    const [grant] = result.named('new').grants;
    expect(grant?.resource).toBe(`arn:aws:s3:::shop/$\{aws:username}/*`);
  });

  it('places what a module declares where the resource stands, and then where it is called', async () => {
    const role = 'resource "kubernetes_role_v1" "r" { metadata { name = "r" } }\n';
    const result = await declare(terraform, {
      'main.tf': 'module "m" {\n  source = "./modules/user"\n}\n',
      'modules/user/main.tf': `resource "aws_iam_user" "u" { name = "u" }\n${role}`,
    });
    for (const { evidence, name } of result.identities) {
      const details = evidence.map(({ location, detail }) => [location?.path, detail]);
      expect(details, name).toEqual([
        ['modules/user/main.tf', undefined],
        ['main.tf', true],
      ]);
    }
    expect(result.identities.length).toBeGreaterThan(1);
  });

  it('reads what a template engine makes files of, without its lines', async () => {
    const result = await declare(terraform, {
      'main.tf': `{{- if has . "viewers"}}
resource "google_project_iam_member" "viewers" {
  for_each = toset([
    {{- range .viewers}}
    "{{.}}",
    {{- end}}
  ])
  project = "shop"
  role    = "roles/owner"
  member  = each.value
}
{{- end}}
`,
    });
    expect(result.gaps).toEqual([]);
    expect(result.facts('google_project_iam_member.viewers')).toMatchObject({ role: 'roles/owner', privilegeTier: 0 });
  });

  const SWITCHED = `
variable "create" { default = true }
variable "more" { default = true }
variable "name" { default = null }
locals {
  create   = var.create && var.more
  has_role = local.create && (var.name == null || var.name != "none")
  prefix   = "arn:\${data.aws_partition.current.partition}:iam::aws:policy"
}
data "aws_iam_policy_document" "d" {
  count = local.has_role ? 1 : 0
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
resource "aws_iam_role" "r" {
  count = local.has_role ? 1 : 0
  name  = "r"
  assume_role_policy = data.aws_iam_policy_document.d[0].json
}
resource "aws_iam_user" "u" {
  for_each = { for key, value in { u = "u" } : key => value if !local.has_role }
  name     = "u"
}
resource "aws_iam_role_policy_attachment" "a" {
  for_each = { for k, v in {
    admin = "\${local.prefix}/AdministratorAccess"
  } : k => v if local.has_role }
  role       = aws_iam_role.r[0].name
  policy_arn = each.value
}
`;
  it.each([
    ['', ['r']],
    ['create = false', ['u']],
    ['more = false', ['u']],
    ['name = "none"', ['u']],
    ['name = "other"', ['r']],
    // Nobody knows: both may be there.
    ['create = var.open', ['r', 'u']],
  ])('makes what conditions over variables and locals of a module leave: %s', async (argument, names) => {
    const result = await declare(terraform, {
      'main.tf': `module "m" {\n  source = "./modules/m"\n  ${argument}\n}\n`,
      'modules/m/main.tf': SWITCHED,
    });
    const made = result.identities.filter(({ type }) => /^(?:iam_|aws_trust)/.test(type)).map(({ name }) => name);
    expect(made.sort()).toEqual(names);
    if (names.includes('r')) expect(result.facts('r')).toMatchObject({ privilegeTier: 0 });
  });

  it('ends on circles and says where they are', async () => {
    const result = await declare(terraform, {
      'a/main.tf': 'module "b" { source = "../b" }\nresource "aws_iam_user" "a" { name = "a" }',
      'b/main.tf': 'module "a" { source = "../a" }\nresource "aws_iam_user" "b" { name = "b" }',
    });
    expect(result.identities.filter(({ type }) => type === 'iam_user').map(({ name }) => name)).toEqual(['a', 'b']);
    expect(result.gaps).toEqual([
      'b/main.tf:1: module "a" calls itself in a circle; what it declares there is not read',
    ]);
  });

  itRarely('bounds calls that double at each level', async () => {
    const files: Record<string, string> = {};
    for (let level = 0; level < 20; level += 1) {
      const calls = `module "x" { source = "../m${level + 1}" }\nmodule "y" { source = "../m${level + 1}" }`;
      files[`m${level}/main.tf`] = `${calls}\nresource "aws_iam_user" "u" { name = "u${level}" }`;
    }
    const result = await declare(terraform, files);
    expect(result.identities.length).toBeLessThan(3000);
    expect(result.gaps.join('\n')).toMatch(/more than 2000 calls|below 10 other calls/);
  });

  it('names calls of modules that it does not know, never the credentials of a source', async () => {
    const result = await declare(terraform, {
      'main.tf': `
module "far" { source = "git::https://bot:hunter2@git.example.com/infra/roles.git?ref=v1" }
module "registry" {
  source  = "acme/roles/aws"
  version = "1.0.0"
}
module "gone" { source = "./not-here" }
module "computed" { source = var.where }`,
    });
    expect(result.skips).toEqual([
      'main.tf:2: module far (git::https://git.example.com/infra/roles.git; not in the repository)',
      'main.tf:3: module registry (acme/roles/aws; not in the repository)',
      'main.tf:7: module gone (./not-here; folder is not read)',
      'main.tf:8: module computed (source is not known; not in the repository)',
    ]);
  });
});

describe('popular modules of the registry', () => {
  it('reads roles for service accounts, users and policies from the arguments', async () => {
    const result = await declare(terraform, {
      'main.tf': `
module "irsa" {
  source    = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name = "dns"
  role_policy_arns = { admin = "arn:aws:iam::aws:policy/AdministratorAccess" }
  oidc_providers = {
    main = {
      provider_arn               = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB"
      namespace_service_accounts = ["kube-system:external-dns"]
    }
  }
}
module "user" {
  source = "terraform-aws-modules/iam/aws//modules/iam-user"
  name   = "ci-bot"
  policy_arns = [module.policy.arn]
  create_iam_user_login_profile = false
}
module "policy" {
  source = "github.com/terraform-aws-modules/terraform-aws-iam//modules/iam-policy?ref=v5.0.0"
  name   = "everything"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
module "fn" {
  source = "terraform-aws-modules/lambda/aws"
  function_name      = "worker"
  attach_policy_json = true
  policy_json        = jsonencode({ Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }] })
}
module "addon" {
  source    = "terraform-aws-modules/iam/aws//modules/iam-role-for-service-accounts-eks"
  role_name = "csi"
  attach_ebs_csi_policy = true
}`,
    });
    expect(result.skips).toEqual([]);
    expect(result.facts('dns')).toMatchObject({
      privilegeTier: 0,
      authMethod: 'federated_oidc',
      oidcWithoutSubject: false,
    });
    expect(result.named('dns').evidence[0]?.source).toBe('main.tf:2');
    expect(result.facts('ci-bot')).toMatchObject({ privilegeTier: 0, accessKeyDeclared: true });
    expect(result.facts('ci-bot')).not.toHaveProperty('consoleAccess');
    expect(result.facts('worker')).toMatchObject({ privilegeTier: 0, trustsServices: ['lambda.amazonaws.com'] });
    // The policy of an add-on is in the module, so what the role may do is not known.
    expect(result.facts('csi')).not.toHaveProperty('privilegeTier');
  });
});
