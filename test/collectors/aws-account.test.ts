import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../src/model/identity.ts';
import { tries } from '../property/runs.ts';
import { failuresInDump, readDump } from './recorded-account.ts';

const ACCOUNT = '210987654321';
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;
const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A recording of nothing but some answers. */
async function record(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-aws-'));
  folders.push(folder);
  const manifest = { collector: 'aws', version: 1, target: ACCOUNT, recordedAt: '2026-11-01T02:00:00Z' };
  for (const [name, answer] of Object.entries({ dump: manifest, ...answers }))
    await writeFile(join(folder, `${name}.json`), JSON.stringify(answer));
  return folder;
}

const COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';
const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const NO_CERTIFICATES = 'false,N/A,false,N/A';

/** The answer of GetCredentialReport. */
function report(...rows: string[]): { Content: string; ReportFormat: string } {
  return { Content: Buffer.from([COLUMNS, ...rows].join('\n')).toString('base64'), ReportFormat: 'text/csv' };
}

function rootRow(mfa: boolean, key: string): string {
  const made = '2020-01-01T00:00:00+00:00';
  return `<root_account>,${ROOT_ARN},${made},not_supported,2026-01-01T00:00:00+00:00,not_supported,not_supported,${mfa},${key},${NO_KEY},${NO_CERTIFICATES}`;
}

const USED_KEY = 'true,2021-01-01T00:00:00+00:00,2026-10-01T00:00:00+00:00,us-east-1,s3';

describe('the root user', () => {
  it('has keys or no second factor, as the credential report says', async () => {
    const open = await record({ 'credential-report': report(rootRow(false, USED_KEY)) });
    const failures = await failuresInDump(open);
    expect(failures).toEqual(expect.arrayContaining(['aws-root-access-key: root', 'aws-root-without-mfa: root']));
    expect(failures).not.toContain('aws-console-without-mfa: root');
    expect(failures).not.toContain('identity-tier-zero-unused: root');
    const safe = await failuresInDump(await record({ 'credential-report': report(rootRow(true, NO_KEY)) }));
    expect(safe.filter((failure) => failure.startsWith('aws-root'))).toEqual([]);
  });

  it('is known from the summary of the account, which is newer than the report', async () => {
    const summary = (mfa: number, keys: number) => ({
      SummaryMap: { Users: 4, AccountMFAEnabled: mfa, AccountAccessKeysPresent: keys, AccountPasswordPresent: 1 },
    });
    const alone = await failuresInDump(await record({ 'account-summary': summary(0, 1) }));
    expect(alone).toEqual(expect.arrayContaining(['aws-root-access-key: root', 'aws-root-without-mfa: root']));
    const repaired = { 'credential-report': report(rootRow(false, USED_KEY)), 'account-summary': summary(1, 0) };
    const failures = await failuresInDump(await record(repaired));
    expect(failures.filter((failure) => failure.startsWith('aws-root'))).toEqual([]);
    const odd = await failuresInDump(await record({ 'account-summary': { SummaryMap: { Users: 4 } } }));
    expect(odd).toEqual([]);
  });
});

