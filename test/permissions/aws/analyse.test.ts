import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ESCALATIONS } from '../../../src/permissions/aws/actions.ts';
import { analysePermissions, type PermissionFacts } from '../../../src/permissions/aws/analyse.ts';
import { type PolicyValue, readPolicyDocument, Unknown } from '../../../src/permissions/aws/document.ts';
import { CREDENTIAL_ACTIONS, DATA_ACTIONS } from '../../../src/permissions/aws/judged/reads.ts';
import { managedPolicyDocument, managedPolicyName } from '../../../src/permissions/aws/managed.ts';
import { globMatches } from '../../../src/permissions/aws/match.ts';
import { analyseTrust, isWideSubject, type TrustFacts } from '../../../src/permissions/aws/trust.ts';
import { tries } from '../../property/runs.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
const GITHUB = `arn:aws:iam::${OWN}:oidc-provider/token.actions.githubusercontent.com`;
const SUB = 'token.actions.githubusercontent.com:sub';
const AUD = 'token.actions.githubusercontent.com:aud';
const SUBNETS = ['arn:', '{AWS::Partition}:ec2:', '{AWS::Region}:', '{AWS::AccountId}:subnet/*'].join('$');
const CALLER = { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/setup-*' } };
const TAGGED = { StringEquals: { 'aws:ResourceTag/team': 'shop' } };
const NOT_TAGGED = { StringNotEquals: { 'aws:ResourceTag/team': 'shop' } };
/** An interpolation, as a partly known string holds it. */
const VARIABLE = '$' + '{var.x}';

function allow(
  action: PolicyValue,
  resource: PolicyValue = '*',
  more: Readonly<Record<string, PolicyValue>> = {},
): PolicyValue {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more };
}

function permissions(...statements: PolicyValue[]): PermissionFacts {
  return analysePermissions([{ name: 'p', source: 'test', document: readPolicyDocument({ Statement: statements }) }]);
}

function trust(...statements: PolicyValue[]): TrustFacts {
  return analyseTrust(readPolicyDocument({ Statement: statements }), [OWN]);
}

function trusting(principal: PolicyValue, condition?: PolicyValue): PolicyValue {
  const more = condition === undefined ? {} : { Condition: condition };
  return { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, ...more };
}

