import { describe, expect, it } from 'vitest';
import { correlate } from '../../src/correlate/correlate.ts';
import {
  edgeLines,
  FINGERPRINT_KEY,
  factsOf,
  identityOf,
  inputOf,
  KEY_ID,
  matchOf,
  pendingOf,
  place,
} from './build.ts';

const SSH = { kind: 'ssh-fingerprint', value: 'SHA256:abc' };
const KEY = { kind: 'aws-access-key-id', value: KEY_ID };
const USER_ARN = 'arn:aws:iam::123456789012:user/deploy';

describe('groups', () => {
  it('makes one group per secret, with its places sorted and deduplicated', () => {
    const here = place('b.env', 3);
    const { groups } = correlate(
      inputOf({
        matches: [
          matchOf('acme-token', 'value-one', here),
          matchOf('acme-token', 'value-one', { ...here, collector: 'git' }),
          matchOf('acme-token', 'value-one', place('a.env', 9)),
          matchOf('acme-token', 'value-two', place('a.env', 10)),
        ],
      }),
    );
    expect(groups).toHaveLength(2);
    const one = groups.find((group) => group.locations.length === 2);
    expect(one?.locations.map((where) => where.path)).toEqual(['a.env', 'b.env']);
    expect(one?.fingerprint).toBe(one?.secret.fingerprint(FINGERPRINT_KEY));
    expect(one?.matches).toHaveLength(3);
  });

  it('names the rule that says most: the provider, then confidence, then the longer match', () => {
    const where = place('a.env', 1);
    const generic = matchOf('generic-password', 'value-one', where, { confidence: 'high', facts: { a: 1, b: 1 } });
    const provider = matchOf('acme-token', 'value-one', place('b.env', 1), { facts: { b: 2 }, parts: { host: 'h' } });
    const { groups } = correlate(inputOf({ matches: [generic, provider] }));
    expect(groups[0]).toMatchObject({ alsoMatched: ['generic-password'], facts: { a: 1, b: 2 }, parts: { host: 'h' } });
    expect(groups[0]?.rule.id).toBe('acme-token');
    const lower = correlate(inputOf({ matches: [generic, { ...provider, confidence: 'medium' }] })).groups[0];
    expect(lower?.rule.id).toBe('acme-token');
  });

  it("believes a provider's rule that a value is a placeholder, whatever a variable's name suggests", () => {
    const where = place('a.env', 1);
    const generic = matchOf('generic-password', 'value-one', where);
    const provider = matchOf('acme-token', 'value-one', where, { grade: 'placeholder', confidence: 'low' });
    const { groups } = correlate(inputOf({ matches: [generic, provider] }));
    expect(groups[0]).toMatchObject({ grade: 'placeholder', alsoMatched: ['generic-password'] });
    expect(groups[0]?.rule.id).toBe('acme-token');
  });

  it('takes a weaker match inside a stronger one for a part of it, not for a second secret', () => {
    const outer = { ...place('a.env', 1), endColumn: 80 };
    const inner = { ...place('a.env', 1), startColumn: 20, endColumn: 30 };
    const strong = matchOf('acme-token', 'scheme://user:password@host', outer);
    const weak = matchOf('generic-password', 'password', inner);
    const { groups } = correlate(inputOf({ matches: [weak, strong] }));
    expect(groups).toHaveLength(1);
    expect(groups[0]?.alsoMatched).toEqual(['generic-password']);
    expect(groups[0]?.matches).toEqual([strong]);
  });

  it('keeps what lies beside a stronger match in a text that is dropped for that one', () => {
    const at = (startColumn: number, endColumn: number) => ({ ...place('a.env', 1), startColumn, endColumn });
    const whole = matchOf('generic-password', 'first=token&second=password', at(1, 80));
    const strong = matchOf('acme-token', 'token', at(10, 30));
    const weak = matchOf('generic-password', 'password', at(40, 60));
    const { groups } = correlate(inputOf({ matches: [whole, weak, strong] }));
    expect(groups.flatMap(({ matches }) => matches)).toEqual(expect.arrayContaining([strong, weak]));
    expect(groups.map(({ alsoMatched }) => alsoMatched)).toEqual(expect.arrayContaining([['generic-password'], []]));
    expect(groups).toHaveLength(2);
  });

  it('keeps a real secret beside a placeholder that surrounds it, and two values decoded from one span', () => {
    const outer = { ...place('a.env', 1), endColumn: 80 };
    const inner = { ...place('a.env', 1), startColumn: 20, endColumn: 30 };
    const placeholder = matchOf('acme-token', 'outer-value', outer, { grade: 'placeholder' });
    const real = matchOf('generic-password', 'inner-value', inner);
    expect(correlate(inputOf({ matches: [placeholder, real] })).groups).toHaveLength(2);
    const decoded = { ...outer, decoded: ['base64'] };
    const both = [matchOf('acme-token', 'first', decoded), matchOf('generic-password', 'second', decoded)];
    expect(correlate(inputOf({ matches: both })).groups).toHaveLength(2);
  });

  it('sums up the places: exposure, first date, repositories and environments', () => {
    const { groups } = correlate(
      inputOf({
        identities: [identityOf('repository', 'github:repo:acme/app', { visibility: 'internal' })],
        matches: [
          matchOf('acme-token', 'value', place('config/prod.yml', 1, { date: '2026-03-01T00:00:00Z' })),
          matchOf('acme-token', 'value', place('test/fixtures/x', 1, { date: '2025-12-31T23:00:00Z' })),
          matchOf('acme-token', 'value', place('x', 1, { repository: 'acme/other', exposure: 'private' })),
        ],
      }),
    );
    expect(groups[0]).toMatchObject({
      exposure: 'organisation',
      exposedAt: '2025-12-31T23:00:00Z',
      places: 3,
      environments: ['production', 'test'],
      facts: { environments: ['production', 'test'] },
    });
  });

  it('refuses a match of a rule that is not loaded', () => {
    expect(() => correlate(inputOf({ matches: [matchOf('no-such-rule', 'v', place('a', 1))] }))).toThrow(
      /no-such-rule/,
    );
  });
});

