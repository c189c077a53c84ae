import { collectors } from '../../../src/collectors/index.generated.ts';
import type { Artifact } from '../../../src/model/artifact.ts';
import { contextOf } from '../../collectors/source-context.ts';
import { declare } from '../shared/collected.ts';
import type { FuzzTarget } from '../shared/fuzz.ts';
import { PASSWORD } from '../shared/secrets.ts';
import { CLIENT_FILES, type Declaration } from './client-files.ts';

const YAML = [
  '- ',
  '? ',
  ': ',
  '&x ',
  '*x ',
  '<<: *x\n',
  '---\n',
  '!Ref a',
  '"',
  '\t',
  '| \n',
  '{toString: 1}',
  `a: *${PASSWORD}\n`,
  `!<${PASSWORD}> `,
  '__proto__: 1\n',
];
const JSON_PIECES = ['{', '}', '[', ']', '":', '"__proto__": 1,', 'null', '1e999', '{"toString": 1}'];

const CLOUDFORMATION = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  DbPassword: { Type: String, Default: ${PASSWORD} }
Resources:
  Bot:
    Type: AWS::IAM::User
    Properties: { UserName: deploy-bot, Groups: [!Ref Ops], Tags: [{ Key: owner, Value: a }] }
  Ops:
    Type: AWS::IAM::Group
    Properties: { ManagedPolicyArns: [!Sub "arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess"] }
  Key: { Type: AWS::IAM::AccessKey, Properties: { UserName: !Ref Bot } }
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { AWS: "*" }, Condition: { StringLike: { a: [b] } } }]
      Policies: [{ PolicyName: p, PolicyDocument: { Statement: { Effect: Allow, NotAction: "iam:*", Resource: !GetAtt Bot.Arn } } }]
  Function: { Type: AWS::Serverless::Function, Properties: { Policies: [S3ReadPolicy: { BucketName: x }], Role: !GetAtt Worker.Arn } }
