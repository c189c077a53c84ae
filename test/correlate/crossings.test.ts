import { describe, expect, it } from 'vitest';
import type { SecretGroup } from '../../src/correlate/correlate.ts';
import type { Crossed, CrossingInput } from '../../src/correlate/crossings/contract.ts';
import { findCrossings } from '../../src/correlate/crossings/crossings.ts';
import { addDeclaredDates } from '../../src/correlate/crossings/dates.ts';
import type { Edge, EdgeConfidence, EdgeKind, Evidence, Identity } from '../../src/model/identity.ts';
import type { Location } from '../../src/model/location.ts';
import { itRarely } from '../it-rarely.ts';
import { identityOf, NOW, place } from './build.ts';

type Input = Omit<CrossingInput, 'byId'>;

function run(changes: Partial<Input>): Crossed {
  return findCrossings({ identities: [], edges: [], opened: [], declared: new Map(), now: NOW, ...changes });
}

function edge(from: string, kind: EdgeKind, to: string, confidence: EdgeConfidence = 'proven'): Edge {
  return { from, kind, to, confidence, evidence: [] };
}

function at(path: string, line: number, changes: Partial<Location> = {}): Evidence {
  return { collector: 'test', source: path, location: place(path, line, changes) };
}

/** A found secret at some places, which opens a node. */
function opened(node: Identity, locations: readonly Location[], changes: Partial<SecretGroup> = {}) {
  const repositories = [...new Set(locations.map(({ repository = '' }) => repository))];
  const group = { fingerprint: 'f1', locations, repositories, environments: [], ...changes };
  return { group: group as unknown as SecretGroup, nodes: [node] };
}

const KEY = identityOf('api_key', 'credential:f1');

describe('one value in several places', () => {
  it('names a place of each environment and of each repository', () => {
    const places = [place('prod.env', 1), place('test.env', 2), place('a.env', 3, { repository: 'acme/b' })];
    const secret = opened(KEY, places, { environments: ['production', 'test'] });
    expect(run({ identities: [KEY], opened: [secret] }).get(KEY.id)).toEqual({
      environmentPlaces: ['production: prod.env:1 of acme/app', 'test: test.env:2 of acme/app'],
      repositoryCount: 2,
      repositoryPlaces: ['prod.env:1 of acme/app', 'a.env:3 of acme/b'],
    });
  });

  it('tells a vault and the plain text beside it', () => {
    const vault = identityOf('aws_secret', 'vault', {}, [], [at('main.tf', 4)]);
    const secret = opened(KEY, [place('main.tf', 4), place('a.env', 1)]);
    const facts = run({ identities: [KEY, vault], opened: [secret] }).get(KEY.id);
    expect(facts).toMatchObject({
      vaultedIn: 'aws secret vault (main.tf:4 of acme/app)',
      openIn: ['a.env:1 of acme/app'],
    });
    const other = opened(KEY, [place('main.tf', 9), place('a.env', 1)]);
    expect(run({ identities: [KEY, vault], opened: [other] }).get(KEY.id)?.['openIn']).toBeUndefined();
  });
});