describe('secrets and identities', () => {
  const user = identityOf('iam_user', USER_ARN, { privilegeTier: 0, createdAt: '2020-01-01T00:00:00Z' }, [
    { kind: 'aws-arn', value: USER_ARN },
  ]);
  const accessKey = identityOf('access_key', `aws:access-key:${KEY_ID}`, { createdAt: '2025-01-01T00:00:00Z' }, [KEY]);
  const has = pendingOf(USER_ARN, 'has-credential', KEY);

  it('opens the principal behind a key, by id, without using the secret', () => {
    const leak = matchOf('aws-secret-access-key', 'value', place('a.env', 2, { date: '2026-02-01T00:00:00Z' }), {
      keys: [KEY],
    });
    const { groups, identities, edges } = correlate(
      inputOf({ identities: [user, accessKey], pending: [has], matches: [leak] }),
    );
    const node = `secret:${groups[0]?.fingerprint}`;
    expect(groups[0]).toMatchObject({
      identityId: USER_ARN,
      credentialId: accessKey.id,
      identityConfidence: 'proven',
    });
    expect(edgeLines(edges)).toEqual([
      `${USER_ARN} has-credential ${accessKey.id} (proven)`,
      `${node} authenticates ${accessKey.id} (proven)`,
    ]);
    const facts = new Map(identities.map((identity) => [identity.id, factsOf(identity)]));
    expect(facts.get(accessKey.id)).toMatchObject({
      leaked: true,
      exposedAt: '2026-02-01T00:00:00Z',
      rotatedSinceExposure: false,
    });
    expect(facts.get(accessKey.id)).toMatchObject({ privilegeTier: 0 });
    expect(facts.get(user.id)).toMatchObject({ leaked: true });
    expect(facts.get(user.id)).not.toHaveProperty('rotatedSinceExposure');
  });

  it('knows a credential that is younger than its exposure', () => {
    const young = identityOf('deploy_key', 'github:deploy-key:acme/app:1', { createdAt: '2026-03-01T00:00:00Z' }, [
      SSH,
    ]);
    const leak = matchOf('private-key', 'value', place('id', 1, { date: '2026-02-01T00:00:00Z' }), { keys: [SSH] });
    const { identities } = correlate(inputOf({ identities: [young], matches: [leak] }));
    expect(factsOf(identities[0])).toMatchObject({ leaked: true, rotatedSinceExposure: true });
  });

  it('takes an identifier of the same provider nearby for a hint, and marks nobody as leaked for it', () => {
    const id = matchOf('aws-access-key-id', KEY_ID, place('a.env', 1), { keys: [KEY] });
    const secret = matchOf('aws-secret-access-key', 'value', place('a.env', 2));
    const far = matchOf('aws-secret-access-key', 'far-value', place('a.env', 20));
    const other = matchOf('acme-token', 'other-value', place('a.env', 3));
    const { groups, identities, edges } = correlate(
      inputOf({ identities: [user, accessKey], pending: [has], matches: [id, secret, far, other] }),
    );
    expect(groups).toHaveLength(3);
    const joined = groups.filter((group) => group.identityId !== `credential:${group.fingerprint}`);
    expect(joined).toHaveLength(1);
    expect(joined[0]).toMatchObject({
      identityId: USER_ARN,
      identityConfidence: 'inferred',
      parts: { 'aws-access-key-id': KEY_ID },
    });
    const opening = edges.filter((edge) => edge.kind === 'authenticates' && !edge.to.startsWith('credential:'));
    expect(opening).toHaveLength(1);
    const leaked = identities.filter((identity) => 'leaked' in identity.attributes);
    expect(leaked.every((identity) => identity.id.startsWith('credential:'))).toBe(true);
  });

  it('prefers the identifier above a secret to the one below it', () => {
    const second = { kind: 'aws-access-key-id', value: `${KEY_ID.slice(0, -1)}2` };
    const above = matchOf('aws-access-key-id', KEY_ID, place('a.env', 1), { keys: [KEY] });
    const secret = matchOf('aws-secret-access-key', 'value', place('a.env', 2));
    const below = matchOf('aws-access-key-id', second.value, place('a.env', 3), { keys: [second] });
    const { groups } = correlate(inputOf({ matches: [below, secret, above] }));
    expect(groups[0]?.nearbyKeys).toEqual([KEY]);
  });

  it('never makes a finding of an identifier, but notes where the identity is named', () => {
    const repository = identityOf('repository', 'github:repo:acme/app');
    const id = matchOf('aws-access-key-id', KEY_ID, place('main.tf', 7), { keys: [KEY] });
    const { groups, identities, edges } = correlate(inputOf({ identities: [accessKey, repository], matches: [id] }));
    expect(groups).toEqual([]);
    expect(edgeLines(edges)).toEqual([`github:repo:acme/app uses ${accessKey.id} (inferred)`]);
    const noted = identities.find((identity) => identity.id === accessKey.id);
    expect(noted?.evidence).toMatchObject([
      { source: 'rule aws-access-key-id', location: { path: 'main.tf', startLine: 7 } },
    ]);
    expect(noted?.attributes).not.toHaveProperty('consumerCount');
  });

  it('opens nothing with a placeholder, or by a key that only tells the account', () => {
    const account = { kind: 'aws-account-id', value: '123456789012' };
    const role = identityOf('iam_role', 'arn:aws:iam::123456789012:role/x', {}, [account, KEY]);
    const context = matchOf('aws-secret-access-key', 'value', place('a', 1), { keys: [account] });
    const placeholder = matchOf('aws-secret-access-key', 'other', place('b', 1), { keys: [KEY], grade: 'placeholder' });
    const { groups, edges } = correlate(inputOf({ identities: [role], matches: [context, placeholder] }));
    const [own] = groups.filter((group) => group.grade === 'secret').map((group) => `credential:${group.fingerprint}`);
    expect(groups.map((group) => group.identityId).sort()).toEqual([own, undefined]);
    expect(edges.map(({ kind, to }) => [kind, to])).toEqual([['authenticates', own]]);
  });

  it('trusts a key less when several identities have it, and takes the most powerful of the equally sure', () => {
    const key = { kind: 'database-role', value: 'app@db' };
    const weak = identityOf('database_role', 'db:a', { privilegeTier: 3 }, [key]);
    const strong = identityOf('database_role', 'db:b', { privilegeTier: 1 }, [key]);
    const leak = matchOf('acme-token', 'value', place('a', 1), { keys: [key] });
    const one = correlate(inputOf({ identities: [weak], matches: [leak] })).groups[0];
    expect(one?.identityConfidence).toBe('strong');
    const two = correlate(inputOf({ identities: [weak, strong], matches: [leak] })).groups[0];
    expect(two).toMatchObject({ identityConfidence: 'inferred', identityId: 'db:b' });
  });

  it('names the widest place of a leak, beside what the collector says of the place it is meant for', () => {
    const key = identityOf('deploy_key', 'github:deploy-key:acme/app:1', { exposure: 'private' }, [SSH]);
    const leak = (path: string, exposure: 'public' | 'organisation') =>
      matchOf('private-key', path, place(path, 1, { exposure }), { keys: [SSH] });
    const matches = [leak('a', 'organisation'), leak('b', 'public')];
    const { identities } = correlate(inputOf({ identities: [key], matches }));
    expect(factsOf(identities[0])).toMatchObject({ exposure: 'private', leakExposure: 'public' });
  });

  it('follows holders in a circle no further than it must', () => {
    const a = identityOf('iam_user', 'a', {}, [{ kind: 'aws-arn', value: 'a' }, KEY]);
    const b = identityOf('iam_user', 'b', {}, [{ kind: 'aws-arn', value: 'b' }]);
    const pending = [
      pendingOf('a', 'has-credential', { kind: 'aws-arn', value: 'b' }),
      pendingOf('b', 'has-credential', { kind: 'aws-arn', value: 'a' }),
    ];
    const leak = matchOf('aws-secret-access-key', 'value', place('a', 1), { keys: [KEY] });
    expect(correlate(inputOf({ identities: [a, b], pending, matches: [leak] })).groups[0]?.identityId).toBe('b');
  });
});

