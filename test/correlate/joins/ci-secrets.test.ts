import { describe, expect, it } from 'vitest';
import ciSecrets from '../../../src/correlate/joins/ci-secrets.ts';
import type { Identity } from '../../../src/model/identity.ts';
import type { Json } from '../../../src/model/json.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf, pendingOf } from '../build.ts';

const CI = '.github/workflows/ci.yml';
const EXPRESSION = ['$', '{{ inputs.target }}'].join('');

function secret(path: string, attributes: Readonly<Record<string, Json>> = {}) {
  return identityOf('actions_secret', `github:secret:${path}`, attributes);
}

function repository(name: string, attributes: Readonly<Record<string, Json>> = {}) {
  return identityOf('repository', `github:repo:${name}`, { visibility: 'private', ...attributes });
}

function job(repositoryName: string, name: string, environment?: string) {
  const attributes = environment === undefined ? {} : { environment };
  return identityOf('workflow_job', `workflow:${repositoryName}:${CI}#${name}`, attributes);
}

function use(repositoryName: string, jobName: string | undefined, name: string) {
  const from = `workflow:${repositoryName}:${CI}${jobName === undefined ? '' : `#${jobName}`}`;
  return pendingOf(from, 'uses', { kind: 'github-secret', value: `${repositoryName}:${name}` });
}

function run(identities: readonly Identity[], uses: ReturnType<typeof use>[], scanned: string[] = []) {
  const input = joinInputOf({ identities, pending: uses, scannedRepositories: new Set(scanned) });
  const { edges, attributes } = ciSecrets.join(input);
  const facts = (id: string) =>
    Object.fromEntries(Object.entries(attributes.get(id) ?? {}).map(([k, v]) => [k, v.value]));
  return { edges: edgeLines(edges).map((line) => line.replaceAll(`:${CI}`, '')), facts };
}

describe('resolution', () => {
  const all = [
    secret('acme:KEY', { visibility: 'all' }),
    secret('acme/app:KEY'),
    secret('acme/app/prod:KEY'),
    secret('acme/other:KEY'),
    repository('acme/app'),
  ];

  it('takes the environment before the repository before the organisation', () => {
    const uses = [use('acme/app', 'deploy', 'KEY'), use('acme/app', 'test', 'KEY'), use('acme/third', 'x', 'KEY')];
    const jobs = [job('acme/app', 'deploy', 'Prod'), job('acme/app', 'test')];
    expect(run([...all, ...jobs], uses).edges).toEqual([
      'workflow:acme/app#deploy uses github:secret:acme/app/prod:KEY (strong)',
      'workflow:acme/app#test uses github:secret:acme/app:KEY (strong)',
      'workflow:acme/third#x uses github:secret:acme:KEY (strong)',
    ]);
  });

  it('names what may be meant where an expression or another job chooses the environment', () => {
    const uses = [use('acme/app', 'any', 'KEY'), use('acme/app', undefined, 'KEY')];
    expect(run([...all, job('acme/app', 'any', EXPRESSION)], uses).edges).toEqual([
      'workflow:acme/app uses github:secret:acme/app/prod:KEY (inferred)',
      'workflow:acme/app uses github:secret:acme/app:KEY (strong)',
      'workflow:acme/app#any uses github:secret:acme/app/prod:KEY (inferred)',
      'workflow:acme/app#any uses github:secret:acme/app:KEY (strong)',
    ]);
  });

  it('falls back to environments for a name that nothing else defines', () => {
    const identities = [
      secret('acme/app/prod:DEPLOY'),
      secret('acme/app/test:DEPLOY'),
      job('acme/app', 'x'),
      job('acme/app', 'y', 'qa'),
    ];
    expect(run(identities, [use('acme/app', 'x', 'DEPLOY'), use('acme/app', 'y', 'DEPLOY')]).edges).toEqual([
      'workflow:acme/app#x uses github:secret:acme/app/prod:DEPLOY (inferred)',
      'workflow:acme/app#x uses github:secret:acme/app/test:DEPLOY (inferred)',
    ]);
  });

  it('compares names without case', () => {
    expect(run(all, [use('Acme/Other', 'x', 'key')]).edges).toEqual([
      'workflow:Acme/Other#x uses github:secret:acme/other:KEY (strong)',
    ]);
  });

  it.each([
    [{ visibility: 'all' }, 'private', 'strong'],
    [{ visibility: 'private' }, 'private', 'strong'],
    [{ visibility: 'private' }, 'public', undefined],
    [{ visibility: 'private' }, null, 'inferred'],
    [{ visibility: 'selected', selectedRepositoryNames: ['acme/App'] }, 'private', 'strong'],
    [{ visibility: 'selected', selectedRepositoryNames: ['acme/x'] }, 'private', undefined],
    [{ visibility: 'selected' }, 'private', 'inferred'],
    [{}, 'private', 'inferred'],
  ] as const)(
    'a secret of the organisation with %j, seen from a %s repository: %s',
    (attributes, visibility, expected) => {
      const node = visibility === null ? [] : [repository('acme/app', { visibility })];
      const { edges } = run([secret('acme:KEY', attributes), ...node], [use('acme/app', 'x', 'KEY')]);
      const line = `workflow:acme/app#x uses github:secret:acme:KEY (${expected})`;
      expect(edges).toEqual(expected === undefined ? [] : [line]);
    },
  );
});

