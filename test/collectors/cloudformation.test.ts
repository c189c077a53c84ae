import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import cloudformation from '../../src/collectors/cloudformation/index.ts';
import type { CollectContext } from '../../src/collectors/contract.ts';
import type { Artifact } from '../../src/model/artifact.ts';
import type { Identity, PendingEdge } from '../../src/model/identity.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { itRarely } from '../it-rarely.ts';
import { tries } from '../property/runs.ts';
import { declare } from './declared.ts';

const OTHER = '444455556666';
const PASSWORD = `${'hunter'}${'2-hunter2'}`;

function artifact(path: string, text: string): Artifact {
  const origin = { collector: 'files', path, repository: 'acme/shop', present: true };
  return { origin, bytes: new TextEncoder().encode(text) };
}

interface Result {
  readonly identities: Map<string, Identity>;
  readonly edges: PendingEdge[];
  readonly gaps: string[];
}

const CONTEXT = {} as CollectContext;

async function collect(text: string, path = 'stack.yaml'): Promise<Result> {
  const result: Result = { identities: new Map(), edges: [], gaps: [] };
  for await (const item of cloudformation.collect(CONTEXT, [artifact(path, text)])) {
    if (item.kind === 'identity') result.identities.set(item.identity.id, item.identity);
    else if (item.kind === 'edge') result.edges.push(item.edge);
    else if (item.kind === 'gap') result.gaps.push(item.gap.message);
  }
  return result;
}

function facts(result: Result, name: string, path = 'stack.yaml'): Record<string, unknown> {
  const identity = result.identities.get(ID(name, path));
  if (identity === undefined) throw new Error(`no ${name} in ${[...result.identities.keys()].join(', ')}`);
  return Object.fromEntries(Object.entries(identity.attributes).map(([key, { value }]) => [key, value]));
}

function edges(result: Result): string[] {
  return result.edges.map(({ from, kind, toKey, reversed }) =>
    reversed === true ? `${toKey.value} ${kind} ${from}` : `${from} ${kind} ${toKey.value}`,
  );
}

const ID = (name: string, path = 'stack.yaml'): string => `cloudformation:acme/shop:${path}#${name}`;

const STACK = `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Bucket: { Type: String }
  DbPassword:
    Type: String
    Default: ${PASSWORD}
  ApiToken: { Type: String, NoEcho: true }
  VaultSecret: { Type: String, NoEcho: true, Default: "{{resolve:secretsmanager:db}}" }
Resources:
  Bot:
    Type: AWS::IAM::User
    Properties:
      UserName: deploy-bot
      Groups: [!Ref Ops]
      Tags: [{ Key: owner, Value: jordan.lee }]
  Ops:
    Type: AWS::IAM::Group
    Properties:
      ManagedPolicyArns:
        - !Sub arn:\${AWS::Partition}:iam::aws:policy/AdministratorAccess
  BotKey:
    Type: AWS::IAM::AccessKey
    Properties: { UserName: !Ref Bot }
  Deploy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: ["iam:PassRole", "ec2:RunInstances"]
            Resource: "*"
      Roles: [{ Ref: Worker }]
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal:
              AWS:
                - !Sub arn:aws:iam::\${AWS::AccountId}:root
                - !GetAtt Bot.Arn
  Partner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRole
          Principal: { AWS: "arn:aws:iam::${OTHER}:root" }
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource: !Join ["", ["arn:aws:s3:::", !Ref Bucket, "/*"]]
  Ci:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          Effect: Allow
          Action: sts:AssumeRoleWithWebIdentity
          Principal: { Federated: !Ref Github }
          Condition:
            StringLike: { "token.actions.githubusercontent.com:sub": "repo:acme/shop:*" }
      ManagedPolicyArns: !If [Prod, ["arn:aws:iam::aws:policy/AdministratorAccess"], []]
  Github:
    Type: AWS::IAM::OIDCProvider
    Properties: { Url: "https://token.actions.githubusercontent.com", ClientIdList: [sts.amazonaws.com] }
Outputs:
  Key: { Value: !GetAtt BotKey.SecretAccessKey }
`;