describe('identities and edges', () => {
  it('merges what several sources say of one identity; exact beats approximate', () => {
    const first = identityOf('deploy_key', 'k', { a: 1 }, [SSH]);
    const attribute = (value: string, precision: 'exact' | 'approximate', source: string) => ({
      value,
      precision,
      source,
    });
    const rough = { ...first, attributes: { lastUsedAt: attribute('2026-01-02', 'approximate', 'a report') } };
    const sharp = { ...first, keys: [], attributes: { lastUsedAt: attribute('2026-01-01', 'exact', 'the API') } };
    const { identities } = correlate(inputOf({ identities: [rough, sharp, first], joins: [] }));
    expect(identities).toHaveLength(1);
    expect(factsOf(identities[0])).toEqual({ a: 1, lastUsedAt: '2026-01-01' });
    expect(identities[0]?.keys).toEqual([SSH]);
  });

  it('resolves pending edges in both directions, by key and by id, and drops what leads nowhere', () => {
    const role = identityOf('iam_role', 'role', {}, [{ kind: 'aws-arn', value: 'arn:role' }]);
    const repository = identityOf('repository', 'github:repo:Acme/App');
    const pending = [
      pendingOf('user', 'can-assume', { kind: 'aws-arn', value: 'arn:role' }),
      pendingOf('role', 'trusted-by', { kind: 'repository', value: 'acme/app' }, true),
      pendingOf('user', 'uses', { kind: 'identity', value: 'role' }),
      pendingOf('user', 'uses', { kind: 'aws-arn', value: 'arn:elsewhere' }),
      pendingOf('role', 'uses', { kind: 'identity', value: 'role' }),
    ];
    const { edges } = correlate(inputOf({ identities: [role, repository], pending }));
    expect(edgeLines(edges)).toEqual([
      'github:repo:Acme/App trusted-by role (proven)',
      'user can-assume role (proven)',
      'user uses role (proven)',
    ]);
  });

  it('keeps one edge per relation, the surest, with all evidence', () => {
    const role = identityOf('iam_role', 'role', {}, [
      { kind: 'aws-arn', value: 'arn:role' },
      { kind: 'nickname', value: 'role' },
    ]);
    const evidence = (source: string) => [{ collector: 'test', source }];
    const pending = [
      { ...pendingOf('user', 'uses', { kind: 'nickname', value: 'role' }), evidence: evidence('b') },
      { ...pendingOf('user', 'uses', { kind: 'aws-arn', value: 'arn:role' }), evidence: evidence('a') },
    ];
    const { edges } = correlate(inputOf({ identities: [role], pending }));
    expect(edges).toEqual([
      { from: 'user', kind: 'uses', to: 'role', confidence: 'proven', evidence: [...evidence('a'), ...evidence('b')] },
    ]);
  });

  it('counts consumers, jobs of one workflow as one', () => {
    const role = identityOf('iam_role', 'role', {}, [{ kind: 'aws-arn', value: 'arn:role' }]);
    const toKey = { kind: 'aws-arn', value: 'arn:role' };
    const from = ['workflow:acme/app:ci.yml#a', 'workflow:acme/app:ci.yml#b', 'workflow:acme/app:ci.yml', 'host:x'];
    const { identities } = correlate(
      inputOf({ identities: [role], pending: from.map((id) => pendingOf(id, 'uses', toKey)) }),
    );
    expect(factsOf(identities[0])).toMatchObject({ consumerCount: 2 });
  });
});

