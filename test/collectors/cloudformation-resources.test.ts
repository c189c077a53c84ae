import { describe, expect, it } from 'vitest';
import cloudformation from '../../src/collectors/cloudformation/index.ts';
import { declare } from './declared.ts';
import { failuresOf } from './judged.ts';

const OTHER = '444455556666';
const EVERYBODY = '{ Statement: [{ Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: "*" }] }';

const template = (resources: string): Readonly<Record<string, string>> => ({
  'stack.yaml': `Resources:\n${resources}`,
});

async function failures(resources: string): Promise<readonly string[]> {
  return failuresOf(cloudformation, template(resources));
}

describe('policies of resources', () => {
  it.each([
    ['AWS::S3::BucketPolicy', 'PolicyDocument'],
    ['AWS::SQS::QueuePolicy', 'PolicyDocument'],
    ['AWS::SNS::TopicPolicy', 'PolicyDocument'],
    ['AWS::KMS::Key', 'KeyPolicy'],
    ['AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'],
    ['AWS::ECR::Repository', 'RepositoryPolicyText'],
  ])('%s is judged by its %s', async (type, property) => {
    const found = await failures(`  Open: { Type: "${type}", Properties: { ${property}: ${EVERYBODY} } }`);
    expect(found).toContain('aws-resource-public: Open');
  });

  it('lets nobody in where a condition says who', async () => {
    const condition = 'Condition: { StringEquals: { "aws:PrincipalOrgID": o-1 } }';
    const statement = `{ Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: "*", ${condition} }`;
    const resource = `  T: { Type: "AWS::SNS::TopicPolicy", Properties: { PolicyDocument: { Statement: [${statement}] } } }`;
    expect(await failures(resource)).toEqual([]);
  });

  it('judges permissions of functions, and URLs of functions', async () => {
    const found = await failures(`
  Loose: { Type: "AWS::Lambda::Permission", Properties: { Action: "lambda:InvokeFunction", Principal: s3.amazonaws.com } }
  Bound:
    Type: AWS::Lambda::Permission
    Properties: { Action: "lambda:InvokeFunction", Principal: s3.amazonaws.com, SourceArn: !GetAtt B.Arn }
  Foreign: { Type: "AWS::Lambda::Permission", Properties: { Action: "lambda:InvokeFunction", Principal: ${OTHER} } }
  Anybody: { Type: "AWS::Lambda::Permission", Properties: { Action: "lambda:InvokeFunction", Principal: "*" } }
  Url: { Type: "AWS::Lambda::Url", Properties: { AuthType: NONE } }
  Shown: { Type: "AWS::S3::Bucket", Properties: { AccessControl: PublicRead } }`);
    expect(found).toEqual([
      'aws-resource-foreign-account: Foreign',
      'aws-resource-public: Anybody',
      'aws-resource-public: Shown',
      'aws-resource-public: Url',
      'aws-resource-service-without-source: Loose',
    ]);
  });

  it('does not judge what a parameter decides', async () => {
    const { facts } = await declare(cloudformation, {
      'stack.yaml': `Parameters: { Policy: { Type: String } }
Resources:
  Q: { Type: "AWS::SQS::QueuePolicy", Properties: { PolicyDocument: !Ref Policy } }`,
    });
    expect(facts('Q')).not.toHaveProperty('publicAccess');
  });
});

const ALL = 'PolicyDocument: { Statement: [{ Effect: Allow, Action: "*", Resource: "*" }] }';