const result = await collect(STACK);

describe('templates', () => {
  it('joins users, groups, keys, policies and roles inside a template', async () => {
    expect(result.gaps).toEqual([]);
    expect(facts(result, 'Bot')).toMatchObject({
      privilegeTier: 0,
      policies: ['AdministratorAccess'],
      accessKeyDeclared: true,
    });
    expect(facts(result, 'BotKey')).toMatchObject({ authMethod: 'static_secret', secretInOutputs: true });
    expect(facts(result, 'Worker')).toMatchObject({
      escalationActions: ['iam:PassRole + ec2:RunInstances'],
      trustsExternalAccounts: [],
      trustsAnyPrincipal: false,
    });
    expect(edges(result)).toEqual(
      expect.arrayContaining([
        `${ID('Bot')} has-credential ${ID('BotKey')}`,
        `${ID('Bot')} can-assume ${ID('Worker')}`,
        `${ID('Github')} trusted-by ${ID('Ci')}`,
        `acme/shop trusted-by ${ID('Ci')}`,
        `acme/shop declares ${ID('Bot')}`,
        `person:aws:jordan.lee owns ${ID('Bot')}`,
      ]),
    );
  });

  it('gives the place of the logical id', async () => {
    expect(result.identities.get(ID('Bot'))?.evidence[0]).toMatchObject({
      source: 'stack.yaml:10',
      location: { startLine: 10, startColumn: 3, endLine: 10, endColumn: 6 },
    });
  });

  it('judges trust and keeps what a parameter or condition decides unknown', async () => {
    expect(facts(result, 'Partner')).toMatchObject({
      trustsExternalAccounts: [OTHER],
      requiresExternalId: false,
      privilegeTier: 2,
      wildcardResources: false,
    });
    expect(result.identities.get(ID('Partner'))?.attributes['trustsExternalAccounts']?.precision).toBe('approximate');
    expect(facts(result, 'Ci')).toMatchObject({ oidcSubjectAnyRef: true, oidcWithoutAudience: true });
    expect(facts(result, 'Ci')).not.toHaveProperty('privilegeTier');
  });

  it('reads parameters that take a secret, never their value', async () => {
    expect(facts(result, 'DbPassword')).toEqual({ noEcho: false, literalDefault: true });
    expect(facts(result, 'ApiToken')).toEqual({ noEcho: true, literalDefault: false });
    expect(facts(result, 'VaultSecret')).toEqual({ noEcho: true, literalDefault: false });
    expect(result.identities.has(ID('Bucket'))).toBe(false);
    expect(JSON.stringify([[...result.identities.values()], result.edges])).not.toContain(PASSWORD);
  });

  it('reads JSON templates with the long forms', async () => {
    const json = {
      Resources: {
        R: {
          Type: 'AWS::IAM::Role',
          Properties: {
            AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' }] },
            ManagedPolicyArns: [
              { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/PowerUserAccess']] },
            ],
          },
        },
      },
    };
    const found = await collect(JSON.stringify(json, null, 2), 'cdk.out/s.template.json');
    expect(facts(found, 'R', 'cdk.out/s.template.json')).toMatchObject({ trustsAnyPrincipal: true, privilegeTier: 1 });
  });
});

describe('serverless', () => {
  it('reads the roles that SAM makes', async () => {
    const found = await collect(`
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Policies: [AmazonS3FullAccess] } }
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - AWSSecretsManagerGetSecretValuePolicy: { SecretArn: !Ref S }
        - Statement: [{ Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt T.Arn }]
  Own:
    Type: AWS::Serverless::Function
    Properties: { Role: !GetAtt R.Arn }
  Odd:
    Type: AWS::Serverless::Function
    Properties: { Policies: AdministratorAccess }
`);
    expect(facts(found, 'ApiRole')).toMatchObject({
      authMethod: 'instance_identity',
      policies: [
        'AWSLambdaBasicExecutionRole',
        'AWSSecretsManagerGetSecretValuePolicy',
        'AmazonS3FullAccess',
        'inline',
      ],
      privilegeTier: 1,
    });
    expect(facts(found, 'OddRole')).toMatchObject({ privilegeTier: 0 });
    expect(found.identities.has(ID('OwnRole'))).toBe(false);
  });

  it('reads serverless.yml, old and new form, and the resources inside', async () => {
    const path = 'serverless.yml';
    const found = await collect(
      `service: x
provider:
  name: aws
  iam:
    role:
      statements:
        - Effect: Allow
          Action: "*"
          Resource: "*"
  iamRoleStatements:
    - { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/*" }
functions:
  hello:
    handler: h
    iamRoleStatements: [{ Effect: Allow, Action: "sqs:SendMessage", Resource: "arn:aws:sqs:eu-west-1:1:q" }]
resources:
  Resources:
    U: { Type: "AWS::IAM::User" }
`,
      path,
    );
    expect(facts(found, 'IamRoleLambdaExecution', path)).toMatchObject({ privilegeTier: 0 });
    expect(facts(found, 'helloIamRole', path)).toMatchObject({ privilegeTier: 2 });
    expect(found.identities.has(ID('U', path))).toBe(true);
  });
});

describe('sniff', () => {
  const sniff = (text: string): boolean => cloudformation.sniff?.(new TextEncoder().encode(text)) === true;

  it('knows templates from other YAML and JSON', async () => {
    expect(sniff(STACK)).toBe(true);
    expect(sniff('{"Resources": {"A": {"Type": "AWS::S3::Bucket"}}}')).toBe(true);
    expect(sniff('provider:\n  name: aws\n')).toBe(true);
    expect(sniff('apiVersion: v1\nkind: Pod\n')).toBe(false);
    expect(sniff('{"name": "x", "Resources": []}')).toBe(false);
    expect(cloudformation.accepts('package.json')).toBe(false);
    expect(cloudformation.accepts('infra/app.template')).toBe(true);
  });
});

describe('hostile input', () => {
  itRarely('bounds alias bombs, cycles, depth and size', async () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1) {
      bomb.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    const started = performance.now();
    expect(
      (await collect(`${bomb.join('\n')}\nResources: { R: { Type: "AWS::IAM::User", Properties: { Tags: *a11 } } }\n`))
        .gaps[0],
    ).toMatch(/aliases counted/);
    expect((await collect('Resources: &r { R: { Type: "AWS::IAM::User", Properties: *r } }\n')).gaps[0]).toMatch(
      /nested deeper/,
    );
    expect((await collect(`Resources: ${'['.repeat(20_000)}`)).gaps).toHaveLength(1);
    expect((await collect(`Resources: ${'x'.repeat(3_000_000)}`)).gaps[0]).toMatch(/at most/);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('says where YAML is broken', async () => {
    expect((await collect('Resources:\n  A: [\n  B: }\n')).gaps[0]).toMatch(/^stack\.yaml:\d+:\d+: /);
    expect((await collect('just text')).gaps).toEqual([]);
    expect((await collect('')).gaps).toEqual([]);
  });

  itRarely('never throws on a damaged template', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(STACK.length),
        fc.nat(30),
        fc.constantFrom('', '{', '}', '- ', '!Sub ', '*a', '&a ', '"', '\t', ': '),
        async (at, cut, put) => {
          await collect(STACK.slice(0, at) + put + STACK.slice(at + cut));
        },
      ),
      tries(300),
    );
  });
});

