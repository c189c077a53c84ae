import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import aws from '../../src/collectors/aws/index.ts';
import { parseCsv, readReport } from '../../src/collectors/aws/report.ts';
import type { CollectContext, Collected } from '../../src/collectors/contract.ts';
import { UsageError } from '../../src/model/errors.ts';
import type { Gap } from '../../src/model/gap.ts';
import type { Identity, PendingEdge } from '../../src/model/identity.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { readItems } from './read-items.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/company/aws-acme', import.meta.url));
const ACCOUNT = '210987654321';
const arn = (kind: string, name: string): string => `arn:aws:iam::${ACCOUNT}:${kind}/${name}`;
const DUMP = { scheme: 'dump', value: '.', text: 'dump:.' };
const folders: string[] = [];
let acme = '';

/** What the demonstration does with the placeholders, in small: one value per label. */
function keyId(label: string): string {
  const letters = createHash('sha256')
    .update(label)
    .digest('hex')
    .toUpperCase()
    .replace(/[0189]/g, '2');
  return `AK${'IA'}${letters.slice(0, 16)}`;
}

async function makeDump(change: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-aws-'));
  folders.push(folder);
  await cp(FIXTURE, folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(
      join(folder, name),
      text.replace(/%\{([a-z-]+)\|.+?\}%/g, (_, label: string) => keyId(label)),
    );
  }
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) await rm(join(folder, name));
    else await writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  }
  return folder;
}

function context(folder: string): CollectContext {
  return { cwd: folder } as CollectContext;
}

interface Result {
  readonly identities: Map<string, Identity>;
  readonly edges: PendingEdge[];
  readonly gaps: Gap[];
  readonly items: Collected[];
}

async function collect(folder: string): Promise<Result> {
  const result: Result = { identities: new Map(), edges: [], gaps: [], items: [] };
  for await (const item of readItems(aws.collect(context(folder), DUMP))) {
    result.items.push(item);
    if (item.kind === 'identity') result.identities.set(item.identity.id, item.identity);
    else if (item.kind === 'edge') result.edges.push(item.edge);
    else if (item.kind === 'gap') result.gaps.push(item.gap);
  }
  return result;
}

function facts(result: Result, id: string): Record<string, unknown> {
  const identity = result.identities.get(id);
  if (identity === undefined) throw new Error(`no ${id} in ${[...result.identities.keys()].join(', ')}`);
  return Object.fromEntries(Object.entries(identity.attributes).map(([name, { value }]) => [name, value]));
}

function edges(result: Result): string[] {
  return result.edges.map(({ from, kind, toKey, reversed }) =>
    reversed === true ? `${toKey.value} ${kind} ${from}` : `${from} ${kind} ${toKey.value}`,
  );
}