describe('policies', () => {
  it('judges groups, and policies that stand for themselves', async () => {
    const found = await failures(`
  Ops: { Type: "AWS::IAM::Group", Properties: { Policies: [{ PolicyName: all, ${ALL} }] } }
  Alone: { Type: "AWS::IAM::ManagedPolicy", Properties: { ${ALL} } }`);
    expect(found).toEqual(expect.arrayContaining(['aws-administrator: Alone', 'aws-administrator: Ops']));
  });

  it('tells an inline policy where it is given, with both places', async () => {
    const { identities, named } = await declare(
      cloudformation,
      template(`  Worker: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { Statement: [] } } }
  All: { Type: "AWS::IAM::Policy", Properties: { PolicyName: all, Roles: [!Ref Worker], ${ALL} } }`),
    );
    expect(identities.map(({ name }) => name)).toEqual(['Worker']);
    expect(named('Worker').evidence.map(({ source }) => source)).toEqual(['stack.yaml:2', 'stack.yaml:3']);
  });

  it('has an entry for who is only named, whose other policies are unknown', async () => {
    const files = template(`  Read:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: read
      Users: [admin]
      Roles: [worker]
      PolicyDocument: { Statement: [{ Effect: Allow, Action: "s3:ListBucket", Resource: "*" }] }`);
    const { identities, facts } = await declare(cloudformation, files);
    expect(identities.map(({ type, name }) => `${type} ${name}`)).toEqual(['iam_user admin', 'iam_role worker']);
    expect(facts('admin')).toMatchObject({ directPolicies: ['read'] });
    expect(facts('admin')).not.toHaveProperty('privilegeTier');
    expect(await failuresOf(cloudformation, files)).toContain('aws-user-direct-policies: admin');
  });

  it('keeps a user and a role of one name apart', async () => {
    const files = template(`  U: { Type: "AWS::IAM::User", Properties: { UserName: bot } }
  R: { Type: "AWS::IAM::Role", Properties: { RoleName: bot, AssumeRolePolicyDocument: { Statement: [] } } }
  P: { Type: "AWS::IAM::Policy", Properties: { PolicyName: p, Users: [bot], ${ALL} } }`);
    const { identities } = await declare(cloudformation, files);
    expect(identities.map(({ type, attributes }) => [type, attributes['privilegeTier']?.value])).toEqual([
      ['iam_user', 0],
      ['iam_role', undefined],
    ]);
  });

  it('says what limits a role', async () => {
    const { facts } = await declare(
      cloudformation,
      template(`  R:
    Type: AWS::IAM::Role
    Properties: { MaxSessionDuration: 43200, PermissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" }
  U: { Type: "AWS::IAM::User", Properties: {} }`),
    );
    expect(facts('R')).toMatchObject({ maxSessionHours: 12, permissionsBoundary: true });
    expect(facts('U')).toMatchObject({ permissionsBoundary: false });
  });
});

describe('secrets and access', () => {
  it('joins a secret with its rotation', async () => {
    const files = template(`  Slow: { Type: "AWS::SecretsManager::Secret" }
  Schedule:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: { SecretId: !Ref Slow, RotationRules: { AutomaticallyAfterDays: 400 } }
  Rated: { Type: "AWS::SecretsManager::Secret" }
  Other:
    Type: AWS::SecretsManager::RotationSchedule
    Properties: { SecretId: !Ref Rated, RotationRules: { ScheduleExpression: rate(10 days) } }
  Never: { Type: "AWS::SecretsManager::Secret", Properties: { Name: db } }`);
    const { facts } = await declare(cloudformation, files);
    expect(facts('Rated')).toMatchObject({ rotation: 'automatic', rotationDays: 10 });
    expect(await failuresOf(cloudformation, files)).toEqual(
      expect.arrayContaining(['aws-secret-rotation-slow: Slow', 'aws-secret-rotation-undeclared: db']),
    );
  });

  it('reads who may enter a cluster, and what runs with a role', async () => {
    const files =
      template(`  Role: { Type: "AWS::IAM::Role", Properties: { AssumeRolePolicyDocument: { Statement: [] } } }
  Profile: { Type: "AWS::IAM::InstanceProfile", Properties: { Roles: [!Ref Role] } }
  Entry:
    Type: AWS::EKS::AccessEntry
    Properties:
      PrincipalArn: !GetAtt Role.Arn
      AccessPolicies:
        - PolicyArn: arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy
          AccessScope: { Type: cluster }
  Pod:
    Type: AWS::EKS::PodIdentityAssociation
    Properties: { RoleArn: !GetAtt Role.Arn, Namespace: shop, ServiceAccount: api }`);
    const { edges } = await declare(cloudformation, files);
    const id = (name: string): string => `cloudformation:acme/shop:stack.yaml#${name}`;
    expect(edges.map(({ from, kind, toKey }) => `${from} ${kind} ${toKey.value}`)).toEqual(
      expect.arrayContaining([
        `${id('Profile')} uses ${id('Role')}`,
        `${id('Entry')} uses ${id('Role')}`,
        `${id('Role')} can-assume shop:api`,
      ]),
    );
    expect(await failuresOf(cloudformation, files)).toContain('eks-access-cluster-admin: Entry');
  });
});