collectorContract(cloudformation, [
  {
    name: 'a stack and a broken file',
    context: () => CONTEXT,
    files: () => [artifact('stack.yaml', STACK), artifact('broken.yaml', 'Resources: [')],
    secrets: [PASSWORD],
    identities: 8,
  },
]);

const OPTIONAL = `
Parameters:
  Boundary: { Type: String, Default: '' }
  Managed: { Type: String, Default: '' }
  Access: { Type: String, Default: 'true', AllowedValues: ['true', 'false'] }
  Stage: { Type: String }
  MinimumPasswordLength: { Type: Number, Default: 14 }
  ParentSecretStack: { Type: String, Default: '' }
  EncryptSecrets: { Type: String, AllowedValues: [Enabled, Disabled] }
  DBPassword: { Type: String, NoEcho: true }
Conditions:
  HasBoundary: !Not [!Equals [!Ref Boundary, '']]
  HasManaged: { "Fn::Not": [{ "Fn::Equals": [{ Ref: Managed }, ''] }] }
  HasAccess: !And [!Equals [!Ref Access, 'true'], !Not [!Condition HasBoundary]]
  IsLive: !Equals [!Ref Stage, live]
  Endless: !Or [!Condition Endless, !Condition IsLive]
Resources:
  Worker:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ec2.amazonaws.com } }] }
      PermissionsBoundary: !If [HasBoundary, !Ref Boundary, !Ref 'AWS::NoValue']
      ManagedPolicyArns: !If [HasManaged, !Split [',', !Ref Managed], !Ref 'AWS::NoValue']
      Policies:
        - !If
          - HasAccess
          - PolicyName: read
            PolicyDocument: { Statement: [{ Effect: Allow, Action: s3:GetObject, Resource: 'arn:aws:s3:::shop/*' }] }
          - !Ref 'AWS::NoValue'
        - !If
          - HasBoundary
          - PolicyName: all
            PolicyDocument: { Statement: [{ Effect: Allow, Action: '*', Resource: '*' }] }
          - !Ref 'AWS::NoValue'
  Live:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Action: sts:AssumeRole, Principal: { Service: ec2.amazonaws.com } }] }
      ManagedPolicyArns: !If [IsLive, ['arn:aws:iam::aws:policy/AdministratorAccess'], !If [Endless, [], []]]
`;