beforeAll(async () => {
  acme = await makeDump();
});

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe('the recording of acme', () => {
  it('knows the forgotten administrator, its key and its owner', async () => {
    const result = await collect(acme);
    expect(result.gaps).toEqual([]);
    expect(facts(result, arn('user', 'deploy-bot'))).toMatchObject({
      createdAt: '2023-06-14T10:20:41.000Z',
      policies: ['AdministratorAccess'],
      privilegeTier: 0,
      escalationActions: ['*'],
      environment: 'production',
      consoleAccess: false,
      mfa: false,
      activeKeys: 1,
      authMethod: 'static_secret',
    });
    const key = `aws:access-key:${keyId('deploy-bot-key')}`;
    expect(facts(result, key)).toEqual({
      authMethod: 'static_secret',
      status: 'active',
      createdAt: '2023-06-14T10:21:07.000Z',
      expiresAt: 'never',
      lastUsedAt: '2026-03-28T07:44:00.000Z',
      neverUsed: false,
    });
    const days = (Date.parse('2026-11-01') - Date.parse('2026-03-28T07:44:00Z')) / 86_400_000;
    expect(days).toBeGreaterThan(200);
    expect(result.identities.get(key)).toMatchObject({
      account: ACCOUNT,
      keys: [{ kind: 'aws-access-key-id', value: keyId('deploy-bot-key') }],
    });
    expect(edges(result)).toEqual(
      expect.arrayContaining([
        `${arn('user', 'deploy-bot')} has-credential ${key}`,
        `person:aws:jordan-lee owns ${arn('user', 'deploy-bot')}`,
        `team:aws:cloud owns ${arn('role', 'release')}`,
      ]),
    );
  });

  it('takes the default version of a policy, and tells two keys of one user apart', async () => {
    const result = await collect(acme);
    expect(facts(result, arn('user', 'backup-writer'))).toMatchObject({
      privilegeTier: 2,
      networkRestricted: true,
      wildcardActions: false,
    });
    expect(facts(result, `aws:access-key:${keyId('metrics-reader-old-key')}`)).toMatchObject({
      status: 'disabled',
      lastUsedAt: '2026-09-15T06:10:00.000Z',
    });
    expect(facts(result, `aws:access-key:${keyId('metrics-reader-key')}`)).toMatchObject({
      status: 'active',
      lastUsedAt: '2026-10-31T23:55:00.000Z',
    });
    expect(facts(result, arn('user', 'metrics-reader'))).toMatchObject({ privilegeTier: 2, activeKeys: 1 });
  });

  it('knows the root account and people', async () => {
    const result = await collect(acme);
    expect(facts(result, `arn:aws:iam::${ACCOUNT}:root`)).toMatchObject({ privilegeTier: 0, mfa: true, activeKeys: 0 });
    expect(facts(result, arn('user', 'alex.kim'))).toMatchObject({
      consoleAccess: true,
      mfa: true,
      authMethod: 'password',
    });
  });

  it('judges the trust of roles', async () => {
    const result = await collect(acme);
    expect(facts(result, arn('role', 'release'))).toMatchObject({
      authMethod: 'federated_oidc',
      oidcSubjectWildcard: true,
      oidcWithoutAudience: false,
      oidcSubjects: ['repo:acme/*'],
      lastUsedAt: '2026-10-30T16:11:45.000Z',
    });
    expect(facts(result, arn('role', 'vendor-monitoring'))).toMatchObject({
      trustsExternalAccounts: ['998877665544'],
      requiresExternalId: true,
      privilegeTier: 2,
    });
    expect(facts(result, arn('role', 'legacy-etl'))).toMatchObject({ neverUsed: true, privilegeTier: 1 });
    expect(edges(result)).toEqual(
      expect.arrayContaining([
        `shop:reporting can-assume ${arn('role', 'reporting')}`,
        `${arn('oidc-provider', 'token.actions.githubusercontent.com')} trusted-by ${arn('role', 'release')}`,
        `998877665544 trusted-by ${arn('role', 'vendor-monitoring')}`,
      ]),
    );
    expect([...result.identities.keys()].join()).not.toContain('AWSServiceRoleForSupport');
  });

  it('knows stored secrets by their metadata', async () => {
    const result = await collect(acme);
    const id = (name: string): string => `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${name}-EXAMPL`;
    expect(facts(result, id('shop/database'))).toMatchObject({ rotation: 'automatic', storage: 'vault' });
    expect(facts(result, id('shop/legacy-smtp'))).toMatchObject({
      rotation: 'none',
      lastUsedAt: '2025-01-10T00:00:00.000Z',
    });
  });
});

describe('incomplete recordings', () => {
  it('says of every missing file what is lost and how to record it', async () => {
    const names = await readdir(acme);
    const nothing = Object.fromEntries(names.filter((name) => name !== 'dump.json').map((name) => [name, undefined]));
    const result = await collect(await makeDump(nothing));
    expect(result.gaps.map((gap) => gap.subject).sort()).toEqual([
      'access-keys.json',
      'authorization-details.json',
      'credential-report.json',
      'oidc-providers.json',
      'secrets.json',
    ]);
    for (const gap of result.gaps)
      expect(gap).toMatchObject({ scope: true, message: expect.stringMatching(/Record it: .*aws /s) });
  });

  it('leaves the last use of a key unknown without the report, and takes the exact one where it was recorded', async () => {
    const id = keyId('deploy-bot-key');
    const without = await collect(await makeDump({ 'credential-report.json': undefined }));
    expect(facts(without, `aws:access-key:${id}`)).not.toHaveProperty('lastUsedAt');
    expect(facts(without, `aws:access-key:${id}`)).not.toHaveProperty('neverUsed');
    const answer = { UserName: 'deploy-bot', AccessKeyLastUsed: { LastUsedDate: '2026-04-01T00:00:00+00:00' } };
    const exact = await collect(await makeDump({ [`last-used-${id}.json`]: answer }));
    expect(facts(exact, `aws:access-key:${id}`)).toMatchObject({ lastUsedAt: '2026-04-01T00:00:00.000Z' });
  });

  it.each(['{', '{}', '{"AccessKeyLastUsed": null}'])(
    'says that the recorded last use of a key is %s',
    async (text) => {
      const name = `last-used-${keyId('deploy-bot-key')}.json`;
      const { gaps } = await collect(await makeDump({ [name]: text }));
      expect(gaps).toMatchObject([{ reason: 'corrupt', subject: name }]);
    },
  );

  it('says "never used" only where the report does', async () => {
    const report = (used: string): unknown => ({
      Content: `user,arn,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date\ndeploy-bot,${arn('user', 'deploy-bot')},true,2023-06-14T10:21:07+00:00,${used}\n`,
    });
    const key = `aws:access-key:${keyId('deploy-bot-key')}`;
    expect(facts(await collect(await makeDump({ 'credential-report.json': report('N/A') })), key)).toMatchObject({
      neverUsed: true,
    });
    const unknown = await collect(await makeDump({ 'credential-report.json': report('no_information') }));
    expect(facts(unknown, key)).not.toHaveProperty('neverUsed');
  });

  it('reads pages, and says when the last one is not the last', async () => {
    const page = { UserDetailList: [{ UserName: 'x', Arn: arn('user', 'x') }], IsTruncated: true };
    const result = await collect(await makeDump({ 'authorization-details-1.json': page }));
    expect(result.identities.has(arn('user', 'x'))).toBe(true);
    expect(result.identities.has(arn('user', 'deploy-bot'))).toBe(true);
    expect(result.gaps).toMatchObject([{ reason: 'limit', subject: 'authorization-details.json' }]);
  });

  it('keeps permissions unknown when a policy was not recorded', async () => {
    const user = {
      UserName: 'x',
      Arn: arn('user', 'x'),
      GroupList: ['missing'],
      AttachedManagedPolicies: [{ PolicyName: 'own', PolicyArn: arn('policy', 'own') }],
    };
    const result = await collect(await makeDump({ 'authorization-details.json': { UserDetailList: [user] } }));
    expect(facts(result, arn('user', 'x'))).toMatchObject({ policies: ['group missing', 'own'] });
    expect(facts(result, arn('user', 'x'))).not.toHaveProperty('privilegeTier');
  });

  it('reads URL-encoded documents as the API gives them', async () => {
    const document = encodeURIComponent(
      JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] }),
    );
    const user = {
      UserName: 'x',
      Arn: arn('user', 'x'),
      UserPolicyList: [{ PolicyName: 'p', PolicyDocument: document }],
    };
    const result = await collect(await makeDump({ 'authorization-details.json': { UserDetailList: [user] } }));
    expect(facts(result, arn('user', 'x'))).toMatchObject({ privilegeTier: 0, wildcardActions: true });
  });

  it('makes a broken file a gap, a wrong manifest an error', async () => {
    const broken = await collect(await makeDump({ 'secrets.json': '{"SecretList": [' }));
    expect(broken.gaps).toMatchObject([{ reason: 'corrupt', subject: 'secrets.json' }]);
    const named = await makeDump({ 'dump.json': { collector: 'aws', version: 1, target: 'acme', recordedAt: 'x' } });
    await expect(collect(named)).rejects.toThrow(/12 digits/);
  });
});