describe('unused', () => {
  const uses = [use('acme/app', 'a', 'USED'), use('acme/app', 'b', 'USED')];

  it('is said only where every repository that can read the secret was read whole', () => {
    const identities = [secret('acme/app:USED'), secret('acme/app:IDLE'), secret('acme/other:IDLE')];
    const { facts } = run(identities, uses, ['acme/app']);
    expect(facts('github:secret:acme/app:USED')).toMatchObject({ consumerCount: 1, unused: false });
    expect(facts('github:secret:acme/app:IDLE')).toEqual({
      consumerCount: 0,
      unused: true,
      readableBy: ['acme/app'],
      usedBy: [],
    });
    expect(facts('github:secret:acme/other:IDLE')).toEqual({});
  });

  it('needs the whole organisation for its secrets', () => {
    const identities = [secret('acme:IDLE', { visibility: 'all' }), repository('acme/app'), repository('acme/other')];
    const idle = 'github:secret:acme:IDLE';
    expect(run(identities, [], ['acme/app']).facts(idle)).toEqual({});
    expect(run(identities, [], ['acme/app', 'acme/other']).facts(idle)).toMatchObject({ unused: true });
    expect(run([secret('acme:IDLE', { visibility: 'selected' })], [], ['acme/app']).facts(idle)).toEqual({});
    expect(run([secret('acme:IDLE', { visibility: 'all' })], [], ['acme/app']).facts(idle)).toEqual({});
  });
});

describe('overExposed', () => {
  const names = ['acme/a', 'acme/b', 'acme/c', 'acme/d'];
  const repositories = names.map((name) => repository(name));
  const id = 'github:secret:acme:KEY';

  it('is a secret that many repositories can read and few use', () => {
    const few = [use('acme/a', 'x', 'KEY'), use('acme/b', 'x', 'KEY')];
    const identities = [secret('acme:KEY', { visibility: 'all' }), ...repositories];
    expect(run(identities, few, names).facts(id)).toMatchObject({ overExposed: true, consumerCount: 2 });
    const more = [...few, use('acme/c', 'x', 'KEY')];
    expect(run(identities, more, names).facts(id)).toMatchObject({ overExposed: false });
    expect(run(identities, few, names.slice(1)).facts(id)).toEqual({});
  });

  it('is not a secret of few selected repositories', () => {
    const attributes = { visibility: 'selected', selectedRepositoryNames: ['acme/a'] };
    const identities = [secret('acme:KEY', attributes), ...repositories];
    expect(run(identities, [use('acme/a', 'x', 'KEY')], names).facts(id)).toMatchObject({ overExposed: false });
  });
});

describe('undefinedSecrets', () => {
  const workflow = (triggers: string[]) => identityOf('workflow', `workflow:acme/app:${CI}`, { triggers });
  const uses = [use('acme/app', 'x', 'KNOWN'), use('acme/app', 'x', 'GONE'), use('acme/app', 'y', 'GITHUB_TOKEN')];
  const id = `workflow:acme/app:${CI}`;

  it('names what no level defines, where all names were read', () => {
    const complete = repository('acme/app', { secretsComplete: true });
    const identities = [complete, workflow(['push']), secret('acme/app:KNOWN')];
    expect(run(identities, uses).facts(id)).toEqual({
      undefinedSecrets: ['GONE'],
      secretLists: ['test of acme/app'],
    });
    expect(run(identities, uses.slice(0, 1)).facts(id)).toMatchObject({ undefinedSecrets: [] });
  });

  it('says nothing where names are missing, or the caller gives the secrets', () => {
    expect(run([repository('acme/app'), workflow(['push'])], uses).facts(id)).toEqual({});
    const complete = repository('acme/app', { secretsComplete: true });
    expect(run([complete, workflow(['workflow_call'])], uses).facts(id)).toEqual({});
  });
});

joinContract(
  ciSecrets,
  joinInputOf({
    identities: [
      secret('acme/app:KEY'),
      secret('acme:KEY', { visibility: 'all' }),
      repository('acme/app'),
      job('acme/app', 'test'),
    ],
    pending: [use('acme/app', 'test', 'KEY'), use('acme/app', undefined, 'OTHER')],
    scannedRepositories: new Set(['acme/app']),
  }),
);