describe('conditions', () => {
  it('are what the defaults of parameters decide, and unknown where there is none', async () => {
    const optional = await collect(OPTIONAL);
    expect(facts(optional, 'Worker')).toMatchObject({
      permissionsBoundary: false,
      policies: ['read'],
      privilegeTier: 2,
    });
    expect(facts(optional, 'Live')).not.toHaveProperty('privilegeTier');
  });

  it('leave statements and values out of lists', async () => {
    const text = OPTIONAL.replace(
      "Resource: 'arn:aws:s3:::shop/*' }] }",
      "Resource: [!If [HasBoundary, '*', !Ref 'AWS::NoValue'], 'arn:aws:s3:::shop/*'] }, !If [HasBoundary, {Effect: Allow, Action: '*', Resource: '*'}, !Ref 'AWS::NoValue']] }",
    );
    expect(text).not.toBe(OPTIONAL);
    expect(facts(await collect(text), 'Worker')).toEqual(facts(await collect(OPTIONAL), 'Worker'));
  });

  it('are each decided once, however often they are asked, and unknown in a circle', async () => {
    const asked = (name: string) => Array.from({ length: 10 }, () => `!Condition ${name}`).join(', ');
    const chain = Array.from({ length: 15 }, (_, at) => `  A${at}: !Or [${asked(`A${at + 1}`)}]\n`).join('');
    const conditions = `Conditions:\n${chain}  A15: !Equals [a, b]\n  C: !Not [!Condition D]\n  D: !Not [!Condition C]\n`;
    const user = (name: string, condition: string) =>
      `  ${name}:\n    Type: AWS::IAM::User\n    Properties:\n      ManagedPolicyArns:\n` +
      `        - !If [${condition}, arn:aws:iam::aws:policy/AdministratorAccess, !Ref AWS::NoValue]\n`;
    const read = await collect(`${conditions}Resources:\n${user('Known', 'A0')}${user('Circle', 'C')}`);
    expect(facts(read, 'Known')).not.toHaveProperty('policies');
    expect(facts(read, 'Circle')).toMatchObject({ policies: ['Fn::If'] });
  });

  it('leave parameters about a secret alone', async () => {
    const named = (await declare(cloudformation, { 'template.yaml': OPTIONAL })).identities
      .filter(({ type }) => type === 'template_parameter')
      .map(({ name }) => name);
    expect(named).toEqual(['DBPassword']);
  });
});