describe('owners', () => {
  const rules = [
    { pattern: '*', owners: ['@acme/platform'], source: 'CODEOWNERS' },
    { pattern: '/infra/', owners: ['@kim'], source: 'CODEOWNERS' },
  ];
  const codeowners = identityOf('codeowners', 'codeowners:acme/app', { rules });
  const kim = identityOf('person', 'person:github:kim', { status: 'gone' });

  it('names code owners, then authors, then who is behind the identity', () => {
    const key = identityOf('deploy_key', 'key', { addedBy: 'sam' }, [SSH]);
    const where = place('infra/id', 1, { author: 'Lee', date: '2026-01-01T00:00:00Z' });
    const { groups } = correlate(
      inputOf({
        identities: [codeowners, kim, key],
        matches: [matchOf('private-key', 'value', where, { keys: [SSH] })],
      }),
    );
    expect(groups[0]?.owners).toEqual([
      { name: 'kim', kind: 'person', how: 'CODEOWNERS', state: 'gone' },
      { name: 'Lee', kind: 'person', how: 'git author', state: 'unknown' },
      { name: 'sam', kind: 'person', how: 'added it', state: 'unknown' },
    ]);
  });

  it('says of an identity whether anybody answers for it', () => {
    const at = (path: string) => [{ collector: 'files', source: path, location: place(path, 1) }];
    const state = (path: string, attributes = {}, owners = rules) => {
      const role = identityOf('iam_role', 'role', attributes, [], at(path));
      const node = identityOf('codeowners', 'codeowners:acme/app', { rules: owners });
      const { identities } = correlate(inputOf({ identities: [node, kim, role] }));
      return factsOf(identities.find((identity) => identity.id === 'role'))['ownerState'];
    };
    expect(state('src/main.tf')).toBe('active');
    expect(state('infra/main.tf')).toBe('gone');
    expect(state('src/main.tf', {}, rules.slice(1))).toBe('none');
    expect(state('src/main.tf', {}, [])).toBeUndefined();
    expect(state('src/main.tf', { createdBy: 'kim' }, [])).toBe('gone');
    expect(state('src/main.tf', { createdBy: 'stranger' }, [])).toBeUndefined();
    expect(state('infra/main.tf', { ownerState: 'active' })).toBe('active');
  });

  it('takes what one system knows of a person for a namesake of whom another knows nothing', () => {
    const role = identityOf('iam_role', 'role');
    const tagged = identityOf('person', 'person:aws:kim');
    const pending = [pendingOf('role', 'owns', { kind: 'identity', value: 'person:aws:kim' }, true)];
    const state = (...people: (typeof kim)[]) => {
      const { owners } = correlate(inputOf({ identities: [role, tagged, ...people], pending }));
      return owners.get('role')?.map((owner) => owner.state);
    };
    expect(state(kim)).toEqual(['gone']);
    expect(state(kim, identityOf('person', 'person:okta:kim', { status: 'active' }))).toEqual(['unknown']);
    expect(state()).toEqual(['unknown']);
  });

  it('reads owner edges', () => {
    const role = identityOf('iam_role', 'role', {}, []);
    const team = identityOf('team', 'team:aws:data');
    const pending = [pendingOf('role', 'owns', { kind: 'identity', value: 'team:aws:data' }, true)];
    const { identities } = correlate(inputOf({ identities: [role, team], pending }));
    expect(factsOf(identities.find((identity) => identity.id === 'role'))).toMatchObject({ ownerState: 'active' });
  });
});

