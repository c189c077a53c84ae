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
    expect(facts([allow('*:GetObject')]).dataActions).toEqual(['s3:GetObject', 's3-object-lambda:GetObject']);
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