describe('a live account', () => {
  it('is refused with the commands that record it, which doctor lists too', async () => {
    const address = { scheme: 'aws', value: 'prod', text: 'aws:prod' };
    const run = async (): Promise<void> => {
      for await (const _ of aws.collect(context(acme), address)) break;
    };
    await expect(run()).rejects.toThrow(UsageError);
    await expect(run()).rejects.toThrow(/aws iam get-account-authorization-details > authorization-details\.json/);
    expect(aws.permissions.map((permission) => permission.reads).join('\n')).toContain(
      'aws secretsmanager list-secrets',
    );
    expect(aws.permissions.map((permission) => permission.needs).join()).not.toMatch(/(?<!never )GetSecretValue/);
  });
});

describe('CSV', () => {
  it('reads quotes, line ends and empty cells', () => {
    const rows = [['a', 'b'], ['x,"y"', ''], ['z']];
    expect(parseCsv('a,b\r\n"x,""y""",\n\nz')).toEqual({ rows, isTorn: false });
    expect(parseCsv('"open\na,b')).toEqual({ rows: [['open\na,b']], isTorn: true });
    expect(parseCsv('"a"b,c')).toEqual({ rows: [['a', 'c']], isTorn: true });
  });

  it('gives back what was written, and ends on anything', () => {
    const cell = fc.string({ maxLength: 8 });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(rows, (table) => {
        expect(parseCsv(table.map((row) => row.map(quote).join(',')).join('\n'))).toEqual({
          rows: table,
          isTorn: false,
        });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readReport({ Content: `user,arn\n${text}` })));
  });
});

describe('hostile recordings', () => {
  it('never throws on any shape of answer', async () => {
    const folder = await makeDump();
    const shapes = [
      null,
      1,
      'x',
      [],
      {},
      [[]],
      [{ Arn: 1 }],
      { UserDetailList: [{ Arn: arn('user', 'x'), UserName: 'x', Tags: [{ Key: 'owner', Value: '' }] }] },
    ];
    for (const shape of shapes) {
      for (const list of [
        'UserDetailList',
        'RoleDetailList',
        'Policies',
        'GroupDetailList',
        'AccessKeyMetadata',
        'SecretList',
      ]) {
        await writeFile(join(folder, 'authorization-details.json'), JSON.stringify({ [list]: shape }));
        await writeFile(join(folder, 'access-keys-1.json'), JSON.stringify({ [list]: shape }));
        await collect(folder);
      }
    }
  });
});

collectorContract(aws, [
  {
    name: 'the recording of acme',
    context: () => context(acme),
    address: () => ({ scheme: 'dump', value: '.', text: 'dump:.' }),
    identities: 14,
  },
]);