describe('nodes of found secrets', () => {
  const database = { kind: 'database-role', value: 'app@db.acme.example' };

  it('give the credential to a principal that a source lists, and make no second one', () => {
    const role = identityOf('database_role', 'postgres:shop:app', {}, [database]);
    const leak = matchOf('acme-token', 'value', place('a.env', 1), { keys: [database] });
    const { identities, groups, edges } = correlate(inputOf({ identities: [role], matches: [leak] }));
    const own = `credential:${groups[0]?.fingerprint}`;
    expect(identities.map(({ id }) => id)).toEqual([own, role.id]);
    expect(edgeLines(edges)).toContain(`${role.id} has-credential ${own} (strong)`);
    expect(groups[0]).toMatchObject({ identityId: role.id, credentialId: own });
  });

  it('find the app of a private key by the name of its file, where a source lists it', () => {
    const app = identityOf('github_app_installation', 'github:app-installation:acme:bot', {}, [
      { kind: 'github-app-slug', value: 'bot' },
    ]);
    const where = place('keys/bot.2026-01-05.private-key.pem', 1);
    const leak = matchOf('private-key', 'value', where, {
      keys: [{ kind: 'public-key-fingerprint', value: 'sha256:1' }],
    });
    const { edges } = correlate(inputOf({ identities: [app], matches: [leak] }));
    expect(edgeLines(edges)).toContain(`${app.id} has-credential key:sha256:1 (strong)`);
  });
});