describe('an administrator that nobody uses', () => {
  const details = (name: string) => ({
    UserDetailList: [
      {
        UserName: name,
        Arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
        CreateDate: '2024-01-01T00:00:00+00:00',
        AttachedManagedPolicies: [
          { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        ],
      },
    ],
  });
  const row = (name: string, used: string): string =>
    `${name},arn:aws:iam::${ACCOUNT}:user/${name},2024-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,` +
    `2024-01-01T00:00:00+00:00,${used},N/A,N/A,${NO_KEY},${NO_CERTIFICATES}`;
  const rule = 'identity-tier-zero-unused: deploy';

  it.each([
    ['N/A', true],
    ['2026-03-01T00:00:00+00:00', true],
    ['2026-10-20T00:00:00+00:00', false],
    ['no_information', false],
  ])('with a key whose last use is %s', async (used, isUnused) => {
    const answers = {
      'authorization-details': details('deploy'),
      'credential-report': report(row('deploy', used)),
    };
    expect((await failuresInDump(await record(answers))).includes(rule)).toBe(isUnused);
  });
});

const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;
const VENDOR = 'arn:aws:iam::998877665544:root';

/** A policy as the command line gives it: text in a field. */
function policy(...statements: Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

function allow(Principal: unknown, Action: unknown, Resource: unknown = '*', Condition?: unknown) {
  return { Effect: 'Allow', Principal, Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

const ROLE_DETAILS = {
  RoleDetailList: [
    {
      RoleName: 'app',
      Arn: ROLE,
      CreateDate: '2026-10-01T00:00:00+00:00',
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      RolePolicyList: [],
      AttachedManagedPolicies: [],
    },
  ],
};

const EVERYBODY_READS = { Policy: policy(allow('*', 's3:GetObject', 'arn:aws:s3:::shop-assets/*')) };
const BLOCK = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
};
const OPEN_LIST = {
  Owner: { ID: 'example' },
  Grants: [
    { Grantee: { ID: 'example', Type: 'CanonicalUser' }, Permission: 'FULL_CONTROL' },
    { Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' }, Permission: 'READ' },
  ],
};

function factsOf(identity: Identity | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(identity?.attributes ?? {}).map(([name, { value }]) => [name, value]));
}

describe('policies of resources', () => {
  const events = { Service: 'events.amazonaws.com' };
  const key = '0d5a7b1c-1111-2222-3333-444455556666';
  const queue = `arn:aws:sqs:eu-central-1:${ACCOUNT}:jobs`;
  const topic = `arn:aws:sns:eu-central-1:${ACCOUNT}:alarms`;
  const secret = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:shop/database-EXAMPL`;

  it.each([
    ['bucket-policy-shop-assets', EVERYBODY_READS, 'aws-resource-public: shop-assets'],
    ['bucket-acl-shop-assets', OPEN_LIST, 'aws-resource-public: shop-assets'],
    [
      `key-policy-${key}`,
      { Policy: policy(allow({ AWS: VENDOR }, 'kms:Decrypt')) },
      `aws-resource-foreign-account: ${key}`,
    ],
    [
      'secret-policy-1',
      { ARN: secret, Name: 'shop/database', ResourcePolicy: policy(allow('*', 'secretsmanager:GetSecretValue')) },
      'aws-resource-public: shop/database',
    ],
    [
      'queue-1',
      { Attributes: { QueueArn: queue, Policy: policy(allow(events, 'sqs:SendMessage', queue)) } },
      'aws-resource-service-without-source: jobs',
    ],
    [
      'topic-1',
      {
        Attributes: {
          TopicArn: topic,
          Policy: policy(allow('*', 'sns:*', topic, { StringEquals: { 'aws:SourceAccount': ACCOUNT } })),
        },
      },
      'aws-resource-any-action: alarms',
    ],
    [
      'function-policy-resize',
      { Policy: policy(allow({ Service: 's3.amazonaws.com' }, 'lambda:InvokeFunction')), RevisionId: 'example' },
      'aws-resource-service-without-source: resize',
    ],
    [
      'repository-policy-1',
      {
        registryId: ACCOUNT,
        repositoryName: 'team/shop',
        policyText: policy({ Effect: 'Allow', Principal: { AWS: VENDOR }, Action: 'ecr:BatchGetImage' }),
      },
      'aws-resource-foreign-account: team/shop',
    ],
  ])('in %s are judged', async (file, answer, failure) => {
    expect(await failuresInDump(await record({ [file]: answer }))).toEqual([failure]);
  });

  it('let nobody in where the bucket or the account refuses it', async () => {
    const answers = { 'bucket-policy-shop-assets': EVERYBODY_READS, 'bucket-acl-shop-assets': OPEN_LIST };
    for (const file of ['bucket-access-shop-assets', 'account-access'])
      expect(await failuresInDump(await record({ ...answers, [file]: BLOCK }))).toEqual([]);
    const other = { ...answers, 'bucket-access-other': BLOCK };
    expect(await failuresInDump(await record(other))).toEqual(['aws-resource-public: shop-assets']);
  });

  it('are silent on what is right: the own account, a source, a named role', async () => {
    const root = { AWS: ROOT_ARN };
    const source = { ArnLike: { 'aws:SourceArn': `arn:aws:events:eu-central-1:${ACCOUNT}:rule/x` } };
    const answers = {
      [`key-policy-${key}`]: { Policy: policy(allow(root, 'kms:*')), PolicyName: 'default' },
      'queue-1': { Attributes: { QueueArn: queue, Policy: policy(allow(events, 'sqs:SendMessage', queue, source)) } },
      'queue-2': { Attributes: { QueueArn: `${queue}-plain` } },
      'secret-policy-1': { ARN: secret, Name: 'shop/database' },
      'bucket-policy-logs': { Policy: policy(allow({ AWS: ROLE }, 's3:PutObject', 'arn:aws:s3:::logs/*')) },
    };
    expect(await failuresInDump(await record(answers))).toEqual([]);
    const { identities, edges } = await readDump(await record(answers));
    expect(identities.map(({ id }) => id).sort()).toEqual(
      [`arn:aws:kms:*:${ACCOUNT}:key/${key}#policy`, `${queue}#policy`, 'arn:aws:s3:::logs#policy'].sort(),
    );
    expect(edges).toMatchObject([{ kind: 'trusted-by', toKey: { kind: 'aws-arn', value: ROLE }, reversed: true }]);
  });

  it('give a role of the account what they allow, on the resource alone, without a policy of its own', async () => {
    const roleWith = async (answers: Readonly<Record<string, unknown>>) => {
      const { identities } = await readDump(await record({ 'authorization-details': ROLE_DETAILS, ...answers }));
      return factsOf(identities.find(({ id }) => id === ROLE));
    };
    expect(await roleWith({})).toMatchObject({ privilegeTier: 4 });
    const reads = policy(allow({ AWS: ROLE }, 'secretsmanager:*'));
    const named = await roleWith({ 'secret-policy-1': { ARN: secret, Name: 'shop/database', ResourcePolicy: reads } });
    expect(named).toMatchObject({ privilegeTier: 2, credentialActions: [] });
    expect(named['tierReasons']).toContain(`secretsmanager:GetSecretValue on ${secret} (policy on shop/database)`);
    const deny = { ...allow({ AWS: ROLE }, 's3:*'), Effect: 'Deny' };
    expect(await roleWith({ 'bucket-policy-a': { Policy: policy(deny) } })).toMatchObject({ privilegeTier: 4 });
    const others = policy(allow({ AWS: [ROOT_ARN, '*', `${ROLE}*`] }, 's3:*'));
    expect(await roleWith({ 'bucket-policy-a': { Policy: others } })).toMatchObject({ privilegeTier: 4 });
  });

  it('that cannot be read are gaps, and hide no neighbour', async () => {
    const folder = await record({ 'bucket-policy-a': { Error: 'denied' }, 'bucket-policy-b': EVERYBODY_READS });
    await writeFile(join(folder, 'queue-1.json'), '{');
    const { gaps, identities } = await readDump(folder);
    expect(gaps.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(['bucket-policy-a.json', 'queue-1.json']),
    );
    expect(identities.map(({ name }) => name)).toEqual(['b']);
    const broken = await readDump(await record({ 'bucket-policy-a': { Policy: 'no policy' } }));
    expect(factsOf(broken.identities[0])).toEqual({});
  });

  it('never throw, whatever is in them', async () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((json) => JSON.stringify(json)),
    );
    const fields = ['Policy', 'ResourcePolicy', 'policyText', 'Attributes', 'Grants', 'ARN', 'repositoryName'];
    const answer = fc.dictionary(fc.constantFrom(...fields), value);
    const files = [
      'bucket-policy-a',
      'bucket-acl-a',
      'secret-policy-1',
      'queue-1',
      'function-policy-a',
      'repository-policy-1',
    ];
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...files), answer), async (answers) => {
        await readDump(await record(answers));
      }),
      tries(25),
    );
  });
});

describe('the trust of a role in a service that acts for all customers', () => {
  const roleFor = (service: string, condition?: unknown) => ({
    RoleDetailList: [
      {
        ...ROLE_DETAILS.RoleDetailList[0],
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [allow({ Service: service }, 'sts:AssumeRole', undefined, condition)],
        },
        AttachedManagedPolicies: [
          { PolicyName: 'AmazonS3FullAccess', PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3FullAccess' },
        ],
      },
    ],
  });
  const rule = 'aws-role-service-without-source: app';

  it.each([
    ['glue.amazonaws.com', undefined, true],
    ['glue.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }, false],
    ['glue.amazonaws.com', { ArnLike: { 'aws:SourceArn': `arn:aws:glue:*:${ACCOUNT}:*` } }, false],
    ['glue.amazonaws.com', { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } }, true],
    ['glue.amazonaws.com', { StringLike: { 'aws:SourceArn': '*' } }, true],
    ['ec2.amazonaws.com', undefined, false],
  ])('%s with the condition %j', async (service, condition, isLoose) => {
    const folder = await record({ 'authorization-details': roleFor(service, condition) });
    expect((await failuresInDump(folder)).includes(rule)).toBe(isLoose);
  });
});