`;
const SERVERLESS = `service: s\nprovider:\n  name: aws\n  iam:\n    role:\n      statements:\n        - Effect: Allow\n          Action: ["s3:*"]\n          Resource: "*"\n`;

const KUBERNETES = `apiVersion: v1
kind: ServiceAccount
metadata: { name: app, namespace: shop, annotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::210987654321:role/app" } }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: custom }
rules: [{ verbs: ["*"], resources: [secrets], apiGroups: [""] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: b }
roleRef: { kind: ClusterRole, name: custom }
subjects: [{ kind: ServiceAccount, name: app, namespace: shop }, { kind: Group, name: "system:authenticated" }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec: { template: { spec: { serviceAccountName: app, containers: [{ name: c, env: [{ name: P, value: ${PASSWORD} }], envFrom: [{ secretRef: { name: s } }] }] } } }
---
apiVersion: v1
kind: Secret
metadata: { name: s, namespace: shop }
stringData: { password: ${PASSWORD} }
`;

const WORKFLOW = `on: { pull_request_target: {}, push: { branches: [main] } }
permissions: { contents: read, id-token: write }
jobs:
  a:
    runs-on: [self-hosted]
    if: secrets.IN_IF != ''
    environment: { name: production }
    permissions: write-all
    steps:
      - uses: actions/checkout@v4
        with: { ref: "\${{ github.event.pull_request.head.sha }}", token: "\${{ secrets.TOKEN }}" }
      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: "arn:aws:iam::210987654321:role/release" }
      - run: echo \${{ secrets['QUOTED'] }} ${PASSWORD}
  b: { uses: ./.github/workflows/x.yml, secrets: inherit }
`;

const TERRAFORM = `resource "aws_iam_user" "bot" {
  name = "bot-\${local.suffix}"
  tags = { owner = "a" }
}
resource "aws_iam_role" "release" {
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::210987654321:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/*"]
    }
  }
}
locals { suffix = local.suffix }
resource "google_project_iam_member" "m" {
  role   = "roles/owner"
  member = "serviceAccount:\${google_service_account.a.email}"
}
resource "google_service_account" "a" { account_id = "a" }
resource "azuread_application_password" "p" { end_date = "2099-01-01T00:00:00Z" }
resource "azurerm_role_assignment" "r" { role_definition_name = "Owner" }
resource "github_actions_secret" "s" {
  repository      = "shop"
  secret_name     = "S"
  plaintext_value = "${PASSWORD}"
}
resource "kubernetes_service_account" "k" { metadata { name = "k" } }
`;
const TERRAFORM_JSON = JSON.stringify({
  resource: {
    aws_iam_user: { bot: { name: 'bot' } },
    aws_iam_access_key: { key: { user: '${aws_iam_user.bot.name}', secret: PASSWORD } },
    aws_iam_user_policy: {
      p: { user: 'bot', policy: '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}' },
    },
  },
});
const STATE = JSON.stringify({
  version: 4,
  resources: [
    {
      mode: 'managed',
      type: 'aws_iam_access_key',
      name: 'key',
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: [{ attributes: { id: 'x', user: 'bot', secret: PASSWORD, status: 'Active' } }],
    },
  ],
});

const MCP = JSON.stringify({
  mcpServers: {
    s: {
      command: 'npx',
      args: ['-y', '@vendor/server@latest', '--token', PASSWORD],
      env: { API_TOKEN: PASSWORD, X: '${env:Y}' },
    },
    r: { url: 'http://tools.example/mcp', headers: { Authorization: `Bearer ${PASSWORD}` } },
  },
});
const MCP_TOML = `[mcp_servers.s]\ncommand = "npx"\nargs = ["-y", "x"]\n[mcp_servers.s.env]\nAPI_TOKEN = "${PASSWORD}"\n`;

/** By the id of a collector. None needs a row: the contract suite fuzzes the files of its cases. */
const FILES: Readonly<Record<string, readonly Declaration[]>> = {
  ...CLIENT_FILES,
  cloudformation: [
    {
      path: 'stack.yaml',
      seeds: [CLOUDFORMATION],
      pieces: [...YAML, 'Type: AWS::IAM::User\n', '!Sub ', '!GetAtt ', 'Fn::If: ', 'Resources:\n'],
    },
    { path: 'serverless.yml', seeds: [SERVERLESS], pieces: YAML },
  ],
  codeowners: [
    {
      path: '.github/CODEOWNERS',
      seeds: [`* @a @acme/team\n/docs/ jordan@acme.example # c\n[Section][2] @b\n/a\\ b\n`],
      pieces: ['@', '\\ ', '#', '[', ']', '*', '/', '^'],
    },
    {
      path: 'app/catalog-info.yaml',
      seeds: ['kind: Component\nspec: { owner: "group:default/team" }\n'],
      pieces: YAML,
    },
  ],
  kubernetes: [
    {
      path: 'k8s/app.yaml',
      seeds: [KUBERNETES],
      pieces: [...YAML, '{{ .Values.x }}', 'kind: List\nitems:\n', 'kind: Role\n'],
    },
  ],
  mcp: [
    {
      path: '.mcp.json',
      seeds: [MCP, `// c\n${MCP}`],
      pieces: [...JSON_PIECES, '/*', '*/', '//', '"args":', '"env":'],
    },
    {
      path: 'home/.codex/config.toml',
      seeds: [MCP_TOML],
      pieces: ['[a.b]\n', '[[a]]\n', '"""', "'''", '= ', '{ a = 1 }', '1979-05-27', `x = ${PASSWORD}\n`],
    },
  ],
  'not-read': [
    { path: '.gitlab-ci.yml', seeds: [`a: { script: [x] }\nvariables: { P: ${PASSWORD} }\n`], pieces: YAML },
  ],
  terraform: [
    {
      path: 'main.tf',
      seeds: [TERRAFORM],
      pieces: [
        '${',
        '}',
        '{\n',
        '<<EOT\n',
        'jsonencode(',
        'local.suffix',
        'resource "aws_iam_role" "r" {\n',
        'for_each = ',
        'dynamic "a" {\n',
      ],
    },
    { path: 'main.tf.json', seeds: [TERRAFORM_JSON], pieces: [...JSON_PIECES, '${', '"resource":'] },
    { path: 'terraform.tfstate', seeds: [STATE], pieces: [...JSON_PIECES, '"instances":', '"attributes":'] },
  ],
  workflows: [
    {
      path: '.github/workflows/ci.yml',
      seeds: [WORKFLOW],
      pieces: [...YAML, '${{', '}}', 'secrets.', 'uses: a/b@v1\n', 'steps:\n'],
    },
  ],
};

/** A target for each file of a row. */
export const DECLARATIONS: readonly FuzzTarget[] = collectors.flatMap((collector) => {
  if (collector.reads !== 'artifact') return [];
  return (FILES[collector.id] ?? []).map(({ path, seeds, pieces }) => {
    // A sound file of another name beside it: references across files are resolved.
    const beside = artifactOf(`other/${path}`, Buffer.from(seeds[0] ?? ''));
    const read = (input: Buffer) => declare(collector, contextOf(), [artifactOf(path, input), beside], input);
    return { name: `collector ${collector.id}, ${path}`, seeds, pieces, read };
  });
});

function artifactOf(path: string, bytes: Buffer): Artifact {
  return { origin: { collector: 'files', path, repository: 'acme/shop', present: true }, bytes };
}