describe('ways to an administrator', () => {
  const admin = identityOf('iam_role', 'admin', { privilegeTier: 0 }, [], [at('main.tf', 1)]);
  const pod = identityOf('k8s_workload', 'pod');
  const account = identityOf('k8s_service_account', 'account');
  const nodes = [admin, pod, account];

  it('are told node by node', () => {
    const edges = [edge('pod', 'uses', 'account'), edge('account', 'can-assume', 'admin')];
    const facts = run({ identities: nodes, edges });
    expect(facts.get('pod')).toEqual({
      tierZeroPath: ['k8s service account account (test)', 'iam role admin (main.tf:1 of acme/app)'].map((text) =>
        text.replace('(test)', '(unknown place)'),
      ),
      tierZeroTarget: 'admin',
    });
    expect(facts.get('account')?.['tierZeroTarget']).toBe('admin');
    expect(facts.get('admin')).toBeUndefined();
  });

  it('need more than a name, and end in a cycle', () => {
    const guess = [edge('pod', 'uses', 'account', 'inferred'), edge('account', 'can-assume', 'admin')];
    expect(run({ identities: nodes, edges: guess }).get('pod')).toBeUndefined();
    const cycle = [edge('pod', 'uses', 'account'), edge('account', 'can-assume', 'pod')];
    expect(run({ identities: nodes, edges: cycle }).size).toBe(0);
  });

  it('lead through a secret that a tool server holds to whose it is', () => {
    const agent = identityOf('ai_agent', 'agent');
    const server = identityOf('mcp_server', 'server');
    const bot = identityOf('machine_user', 'bot', { privilegeTier: 1 });
    const edges = [
      edge('agent', 'uses-tool', 'server'),
      edge('server', 'holds', 'secret:f1', 'inferred'),
      edge('secret:f1', 'authenticates', KEY.id),
      edge('bot', 'has-credential', KEY.id),
    ];
    expect(run({ identities: [agent, server, bot, KEY], edges }).get('agent')?.['powerTarget']).toBe('bot');
  });

  itRarely('are searched once for a hundred thousand edges', () => {
    const many = Array.from({ length: 50_000 }, (_, index) => identityOf('k8s_workload', `pod-${index}`));
    const edges = many.flatMap(({ id }, index) => [
      edge(id, 'uses', 'account'),
      edge(id, 'uses', `pod-${(index * 7) % 50_000}`),
    ]);
    const start = performance.now();
    const facts = run({ identities: [...nodes, ...many], edges: [...edges, edge('account', 'can-assume', 'admin')] });
    expect(facts.size).toBe(50_001);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('who knows a credential', () => {
  const gone = identityOf('person', 'person:github:sam-low', { status: 'gone' });
  const written = place('a.env', 1, { author: 'Sam Low', date: '2026-01-02T00:00:00.000Z' });

  it('is somebody who left and wrote it, unless it is younger', () => {
    const facts = run({ identities: [gone, KEY], opened: [opened(KEY, [written])] }).get(KEY.id);
    expect(facts?.['knownByLeavers']).toEqual([
      expect.stringContaining('who wrote a.env:1 of acme/app on 2026-01-02 and is gone'),
    ]);
    const young = identityOf('api_key', 'credential:f1', { createdAt: '2026-03-01T00:00:00.000Z' });
    expect(run({ identities: [gone, young], opened: [opened(young, [written])] }).get(young.id)).toBeUndefined();
  });

  it('is a machine that holds the credential of a person', () => {
    const token = identityOf('pat_classic', 'token');
    const job = identityOf('workflow_job', 'job', {}, [], [at('ci.yml', 7)]);
    const owner = identityOf('person', 'person:github:kim', { status: 'active' });
    const edges = [edge('job', 'holds', 'secret:f1'), edge(owner.id, 'owns', 'token')];
    const facts = run({ identities: [token, job, owner], edges, opened: [opened(token, [written])] }).get('token');
    expect(facts).toEqual({
      personalOf: 'kim (unknown place)',
      heldByMachines: ['workflow job job (ci.yml:7 of acme/app)'],
    });
  });
});

describe('two credentials of one identity', () => {
  const key = (id: string, createdAt?: string) =>
    identityOf('gcp_sa_key', id, createdAt === undefined ? {} : { createdAt });
  const owner = identityOf('gcp_service_account', 'owner');
  const edges = [edge('owner', 'has-credential', 'a'), edge('owner', 'has-credential', 'b')];

  it('exist together since the younger one', () => {
    const identities = [owner, key('a', '2026-01-01T00:00:00Z'), key('b', '2026-03-01T00:00:00Z')];
    expect(run({ identities, edges }).get('owner')?.['parallelSince']).toBe('2026-03-01T00:00:00Z');
  });

  it('for a time that is not known where a date is missing', () => {
    const facts = run({ identities: [owner, key('a', '2026-01-01T00:00:00Z'), key('b')], edges }).get('owner');
    expect(Object.keys(facts ?? {})).toEqual(['parallelCredentials']);
  });
});

describe('code and account', () => {
  const live = { ...identityOf('iam_user', 'arn:bot', {}, [], [at('main.tf', 1)]), account: '1' };
  const other = { ...identityOf('iam_user', 'arn:other', {}, [], [{ collector: 'aws', source: 'iam' }]), account: '1' };
  const lost = identityOf('iam_user', 'terraform:acme/app:infra/aws_iam_user.lost');
  const declared = new Map([['terraform:acme/app:infra/aws_iam_user.bot', live.id]]);

  it('are compared where they belong together', () => {
    const facts = run({ identities: [live, other, lost], declared });
    expect(Object.keys(facts.get(other.id) ?? {})).toEqual(['undeclaredBeside']);
    expect(Object.keys(facts.get(lost.id) ?? {})).toEqual(['declaredOnly']);
    expect(facts.get(live.id)).toBeUndefined();
    expect(run({ identities: [live, other, lost] }).size).toBe(0);
  });

  it('are not compared beyond the folder of the code', () => {
    const far = identityOf('iam_user', 'terraform:acme/app:else/aws_iam_user.lost');
    expect(run({ identities: [live, far], declared }).get(far.id)).toBeUndefined();
  });
});

describe('what a catalogue calls deprecated', () => {
  it('counts for the folder of the entry, and what belongs to the repository', () => {
    const owners = identityOf('codeowners', 'codeowners:acme/app', {
      deprecatedEntries: ['old/catalog-info.yaml:6'],
    });
    const inside = identityOf('iam_user', 'inside', {}, [], [at('old/deep/main.tf', 1)]);
    const outside = identityOf('iam_user', 'outside', {}, [], [at('new/main.tf', 1)]);
    const facts = run({ identities: [owners, inside, outside] });
    expect(facts.get('inside')).toEqual({ deprecatedBy: ['old/catalog-info.yaml:6 of acme/app'] });
    expect(facts.get('outside')).toBeUndefined();
  });
});

describe('what an identity is for', () => {
  const grants = (permission: string) => [{ permission, resource: '*', tier: 1 as const, source: 'policy' }];

  it.each([
    ['metrics-reader', 'monitoring', 's3:DeleteObject', ['s3:DeleteObject on * (policy)']],
    ['shop/reporting', 'reporting', '* *', ['* * on * (policy)']],
    ['audit', 'auditing', 'roles/owner', ['roles/owner on * (policy)']],
    ['metrics-reader', 'monitoring', 'logs:GetLogEvents', []],
    ['deploy-bot', 'deployment', 's3:DeleteObject', []],
  ])('%s: %s, may %s', (name, purpose, permission, against) => {
    const identity = { ...identityOf('iam_role', 'role'), name, grants: grants(permission) };
    expect(run({ identities: [identity] }).get('role')).toEqual({ purpose, grantsAgainstPurpose: against });
  });

  it('is not guessed', () => {
    const identity = { ...identityOf('iam_role', 'role'), name: 'billing', grants: grants('*') };
    expect(run({ identities: [identity] }).size).toBe(0);
  });
});

describe('who can read a secret', () => {
  it('is compared with who uses it', () => {
    const organisation = identityOf('organisation', 'org', { defaultRepositoryPermission: 'write' });
    const edges = [
      edge('org', 'can-read', 'secret:f1', 'strong'),
      edge('ada', 'member-of', 'org'),
      edge('bob', 'member-of', 'org'),
      edge('job', 'holds', 'secret:f1'),
    ];
    const facts = run({ identities: [organisation, KEY], edges, opened: [opened(KEY, [place('a.env', 1)])] });
    expect(facts.get(KEY.id)).toEqual({
      readers: ['2 members of org (base permission write)'],
      userCount: 1,
      readersBeyondUse: 1,
    });
  });
});

describe('when a declared identity existed', () => {
  it('is the day of the commit, unless a source knows', () => {
    const dated = { date: '2026-01-05T00:00:00.000Z' };
    const declared = identityOf('iam_role', 'a', {}, [], [at('main.tf', 1, dated)]);
    const listed = identityOf('iam_role', 'b', { createdAt: '2020-01-01T00:00:00Z' }, [], [at('main.tf', 1, dated)]);
    const found = identityOf('api_key', 'c', {}, [], [{ ...at('a.env', 1, dated), source: 'rule acme-token' }]);
    const dates = addDeclaredDates([declared, listed, found]).map(({ attributes }) => attributes['createdAt']?.value);
    expect(dates).toEqual(['2026-01-05T00:00:00.000Z', '2020-01-01T00:00:00Z', undefined]);
  });
});