describe('permissions', () => {
  it('names an administrator', () => {
    expect(permissions(allow('*'))).toMatchObject({
      wildcardActions: true,
      wildcardResources: true,
      escalationActions: ['*'],
      privilegeTier: 0,
      grants: [{ permission: '*', resource: '*', tier: 0, source: 'test' }],
    });
  });

  it.each([
    ['a direct escalation', [allow('iam:CreatePolicyVersion')], 0],
    ['IAM write on named users only', [allow('iam:CreateAccessKey', `arn:aws:iam::${OWN}:user/self`)], 1],
    ['a passed role', [allow(['iam:PassRole', 'ec2:RunInstances'])], 0],
    [
      'a named role that is passed',
      [allow('iam:PassRole', `arn:aws:iam::${OWN}:role/app`), allow('ec2:RunInstances')],
      2,
    ],
    ['the role of an existing function', [allow('lambda:UpdateFunctionCode')], 1],
    ['a whole service', [allow('s3:*')], 1],
    ['a write to everything of a kind', [allow('s3:PutObject')], 1],
    ['a write to one place', [allow('s3:PutObject', 'arn:aws:s3:::b/*')], 2],
    ['a write to one object', [allow('s3:PutObject', 'arn:aws:s3:::b/k/*')], 2],
    ['reading secrets', [allow('secretsmanager:Get*', 'arn:aws:secretsmanager:eu-west-1:1:secret:x')], 2],
    ['reading metadata', [allow(['ec2:Describe*', 's3:ListBucket'])], 3],
    ['telemetry', [allow('logs:PutLogEvents')], 3],
    ['records that are added', [allow(['events:PutEvents', 'nimble:PutStudioLogEvents'])], 2],
    ['an offer that is refused', [allow('ram:RejectResourceShareInvitation')], 2],
    ['the text of mails', [allow('workmailmessageflow:Get*')], 2],
    ['a second factor that nobody has', [allow(['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice'])], 3],
    ['objects of a bucket without its objects', [allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b')], 4],
    ['a bucket without its objects', [allow('s3:Put*', 'arn:aws:s3:::b')], 2],
    ['all but what one tag names', [allow('ec2:TerminateInstances', '*', { Condition: NOT_TAGGED })], 1],
    ['what one tag names', [allow('ec2:TerminateInstances', '*', { Condition: TAGGED })], 2],
    ['all of a kind in a region that is a parameter', [allow('ec2:DeleteSubnet', SUBNETS)], 1],
    ['what only some callers get', [allow('ec2:TerminateInstances', '*', { Condition: CALLER })], 1],
    ['nothing but itself', [allow('sts:GetCallerIdentity')], 4],
    ['nothing', [], 4],
  ])('puts %s into its tier', (_, statements, tier) => {
    expect(permissions(...statements).privilegeTier).toBe(tier);
  });

  it('finds every escalation set by its own actions, and not when one is missing', () => {
    expect(ESCALATIONS.length).toBeGreaterThanOrEqual(55);
    for (const { actions, gain } of ESCALATIONS) {
      const name = actions.join(' + ');
      const list = gain === 'existing-role' ? 'lateralActions' : 'escalationActions';
      expect(permissions(allow(actions))[list]).toContain(name);
      expect(permissions(allow(actions.slice(1)))[list]).not.toContain(name);
    }
  });

  it('lists credential and data actions under wildcards', () => {
    expect(permissions(allow('s3:GetObject*')).dataActions?.slice(0, 2)).toEqual([
      's3:GetObject',
      's3:GetObjectVersion',
    ]);
    expect(permissions(allow('s3:Get*', 'arn:aws:s3:::b/*'))).toMatchObject({ dataActions: [], privilegeTier: 2 });
    expect(permissions(allow('ec2:Get*')).credentialActions).toEqual(['ec2:GetPasswordData']);
    expect(permissions(allow('ecr:GetAuthorizationToken'))).toMatchObject({ credentialActions: [], privilegeTier: 3 });
    for (const action of [...DATA_ACTIONS, ...CREDENTIAL_ACTIONS]) expect(action).toMatch(/^[a-z0-9-]+:\w+$/);
  });

  it('takes denies, boundaries and narrowing conditions into account', () => {
    const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*' };
    expect(permissions(allow('*'), deny)).toMatchObject({ privilegeTier: 1, wildcardActions: true });
    expect(permissions(allow('*'), deny).escalationActions).not.toContain('*');
    const conditional = {
      Effect: 'Deny',
      Action: 'iam:*',
      Resource: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    expect(permissions(allow('*'), conditional).privilegeTier).toBe(0);
    const bounded = { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::1:policy/b' } };
    expect(permissions(allow('iam:PutUserPolicy', '*', { Condition: bounded })).escalationActions).toEqual([]);
    const admin = { name: 'a', source: 'test', document: readPolicyDocument({ Statement: allow('*') }) };
    expect(analysePermissions([admin], readPolicyDocument({ Statement: allow('s3:*') })).privilegeTier).toBe(1);
    expect(analysePermissions([admin], 'unknown').privilegeTier).toBeUndefined();
    expect(analysePermissions([admin], 'unknown').escalationActions).toBeUndefined();
  });

  it('knows the tier where unknown resources do not matter', () => {
    const unknown = [new Unknown('var.arn')];
    const objects = allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*');
    const facts = permissions(allow('ecr:BatchGetImage', unknown), objects);
    expect(facts.privilegeTier).toBe(2);
    expect(facts.tierReasons?.slice(0, 2)).toEqual([
      's3:GetObject on arn:aws:s3:::b/* (policy p)',
      'ecr:BatchGetImage on some resource (policy p)',
    ]);
    expect(facts).not.toHaveProperty('dataActions');
    expect(permissions(allow('logs:PutLogEvents', unknown), objects).privilegeTier).toBe(2);
    expect(permissions(allow('s3:DeleteBucket', unknown), objects).privilegeTier).toBeUndefined();
    expect(permissions(allow('iam:PassRole', unknown), allow('lambda:*')).privilegeTier).toBeUndefined();
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: unknown };
    expect(permissions(deny, objects).privilegeTier).toBeUndefined();
    expect(permissions(objects, allow(new Unknown('var.actions'), unknown)).privilegeTier).toBeUndefined();
    const open = {
      name: 'a',
      source: 'test',
      document: readPolicyDocument({ Statement: allow('s3:GetObject', unknown) }),
    };
    expect(analysePermissions([open], 'unknown').privilegeTier).toBeUndefined();
  });

  it('says what a bucket alone gives', () => {
    const reasons = permissions(allow(['s3:Get*', 's3:Put*'], 'arn:aws:s3:::b')).tierReasons ?? [];
    expect(reasons.join()).not.toContain('s3:GetObject');
    expect(reasons.join()).toContain('s3:Put');
    expect(permissions(allow('s3:GetObject', 'arn:aws:s3:::b*')).privilegeTier).toBe(2);
  });

  it('leaves what a deny with a condition spares', () => {
    const read = allow('secretsmanager:GetSecretValue');
    const spare = { Effect: 'Deny', Action: 'secretsmanager:*', Resource: '*', Condition: NOT_TAGGED };
    expect(permissions(read).credentialActions).toEqual(['secretsmanager:GetSecretValue']);
    expect(permissions(read, spare).credentialActions).toEqual([]);
  });

  it('reads NotAction and NotResource', () => {
    const power = permissions({ Effect: 'Allow', NotAction: ['iam:*', 'organizations:*'], Resource: '*' });
    expect(power).toMatchObject({ wildcardActions: true, privilegeTier: 1 });
    expect(power.grants[0]?.permission).toBe('* except iam:*, organizations:*');
    expect(permissions({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }).privilegeTier).toBe(0);
    expect(permissions({ Effect: 'Allow', Action: 's3:PutObject', NotResource: 'arn:aws:s3:::x' })).toMatchObject({
      wildcardResources: true,
      privilegeTier: 1,
    });
  });

  it('knows policies that AWS manages', () => {
    const arn = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
    const tierOf = (name: string): number | undefined => {
      const document = managedPolicyDocument(arn(name));
      return analysePermissions([{ name, source: 'test', ...(document && { document }) }]).privilegeTier;
    };
    expect(
      ['AdministratorAccess', 'IAMFullAccess', 'PowerUserAccess', 'ReadOnlyAccess', 'ViewOnlyAccess'].map(tierOf),
    ).toEqual([0, 0, 1, 2, 2]);
    expect(tierOf('service-role/AWSLambdaBasicExecutionRole')).toBe(3);
    expect(tierOf('NobodyKnowsThisOne')).toBeUndefined();
    expect(managedPolicyName(`arn:aws:iam::${OWN}:policy/own`)).toBeUndefined();
  });

  it('says where requests may come from', () => {
    const ip = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    const guard = {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24'] } },
    };
    expect(permissions(allow('s3:*', '*', { Condition: ip })).networkRestricted).toBe(true);
    expect(permissions(allow('s3:*'), guard).networkRestricted).toBe(true);
    expect(permissions(allow('s3:*', '*', { Condition: ip }), allow('ec2:*')).networkRestricted).toBe(false);
    expect(
      permissions(allow('s3:*', '*', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } })).networkRestricted,
    ).toBe(false);
    expect(
      permissions(allow('s3:*', '*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })).mfaRequired,
    ).toBe(true);
  });

  it('leaves facts out that depend on what is not known', () => {
    const facts = permissions(allow(['s3:GetObject', new Unknown('var.actions')]));
    expect(facts).toMatchObject({ dataActions: ['s3:GetObject'], wildcardResources: true });
    for (const name of ['wildcardActions', 'escalationActions', 'privilegeTier', 'networkRestricted'] as const) {
      expect(facts[name]).toBeUndefined();
    }
    expect(permissions(allow('*'), new Unknown('local.more')).privilegeTier).toBe(0);
    expect(analysePermissions([{ name: 'x', source: 's' }]).privilegeTier).toBeUndefined();
  });

  it('names roles that may be assumed', () => {
    expect(permissions(allow('sts:AssumeRole', `arn:aws:iam::${OTHER}:role/x`)).assumable).toEqual([
      `arn:aws:iam::${OTHER}:role/x`,
    ]);
  });
});

describe('documents', () => {
  const document = { Version: '2012-10-17', Statement: allow('s3:*') };

  it('reads data, JSON text and URL-encoded JSON text alike', () => {
    const text = JSON.stringify(document);
    for (const form of [document, text, encodeURIComponent(text)]) {
      expect(readPolicyDocument(form).statements[0]?.actions.patterns).toEqual(['s3:*']);
    }
    expect(readPolicyDocument('no json').unknown).toBe(true);
    expect(readPolicyDocument(undefined).unknown).toBe(true);
  });

  it('never throws on any data, and neither does the analysis', () => {
    const keys = fc.constantFrom(
      'Statement',
      'Effect',
      'Action',
      'NotAction',
      'Resource',
      'Principal',
      'Condition',
      'AWS',
      '__proto__',
    );
    const leaf = fc.oneof(
      fc.constantFrom('Allow', 'Deny', '*', 's3:*', GITHUB, SUB),
      fc.string(),
      fc.integer(),
      fc.constant(null),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (statement) => {
        const read = readPolicyDocument({ Statement: [statement as PolicyValue] });
        analysePermissions([{ name: 'p', source: 's', document: read }]);
        analyseTrust(read, [OWN]);
      }),
      tries(1_000),
    );
  });

  it('matches patterns as IAM does', () => {
    expect(globMatches('S3:Get*', 's3:GetObject')).toBe(true);
    expect(globMatches('s3:Get?bject', 's3:GetObject')).toBe(true);
    expect(globMatches('s3:*ACL*', 's3:PutObjectAcl')).toBe(true);
    expect(globMatches('s3:Get', 's3:GetObject')).toBe(false);
    const regex = (glob: string): RegExp => new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
    const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((all) => all.join(''));
    const words = fc.array(fc.constantFrom('a', 'b'), { maxLength: 10 }).map((all) => all.join(''));
    fc.assert(fc.property(letters, words, (glob, word) => globMatches(glob, word) === regex(glob).test(word)));
  });
});

describe('trust', () => {
  it('finds principals that anyone can be', () => {
    expect(trust(trusting('*')).trustsAnyPrincipal).toBe(true);
    expect(trust(trusting({ AWS: ['*'] })).trustsAnyPrincipal).toBe(true);
    expect(trust(trusting('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-abc' } })).trustsAnyPrincipal).toBe(false);
    expect(trust(trusting({ Service: 'ec2.amazonaws.com' }))).toMatchObject({
      trustsAnyPrincipal: false,
      trustsExternalAccounts: [],
      trustsServices: ['ec2.amazonaws.com'],
      authMethod: 'instance_identity',
    });
    expect(trust(trusting(new Unknown('var.principal'))).trustsAnyPrincipal).toBeUndefined();
  });

  it('tells external accounts from the own one, and asks for an external id', () => {
    const arn = (account: string): string => `arn:aws:iam::${account}:root`;
    expect(trust(trusting({ AWS: [arn(OWN), arn(OTHER)] }))).toMatchObject({
      trustsExternalAccounts: [OTHER],
      requiresExternalId: false,
      accounts: [OWN, OTHER],
    });
    const external = { StringEquals: { 'sts:ExternalId': 'k' } };
    expect(trust(trusting({ AWS: OTHER }, external)).requiresExternalId).toBe(true);
    expect(trust(trusting({ AWS: OTHER }, external), trusting({ AWS: `arn:aws:iam::${OTHER}:role/x` }))).toMatchObject({
      requiresExternalId: false,
      principals: [`arn:aws:iam::${OTHER}:role/x`],
    });
    expect(trust(trusting({ AWS: OTHER }, { StringLike: { 'sts:ExternalId': '*' } })).requiresExternalId).toBe(false);
    expect(trust(trusting({ AWS: OTHER }, new Unknown('local.c'))).requiresExternalId).toBeUndefined();
    expect(trust(trusting({ AWS: arn(OWN) }))).toMatchObject({ trustsExternalAccounts: [] });
    expect(trust(trusting({ AWS: `arn:aws:iam::${VARIABLE}:root` })).trustsExternalAccounts).toBeUndefined();
  });

  it.each([
    ['no condition', undefined, { oidcWithoutSubject: true, oidcWithoutAudience: true, oidcSubjectWildcard: false }],
    [
      'an audience only',
      { StringEquals: { [AUD]: 'sts.amazonaws.com' } },
      { oidcWithoutSubject: true, oidcWithoutAudience: false },
    ],
    [
      'an exact subject',
      { StringEquals: { [AUD]: 'sts.amazonaws.com', [SUB]: 'repo:acme/shop:ref:refs/heads/main' } },
      { oidcWithoutSubject: false, oidcSubjectWildcard: false, oidcSubjectAnyRef: false, authMethod: 'federated_oidc' },
    ],
    ['any subject', { StringLike: { [SUB]: '*' } }, { oidcWithoutSubject: false, oidcSubjectWildcard: true }],
    ['an organisation', { StringLike: { [SUB]: ['repo:acme/*'] } }, { oidcSubjectWildcard: true }],
    [
      'any ref',
      { 'ForAnyValue:StringLike': { [SUB]: 'repo:acme/shop:*' } },
      { oidcSubjectWildcard: false, oidcSubjectAnyRef: true },
    ],
    ['an optional subject', { StringEqualsIfExists: { [SUB]: 'repo:acme/shop:x' } }, { oidcWithoutSubject: true }],
    ['a star that is no wildcard', { StringEquals: { [SUB]: 'repo:acme/*' } }, { oidcSubjectWildcard: false }],
  ])('judges OIDC trust with %s', (_, condition, expected) => {
    expect(trust(trusting({ Federated: GITHUB }, condition))).toMatchObject(expected);
  });

  it('leaves OIDC facts out where conditions are not known, or there is no OIDC trust', () => {
    const facts = trust(trusting({ Federated: GITHUB }, new Unknown('local.condition')));
    expect(facts.oidcWithoutSubject).toBeUndefined();
    expect(facts.oidcSubjectWildcard).toBeUndefined();
    expect(trust(trusting({ AWS: OTHER })).oidcWithoutSubject).toBeUndefined();
  });

  it('gives subjects with their issuer, case kept', () => {
    const eks = 'oidc.eks.eu-west-1.amazonaws.com/id/ABCDEF';
    const provider = `arn:aws:iam::${OWN}:oidc-provider/${eks}`;
    const subject = 'system:serviceaccount:shop:api';
    expect(trust(trusting({ Federated: provider }, { StringEquals: { [`${eks}:sub`]: subject } })).subjects).toEqual([
      { issuer: `https://${eks}`, subject, pattern: false },
    ]);
    expect(
      trust(trusting({ Federated: GITHUB }, { StringLike: { [`${VARIABLE}:sub`]: 'repo:a/b:*' } })).subjects,
    ).toEqual([{ issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:a/b:*', pattern: true }]);
  });

  it('knows wide subject patterns', () => {
    expect(
      ['*', 'repo:*', 'repo:acme/*', 'repo:acme*/x:y', 'repo:acme/sh?p:*', 'project_path:a/*'].every(isWideSubject),
    ).toBe(true);
    expect(['repo:acme/shop:*', 'repo:acme/shop:ref:refs/heads/*', 'exact', 'other:a/*'].some(isWideSubject)).toBe(
      false,
    );
  });
});
