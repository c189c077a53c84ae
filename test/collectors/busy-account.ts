const ACCOUNT = '210987654321';
const ACTIONS = [
  's3:GetObject',
  's3:*',
  'ec2:Describe*',
  'iam:PassRole',
  'lambda:CreateFunction',
  'lambda:InvokeFunction',
  'kms:Decrypt',
  'secretsmanager:GetSecretValue',
  'iam:PutRolePolicy',
  'sts:AssumeRole',
];
const BUCKETS = ['*', 'arn:aws:s3:::data/*', `arn:aws:iam::${ACCOUNT}:role/r4`, `arn:aws:iam::${ACCOUNT}:*`];

type Values = Readonly<Record<string, unknown>>;

/** The answer of GetAccountAuthorizationDetails for so many principals: some share their policies, some have their own. */
export function busyDetails(count: number): Values {
  const range = (length: number): number[] => Array.from({ length }, (_, index) => index);
  return {
    UserDetailList: range(count / 2).map(userOf),
    RoleDetailList: range(count / 2).map(roleOf),
    GroupDetailList: range(6).map((index) => ({
      GroupName: `g${index}`,
      Arn: arn('group', `g${index}`),
      AttachedManagedPolicies: attached(index),
    })),
    Policies: range(20).map((index) => ({
      PolicyName: `p${index}`,
      Arn: arn('policy', `p${index}`),
      AttachmentCount: index % 3,
      PolicyVersionList: [{ VersionId: 'v1', IsDefaultVersion: true, Document: documentOf(index) }],
    })),
  };
}

/** Files of a recording of an account of so many principals, one of whom a bucket lets in by itself. */
export function busyAccount(count: number): Readonly<Record<string, string>> {
  const manifest = { collector: 'aws', version: 1, target: ACCOUNT, recordedAt: '2026-11-01T02:00:00Z' };
  const allow = { Effect: 'Allow', Principal: { AWS: arn('user', 'u1') }, Action: 's3:*', Resource: '*' };
  return {
    'dump.json': JSON.stringify(manifest),
    'authorization-details.json': JSON.stringify(busyDetails(count)),
    'bucket-policy-data.json': JSON.stringify({ Policy: JSON.stringify({ Statement: [allow] }) }),
  };
}

function arn(kind: string, name: string): string {
  return `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
}

function actionsOf(index: number): string[] {
  return [0, 3, 7].map((step) => ACTIONS[(index * 3 + step) % ACTIONS.length] ?? '');
}

function documentOf(index: number): Values {
  const allow = { Effect: 'Allow', Action: actionsOf(index), Resource: BUCKETS[index % BUCKETS.length] };
  const deny = { Effect: 'Deny', Action: 'iam:*', Resource: arn('role', `admin${index % 3}`) };
  const condition = { StringEquals: { 'aws:PrincipalTag/team': 'a' } };
  return { Statement: [allow, index % 4 === 0 ? deny : { ...allow, Action: ['ec2:*'], Condition: condition }] };
}

function attached(index: number): Values[] {
  const own = [index % 20, (index * 7) % 20].map((number) => `p${number}`);
  const managed = ['ReadOnlyAccess', 'AdministratorAccess', 'NobodyKnowsThis'][index % 11];
  return [
    ...own.map((name) => ({ PolicyName: name, PolicyArn: arn('policy', name) })),
    ...(managed === undefined ? [] : [{ PolicyName: managed, PolicyArn: `arn:aws:iam::aws:policy/${managed}` }]),
  ];
}

function userOf(index: number): Values {
  const inline = { PolicyName: 'own', PolicyDocument: documentOf(index + 100) };
  return {
    UserName: `u${index}`,
    Arn: arn('user', `u${index}`),
    GroupList: [`g${index % 7}`],
    UserPolicyList: index % 2 === 0 ? [inline] : [],
    AttachedManagedPolicies: index % 3 === 0 ? attached(index) : [],
    Tags: [{ Key: 'team', Value: `team-${index % 5}` }],
  };
}

function roleOf(index: number): Values {
  const trust = { Effect: 'Allow', Principal: { AWS: index % 5 === 0 ? '*' : ACCOUNT }, Action: 'sts:AssumeRole' };
  const boundary = { PermissionsBoundaryArn: arn('policy', `p${index % 21}`) };
  return {
    RoleName: `r${index}`,
    Path: index % 50 === 49 ? '/aws-service-role/x/' : '/',
    Arn: arn('role', `r${index}`),
    AssumeRolePolicyDocument: { Statement: [trust] },
    AttachedManagedPolicies: attached(index),
    RolePolicyList: [{ PolicyName: 'own', PolicyDocument: documentOf(index) }],
    ...(index % 4 === 0 ? { PermissionsBoundary: boundary } : {}),
  };
}
