import { describe, expect, it } from 'vitest';
import { PermissionAnalyser, type PermissionFacts } from '../../../src/permissions/aws/analyse.ts';
import { type PolicyValue, readPolicyDocument } from '../../../src/permissions/aws/document.ts';
import { itRarely } from '../../it-rarely.ts';

const OWN = '111122223333';

function read(...statements: PolicyValue[]) {
  return readPolicyDocument({ Statement: statements });
}

function facts(statements: PolicyValue[], more: { boundary?: PolicyValue[]; self?: string } = {}): PermissionFacts {
  const limit = more.boundary === undefined ? undefined : read(...more.boundary);
  const policies = [{ name: 'p', source: 'test', document: read(...statements) }];
  return new PermissionAnalyser().analyse(policies, limit, more.self);
}

function allow(action: PolicyValue, resource: PolicyValue = '*', condition?: PolicyValue): PolicyValue {
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

function deny(action: PolicyValue, resource: PolicyValue = '*', condition?: PolicyValue): PolicyValue {
  return {
    Effect: 'Deny',
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

describe('a key of KMS that services alone may use', () => {
  const via = { StringLike: { 'kms:ViaService': 'identitystore.*.amazonaws.com' } };

  it('hands out no plain text', () => {
    expect(facts([allow(['kms:Decrypt', 'kms:DescribeKey'], '*', via)])).toMatchObject({
      privilegeTier: 3,
      dataActions: [],
    });
    expect(facts([allow('kms:Decrypt', '*', via)]).grants).toMatchObject([{ permission: 'kms:Decrypt', tier: 3 }]);
  });

  it('is of data where another statement, or a condition that can be left out, lets the caller use it', () => {
    expect(facts([allow('kms:Decrypt', '*', via), allow('kms:Decrypt')])).toMatchObject({
      privilegeTier: 2,
      dataActions: ['kms:Decrypt'],
    });
    for (const operator of ['StringLikeIfExists', 'StringNotLike']) {
      expect(
        facts([allow('kms:Decrypt', '*', { [operator]: { 'kms:ViaService': 's3.*.amazonaws.com' } })]),
      ).toMatchObject({
        privilegeTier: 2,
      });
    }
    expect(facts([allow('kms:Decrypt', '*', { StringLike: { 'kms:ViaService': '*' } })]).privilegeTier).toBe(2);
  });

  it('may still be managed', () => {
    expect(facts([allow('kms:CreateGrant', '*', via)]).privilegeTier).toBe(2);
  });
});

describe('an explicit deny', () => {
  it('takes away what it covers, and no more', () => {
    expect(facts([allow('iam:*'), deny('iam:*')])).toMatchObject({ privilegeTier: 4, wildcardServices: [] });
    expect(facts([allow(['s3:GetObject', 's3:PutBucketPolicy']), deny('s3:GetObj*', 'arn:aws:s3:::*')])).toMatchObject({
      dataActions: [],
      permissionActions: ['s3:PutBucketPolicy'],
    });
    const partial = facts([allow('s3:GetObject'), deny('s3:GetObject', 'arn:aws:s3:::payroll/*')]);
    expect(partial.dataActions).toEqual(['s3:GetObject']);
    const whole = facts([allow('s3:GetObject', 'arn:aws:s3:::a/*'), deny('s3:*', 'arn:aws:s3:::a*')]);
    expect(whole).toMatchObject({ dataActions: [], privilegeTier: 4 });
  });

  it('of a kind does not touch other kinds', () => {
    const users = deny('iam:*', `arn:aws:iam::${OWN}:user/*`);
    expect(facts([allow('iam:PutRolePolicy'), users]).escalationActions).toEqual(['iam:PutRolePolicy']);
    expect(facts([allow('iam:PutUserPolicy'), users]).escalationActions).toEqual([]);
    expect(facts([allow('s3:GetObject'), deny('*', 'arn:aws:sns:*:*:*')]).dataActions).toEqual(['s3:GetObject']);
  });

  it('of everything but some leaves these', () => {
    const others = { Effect: 'Deny', Action: 's3:*', NotResource: 'arn:aws:s3:::a/*' };
    expect(facts([allow('s3:GetObject'), others])).toMatchObject({ dataActions: [], privilegeTier: 2 });
    expect(facts([allow('s3:GetObject', 'arn:aws:s3:::b/*'), others]).privilegeTier).toBe(4);
    const NotAction = ['s3:GetObject'];
    expect(facts([allow('*'), { Effect: 'Deny', NotAction, Resource: '*' }])).toMatchObject({
      dataActions: ['s3:GetObject'],
      escalationActions: [],
    });
  });

  it('under a condition that can be met takes nothing away for sure', () => {
    const region = { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    expect(facts([allow('iam:PutRolePolicy'), deny('*', '*', region)]).escalationActions).toEqual([
      'iam:PutRolePolicy',
    ]);
    const tag = { StringEquals: { 'aws:ResourceTag/team': 'x' } };
    expect(facts([allow('iam:PutRolePolicy'), deny('*', '*', tag)]).escalationActions).toEqual([]);
  });
});

describe('a boundary', () => {
  it('limits what policies give', () => {
    const boundary = [allow(['s3:*', 'logs:*'])];
    expect(facts([allow('*')], { boundary })).toMatchObject({ escalationActions: [], privilegeTier: 1 });
    expect(facts([allow('iam:*')], { boundary }).privilegeTier).toBe(4);
    expect(facts([allow('*')], { boundary: [allow('*')] }).escalationActions).toEqual(['*']);
    expect(facts([allow('*')], { boundary: [allow('*'), deny('iam:*')] }).privilegeTier).toBe(1);
  });
});

describe('wildcards, variables and conditions', () => {
  it('reads wildcards in the middle and single characters', () => {
    expect(facts([allow('s3:*tObject')]).dataActions).toEqual(['s3:GetObject']);
    expect(facts([allow('iam:*RolePolic?')]).escalationActions).toEqual([
      'iam:AttachRolePolicy',
      'iam:PutRolePolicy',
      'iam:UpdateAssumeRolePolicy',
    ]);
    expect(facts([allow('*:GetObject')]).dataActions).toEqual([
      's3:GetObject',
      's3-object-lambda:GetObject',
      's3-outposts:GetObject',
      'mediapackagev2:GetObject',
      'mediastore:GetObject',
    ]);
  });

  it('knows what concerns the caller alone', () => {
    const own = `arn:aws:iam::${OWN}:user/\${aws:username}`;
    expect(facts([allow(['iam:CreateAccessKey', 'iam:ChangePassword'], own)])).toMatchObject({
      escalationActions: [],
      credentialActions: [],
    });
    expect(facts([allow('iam:PutUserPolicy', own)]).privilegeTier).toBe(0);
    const self = `arn:aws:iam::${OWN}:role/app`;
    expect(facts([allow('iam:PutRolePolicy', self)], { self }).privilegeTier).toBe(0);
    expect(facts([allow('iam:PutRolePolicy', self)], { self: `${self}2` }).privilegeTier).toBe(1);
  });

  it('passes a role to the services that a condition names, and to no other', () => {
    const to = (service: string) => ({ StringEquals: { 'iam:PassedToService': service } });
    const run = (service: string) => facts([allow('iam:PassRole', '*', to(service)), allow(['ec2:RunInstances'])]);
    expect(run('ec2.amazonaws.com').privilegeTier).toBe(0);
    expect(run('lambda.amazonaws.com')).toMatchObject({ escalationActions: [], privilegeTier: 1 });
  });

  it('names every reason of a tier, the policy and the place', () => {
    const location = { collector: 't', path: 'main.tf', startLine: 12, startColumn: 1, endLine: 13, endColumn: 1 };
    const document = readPolicyDocument({ Statement: allow(['iam:PassRole', 'ec2:RunInstances']) }, location);
    const { tierReasons } = new PermissionAnalyser().analyse([{ name: 'deploy', source: 'test', document }]);
    expect(tierReasons?.[0]).toBe('iam:PassRole + ec2:RunInstances on * (policy deploy, main.tf:12)');
    expect(facts([allow(['iam:*'])]).tierReasons?.length).toBeLessThanOrEqual(10);
  });

  it('tells families apart', () => {
    expect(
      facts([allow(['ssm:SendCommand', 'secretsmanager:GetSecretValue', 's3:*', 'kms:PutKeyPolicy'])]),
    ).toMatchObject({
      lateralActions: ['ssm:SendCommand'],
      credentialActions: ['secretsmanager:GetSecretValue'],
      wildcardServices: ['s3'],
      permissionActions: expect.arrayContaining(['kms:PutKeyPolicy', 's3:PutBucketPolicy']),
      escalationActions: [],
      privilegeTier: 1,
    });
  });
});

describe('what nobody can know stays unknown', () => {
  it.each<[string, PolicyValue]>([
    ['an unknown version', { Version: '2030-01-01', Statement: allow('s3:GetObject') }],
    ['an unknown operator', { Statement: allow('iam:*', '*', { StringRhymes: { 'aws:x': 'y' } }) }],
    [
      'Action beside NotAction',
      { Statement: { Effect: 'Allow', Action: 's3:Get*', NotAction: 's3:*', Resource: '*' } },
    ],
    ['a statement that is no statement', { Statement: [allow('s3:GetObject'), 7] }],
    ['an unknown effect', { Statement: { Effect: 'Perhaps', Action: 's3:*', Resource: '*' } }],
  ])('%s', (_, data) => {
    const judged = new PermissionAnalyser().analyse([{ name: 'p', source: 't', document: readPolicyDocument(data) }]);
    expect(judged.privilegeTier).toBeUndefined();
    expect(judged.lateralActions).toBeUndefined();
  });

  it('reads NotAction with NotResource', () => {
    const statement = { Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::x/*' };
    expect(facts([statement])).toMatchObject({ privilegeTier: 1, escalationActions: [] });
  });

  itRarely(
    'reads 6 MB in bounded time, and says that it did not read all',
    () => {
      const patterns = Array.from({ length: 150_000 }, (_, index) => `s3:*Get*${index}*Object*${'x'.repeat(20)}`);
      const document = readPolicyDocument({ Statement: [allow(patterns), allow(patterns, 'arn:aws:s3:::b/*')] });
      const judged = new PermissionAnalyser().analyse([{ name: 'p', source: 't', document }]);
      expect(judged.privilegeTier).toBeUndefined();
      expect(judged.moreGrants).toBeGreaterThan(200_000);
    },
    30_000,
  );
});

describe('roles of some names', () => {
  const BUILD = 'arn:aws:iam::111122223333:role/Build-*';
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/limit' } };

  it('are an administrator to whoever makes one and gives it any policy', () => {
    expect(facts([allow(['iam:CreateRole', 'iam:AttachRolePolicy'], BUILD)]).privilegeTier).toBe(0);
    expect(facts([allow('iam:UpdateAssumeRolePolicy'), allow('iam:PutRolePolicy', BUILD)]).privilegeTier).toBe(0);
  });

  it('are none where a boundary is asked for, or the names differ', () => {
    expect(facts([allow(['iam:CreateRole', 'iam:AttachRolePolicy'], BUILD, bounded)]).privilegeTier).toBe(1);
    const other = 'arn:aws:iam::111122223333:role/Deploy-*';
    expect(facts([allow('iam:CreateRole', other), allow('iam:AttachRolePolicy', BUILD)]).privilegeTier).toBe(1);
  });
});

describe('what a user may do with itself', () => {
  const SELF = `arn:aws:iam::*:user/${'$'}{aws:username}`;

  it('is nothing, unless it gives the user more', () => {
    const keys = facts([allow('iam:CreateAccessKey', SELF)]);
    expect(keys).toMatchObject({ privilegeTier: 4, grants: [{ permission: 'iam:CreateAccessKey', tier: 4 }] });
    expect(facts([allow('iam:PutUserPolicy', SELF)]).privilegeTier).toBe(0);
  });
});

describe('conditions on what is the caller’s own', () => {
  const own = { StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };

  it('leave everything of a kind', () => {
    expect(facts([allow('s3:DeleteObject', '*', own)]).privilegeTier).toBe(1);
    expect(facts([allow(['iam:PassRole', 'ec2:RunInstances'], '*', own)]).escalationActions).toEqual([
      'iam:PassRole + ec2:RunInstances',
    ]);
    expect(facts([allow('s3:DeleteObject', '*', { StringEquals: { 'aws:ResourceAccount': OWN } })]).privilegeTier).toBe(
      2,
    );
    const foreign = { StringNotEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } };
    expect(facts([allow('s3:DeleteObject', '*', foreign)]).privilegeTier).toBe(2);
    // A denial of what is not the own takes nothing from the own, and the reverse takes from it.
    expect(facts([allow('s3:DeleteObject'), deny('s3:*', '*', foreign)]).privilegeTier).toBe(1);
    expect(facts([allow('s3:GetObject'), deny('s3:*', '*', foreign)]).dataActions).toEqual(['s3:GetObject']);
    expect(facts([allow('s3:GetObject'), deny('s3:*', '*', own)]).dataActions).toEqual([]);
  });
});

describe('requests with resources of several kinds', () => {
  const tag = { StringEquals: { 'aws:ResourceTag/team': 'a' } };
  const of = (kind: string): string => `arn:aws:ec2:*:*:${kind}/*`;

  it('need each kind that they always have, in one statement or in several', () => {
    const attach = allow('ec2:AttachVolume', of('instance'));
    expect(facts([attach, allow('ec2:AttachVolume', of('volume'), tag)]).privilegeTier).toBe(2);
    expect(facts([allow('ec2:ModifyVpcEndpoint', of('subnet'))]).privilegeTier).toBe(2);
    const both = facts([attach, allow('ec2:AttachVolume', of('volume'))]);
    expect(both.privilegeTier).toBe(facts([allow('ec2:AttachVolume')]).privilegeTier);
    expect(facts([allow('ec2:ModifyVpcEndpoint', of('vpc-endpoint'))]).privilegeTier).toBe(1);
    expect(facts([allow('ec2:ModifyVpcEndpoint', 'arn:aws:ec2:*:*:*')]).privilegeTier).toBe(1);
  });

  it('run commands where the document and the instances are free', () => {
    const document = 'arn:aws:ssm:*:*:document/*';
    const limited = [allow('ssm:SendCommand', document), allow('ssm:SendCommand', of('instance'), tag)];
    expect(facts(limited)).toMatchObject({ lateralActions: [], privilegeTier: 2 });
    const free = facts([allow('ssm:SendCommand', [document, of('instance')])]);
    expect(free).toMatchObject({ lateralActions: ['ssm:SendCommand'], privilegeTier: 1 });
  });

  it('start a machine with any role where only its tag is asked for', () => {
    const others = ['image', 'network-interface', 'security-group', 'subnet', 'volume'].map(of);
    const made = { StringLike: { 'aws:RequestTag/owner': '*' } };
    const statements = [
      allow('ec2:RunInstances', of('instance'), made),
      allow('ec2:RunInstances', others),
      allow('iam:PassRole'),
    ];
    expect(facts(statements)).toMatchObject({ privilegeTier: 0 });
  });
});

describe('rights that are given within named policies', () => {
  const bounded = (policy: string) => ({ ArnEquals: { 'iam:PermissionsBoundary': policy } });
  const aws = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
  const make = ['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy'];

  it.each([
    ['AWSDenyAll', 2],
    ['AmazonS3FullAccess', 1],
    ['ReadOnlyAccess', 2],
    ['AdministratorAccess', 1],
    ['NobodyKnowsIt', 1],
  ] as const)('are worth what %s allows', (name, tier) => {
    expect(facts([allow(make, 'arn:aws:iam::*:role/app-*', bounded(aws(name)))]).privilegeTier).toBe(tier);
    const attached = { ArnEquals: { 'iam:PolicyARN': [aws(name)] } };
    expect(facts([allow('iam:AttachRolePolicy', 'arn:aws:iam::*:role/app-*', attached)]).privilegeTier).toBe(tier);
  });

  it('are limited no more where the limit can be lifted, left out or is wide', () => {
    const limited = allow(make, '*', bounded(aws('AWSDenyAll')));
    const tierOf = (...statements: PolicyValue[]) => facts(statements).privilegeTier;
    expect(tierOf(limited)).toBe(2);
    expect(tierOf(limited, allow('iam:DeleteRolePermissionsBoundary'))).toBe(1);
    expect(tierOf(limited, allow('iam:PutRolePermissionsBoundary'))).toBe(1);
    expect(tierOf(limited, allow('iam:PutRolePermissionsBoundary', '*', bounded(aws('AWSDenyAll'))))).toBe(2);
    expect(tierOf(limited, allow('iam:AttachRolePolicy'))).toBe(0);
    for (const value of [{ ArnEqualsIfExists: { 'iam:PermissionsBoundary': aws('AWSDenyAll') } }, bounded(aws('*'))])
      expect(tierOf(allow(make, '*', value))).toBe(1);
  });

  it('takes policies of the account from who knows them', () => {
    const arn = `arn:aws:iam::${OWN}:policy/limit`;
    const analyser = new PermissionAnalyser((name) => (name === arn ? read(allow('s3:GetObject')) : undefined));
    const document = read(allow(make, '*', bounded(arn)));
    expect(analyser.analyse([{ name: 'p', source: 't', document }]).privilegeTier).toBe(2);
  });
});

describe('what was one tier off among drawn policies of AWS', () => {
  it('a batch of secrets gives none by itself', () => {
    expect(facts([allow(['secretsmanager:BatchGetSecretValue', 'secretsmanager:ListSecrets'])])).toMatchObject({
      privilegeTier: 3,
      credentialActions: [],
    });
  });

  it('data under the own name is data', () => {
    const secret = 'arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/SecretId}';
    expect(facts([allow('secretsmanager:GetSecretValue', secret)]).privilegeTier).toBe(2);
  });

  it('a condition that is met by leaving something out limits nothing, unless it is a tag', () => {
    const without = (key: string, value = 'true') => ({ Null: { [key]: value } });
    expect(facts([allow('deepracer:*', '*', without('deepracer:UserToken'))]).privilegeTier).toBe(1);
    expect(facts([allow('deepracer:*', '*', without('deepracer:UserToken', 'false'))]).privilegeTier).toBe(2);
    expect(facts([allow('ec2:TerminateInstances', '*', without('aws:ResourceTag/keep'))]).privilegeTier).toBe(2);
  });

  it('a call through a service is that service’s own, unless it makes any call', () => {
    const through = (service: string) => ({ 'ForAnyValue:StringEquals': { 'aws:CalledVia': [service] } });
    const stop = (service: string) => facts([allow('ec2:StopInstances', '*', through(service))]).privilegeTier;
    expect([stop('nimble.amazonaws.com'), stop('cloudformation.amazonaws.com'), stop('ssm.amazonaws.com')]).toEqual([
      2, 1, 1,
    ]);
  });

  it('every resource of one service is not every one of another', () => {
    const mixed = ['arn:aws:s3:::logs/*', 'arn:aws:ec2:*:*:subnet/*'];
    expect(facts([allow(['s3:GetObject', 's3:DeleteObject', 'ec2:DescribeSubnets'], mixed)])).toMatchObject({
      privilegeTier: 2,
      dataActions: [],
    });
    expect(facts([allow(['s3:DeleteObject', 'ec2:DeleteSubnet'], mixed)]).privilegeTier).toBe(1);
    expect(facts([allow('s3:DeleteObject', [...mixed, 'arn:aws:s3:::*'])]).privilegeTier).toBe(1);
    expect(facts([allow('*', mixed)]).credentialActions).not.toContain('secretsmanager:GetSecretValue');
  });

  it('a kind that begins with a slash is all of its kind', () => {
    for (const part of ['/workspaces*', '/workspaces/*'])
      expect(facts([allow('grafana:UpdatePermissions', `arn:aws:grafana:*:*:${part}`)]).privilegeTier).toBe(1);
    expect(facts([allow('grafana:UpdatePermissions', 'arn:aws:grafana:*:*:/workspaces/g-1')]).privilegeTier).toBe(2);
  });

  it('reads that hand out credentials or stored data are no mere reads', () => {
    expect(facts([allow(['ses:Get*', 'ses:List*'])])).toMatchObject({
      privilegeTier: 2,
      dataActions: ['ses:GetArchiveMessage', 'ses:GetArchiveMessageContent'],
    });
    const actions = ['datazone:GetEnvironmentCredentials', 'codeconnections:GetConnectionToken', 'ssm:GetAccessToken'];
    for (const action of actions)
      expect(facts([allow(action)])).toMatchObject({ privilegeTier: 2, credentialActions: [action] });
  });

  it('an answer about what the request brings along changes nothing, and a batch of additions only adds', () => {
    const tierOf = (action: string) => facts([allow(action)]).privilegeTier;
    expect(tierOf('machinelearning:Predict')).toBe(3);
    for (const action of ['lookoutvision:DetectAnomalies', 'bedrock-mantle:CreateInference'])
      expect(tierOf(action), action).toBe(3);
    expect(tierOf('sagemaker:CreateInferenceComponent')).toBe(2);
    for (const action of ['secretsmanager:ValidateResourcePolicy', 'glue:TestConnection'])
      expect(facts([allow(action)])).toMatchObject({ privilegeTier: 3, permissionActions: [] });
    for (const action of [
      'mgn:IssueClientCertificateForMgn',
      'lex:RecognizeText',
      'deepracer:TestRewardFunction',
      'glue:BatchCreatePartition',
    ])
      expect(tierOf(action), action).toBe(2);
    for (const action of ['elasticache:TestFailover', 'acm-pca:IssueCertificate']) expect(tierOf(action)).toBe(1);
    expect(tierOf('glue:BatchDeletePartition')).toBe(1);
  });

  it('whoever takes the role of every worker acts as somebody else', () => {
    const action = 'deadline:AssumeFleetRoleForWorker';
    expect(facts([allow(action)])).toMatchObject({
      privilegeTier: 1,
      lateralActions: [action],
      credentialActions: [action],
    });
    expect(facts([allow(action, 'arn:aws:deadline:*:*:farm/farm-1/*')]).privilegeTier).toBe(2);
  });

  it('passwords of connections, messages of chats and queries of an editor are what they hand out', () => {
    expect(facts([allow('glue:Get*')]).credentialActions).toEqual(['glue:GetConnection', 'glue:GetConnections']);
    expect(facts([allow(['chime:Get*', 'chime:List*'])])).toMatchObject({
      privilegeTier: 2,
      dataActions: ['chime:GetChannelMessage', 'chime:ListChannelMessages'],
    });
    expect(facts([allow('sqlworkbench:DriverExecute')])).toMatchObject({
      privilegeTier: 2,
      dataActions: ['sqlworkbench:DriverExecute'],
    });
  });

  it('everything of a service is a write to everything where it changes what is there', () => {
    const tierOf = (action: string, resource = '*') => facts([allow(action, resource)]).privilegeTier;
    for (const service of ['route53domains', 'workdocs', 'WorkDocs']) expect(tierOf(`${service}:*`)).toBe(1);
    expect([tierOf('elemental-activations:*'), tierOf('pricing:*'), tierOf('ec2messages:*')]).toEqual([2, 3, 3]);
    expect(facts([allow('route53domains:*'), deny('route53domains:Delete*')]).privilegeTier).toBe(2);
    const condition = { StringEquals: { 'aws:ResourceTag/team': 'a' } };
    expect(facts([allow('workdocs:*', '*', condition)]).privilegeTier).toBe(2);
  });

  it('names of several parts are every resource of a kind, a word in them may be a name', () => {
    const tierOf = (action: string, resource: string) => facts([allow(action, resource)]).privilegeTier;
    expect(tierOf('mediaconnect:DeleteFlow', 'arn:aws:mediaconnect:*:*:flow:*:*')).toBe(1);
    expect(tierOf('apigateway:DELETE', 'arn:aws:apigateway:*::/*')).toBe(1);
    expect(
      tierOf('elasticloadbalancing:ModifyRule', 'arn:aws:elasticloadbalancing:*:*:listener-rule/app/*/*/*/*'),
    ).toBe(1);
    expect(tierOf('eks:DeleteAddon', 'arn:aws:eks:*:*:addon/*/aws-guardduty-agent/*')).toBe(2);
    expect(tierOf('ecr:DeleteRepository', 'arn:aws:ecr:*:*:repository/eks/*')).toBe(2);
  });

  it('a tag of the caller says who asks, not what is touched', () => {
    const condition = (key: string, value: string) => ({ StringLike: { [key]: value } });
    const tierOf = (key: string, value: string) =>
      facts([allow('s3:DeleteObject', '*', condition(key, value))]).privilegeTier;
    expect(tierOf('aws:PrincipalTag/team', 'data')).toBe(1);
    expect(tierOf('s3:TlsVersion', '1.2')).toBe(1);
    expect(tierOf('aws:ResourceTag/team', '${aws:PrincipalTag/team}')).toBe(2);
  });

  it('whoever changes who may log in, or switches a protection off, writes to everything', () => {
    const tierOf = (action: string) => facts([allow(action)]).privilegeTier;
    expect(['sso:AssociateProfile', 'identitystore:CreateGroupMembership', 'macie2:DisableMacie'].map(tierOf)).toEqual([
      1, 1, 1,
    ]);
    expect(facts([allow(['iam:PassRole', 'ecs:RunTask'])]).escalationActions).toEqual(['iam:PassRole + ecs:RunTask']);
    expect(['opensearch:ApplicationAccessAll', 'q:UsePlugin', 'kms:ReEncryptFrom'].map(tierOf)).toEqual([2, 2, 2]);
    expect(['rum:PutRumEvents', 'transcribe:StartStreamTranscription'].map(tierOf)).toEqual([3, 3]);
  });

  it('what is the caller’s own is not everything, an action of a harmless service is harmless, queries read logs', () => {
    expect(facts([allow(['cloudshell:DeleteEnvironment', 'cloudshell:CreateEnvironment'])]).privilegeTier).toBe(2);
    expect(facts([allow('cloudshell:*')]).privilegeTier).toBe(2);
    expect(facts([allow(['ec2messages:DeleteMessage', 'ssmmessages:OpenDataChannel'])]).privilegeTier).toBe(3);
    expect(facts([allow(['logs:StartQuery', 'logs:GetQueryResults'])])).toMatchObject({
      privilegeTier: 2,
      dataActions: ['logs:StartQuery', 'logs:GetQueryResults'],
    });
  });
});
