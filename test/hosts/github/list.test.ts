import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hosts } from '../../../src/hosts/index.ts';
import { itRarely } from '../../it-rarely.ts';
import { notFound, send } from '../fake-github.ts';
import { listAll, World } from '../world.ts';

const world = new World();
const { fake } = world;

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => world.fill(250));

const LIST = '/orgs/acme/repos';

describe('the list of an organisation', () => {
  it('is read in pages of 100, with what a night needs', async () => {
    world.repositories[0] = {
      ...(world.repositories[0] ?? { id: 1, name: 'a', heads: new Map(), tags: new Map() }),
      archived: true,
    };
    world.publish();
    const { repositories, gaps, pages } = await listAll((await world.open()).list());
    expect(gaps).toEqual([]);
    expect(pages).toHaveLength(3);
    expect(repositories).toHaveLength(250);
    expect(repositories[0]).toMatchObject({
      id: '1000',
      name: 'acme/r0000',
      url: 'https://github.com/acme/r0000.git',
      archived: true,
      disabled: false,
      fork: false,
      handle: 'R_1000',
    });
    expect(fake.asked).toHaveLength(3);
    expect(fake.problems).toEqual([]);
  });

  it('costs nothing of the limit on the second night where nothing changed', async () => {
    const first = await listAll((await world.open()).list());
    fake.asked.length = 0;
    const kept = JSON.parse(JSON.stringify(first.pages));
    const same = await listAll((await world.open()).list(kept));
    expect(same).toEqual(first);
    expect(fake.asked.every(({ headers }) => headers['if-none-match'] !== undefined)).toBe(true);
    const changed = world.repositories.at(-1);
    if (changed !== undefined) changed.name = 'renamed';
    world.publish();
    const second = await listAll((await world.open()).list(kept));
    expect(second.repositories.at(-1)?.name).toBe('acme/renamed');
    expect(second.pages.map(({ etag }, index) => etag === first.pages[index]?.etag)).toEqual([true, true, false]);
  });

  it('is empty where the organisation is', async () => {
    world.fill(0);
    expect(await listAll((await world.open()).list())).toMatchObject({ repositories: [], gaps: [] });
  });
});

describe('trouble with a list', () => {
  it('names an organisation that is not there, and a token that was refused', async () => {
    const missing = await listAll((await world.open({}, 'nobody')).list());
    expect(missing.gaps).toEqual([
      expect.objectContaining({ state: 'not-found', scope: true, message: expect.stringContaining('urls:<file>') }),
    ]);
    fake.override = (_, response) => send(response, 401, { message: 'Bad credentials' }) === undefined;
    const refused = await listAll((await world.open()).list());
    expect(refused.gaps).toEqual([expect.objectContaining({ state: 'denied', reason: 'denied', scope: true })]);
  });

  it('says how far it came when paging fails midway, and by what', async () => {
    const cases = [
      [401, 'expired', 'expired or was revoked'],
      [502, 'unreachable', 'Run again'],
      [403, 'denied', 'Check the token'],
    ] as const;
    for (const [status, state, words] of cases) {
      fake.override = ({ query }, response) =>
        query.get('page') === '2' && send(response, status, { message: 'no' }) === undefined;
      const { gaps, repositories, pages } = await listAll((await world.open()).list());
      expect(repositories).toHaveLength(100);
      expect(pages).toHaveLength(1);
      expect(gaps).toEqual([expect.objectContaining({ state, scope: true })]);
      expect(gaps[0]?.message).toContain('is cut after 100 repositories');
      expect(gaps[0]?.message).toContain(words);
    }
  });

  itRarely('goes on where the organisation was renamed midway, and says its new name', async () => {
    fake.override = ({ query }) => {
      if (query.get('page') !== '2') return false;
      world.owner = 'acme-two';
      world.publish();
      return false;
    };
    const { gaps, repositories, notes } = await listAll((await world.open()).list());
    expect(gaps).toEqual([]);
    expect(repositories).toHaveLength(250);
    expect(notes).toEqual([
      expect.objectContaining({ state: 'renamed', message: expect.stringContaining('github:acme-two') }),
    ]);
    world.fill(3);
    world.owner = 'acme-two';
    world.publish();
    fake.override = ({ path }, response) => {
      if (path !== '/orgs/old/repos') return false;
      response.writeHead(301, { location: `${fake.url}/organizations/1/repos?per_page=100` }).end();
      return true;
    };
    const moved = await listAll((await world.open({}, 'old')).list());
    expect(moved.repositories).toHaveLength(3);
    expect(moved.notes[0]?.message).toContain('GitHub now calls "old" "acme-two"');
  });

  it('names a disabled repository and one of an unknown form, and lists the others', async () => {
    world.fill(3);
    const [first] = world.repositories;
    if (first !== undefined) first.disabled = true;
    world.publish();
    const whole = fake.answers.get(LIST) as readonly object[];
    const evil = { ...whole[1], clone_url: 'https://user:secret@github.com/acme/x.git' };
    fake.override = (_, response) => send(response, 200, [whole[0], evil, null, whole[2]]) === undefined;
    const { gaps, repositories, pages } = await listAll((await world.open()).list());
    expect(repositories.map(({ name }) => name)).toEqual(['acme/r0000', 'acme/r0002']);
    expect(gaps.map(({ state }) => state)).toEqual(['disabled', 'malformed', 'malformed']);
    expect(JSON.stringify(gaps)).not.toContain('secret');
    // A page with holes is not remembered: the next night asks for it again.
    expect(pages).toEqual([]);
  });

  itRarely('follows no page to another host, and no circle', async () => {
    const links = [
      '<https://evil.example/orgs/acme/repos?page=2>; rel="next"',
      `<${fake.url}${LIST}?page=2>; rel="next"`,
    ];
    const found: string[] = [];
    for (const link of links) {
      fake.override = (_, response) => send(response, 200, [], { link }) === undefined;
      const { gaps } = await listAll((await world.open()).list());
      found.push(...gaps.map(({ state }) => state));
    }
    expect(found).toEqual(['malformed', 'limit']);
  });
});

describe('a window of few requests', () => {
  it('is never asked against while nothing is left', async () => {
    world.fill(30);
    fake.pageCap = 2;
    fake.limits = { perWindow: 5, windowMs: 60_000, time: () => world.time, windows: new Map() };
    const { gaps, repositories } = await listAll((await world.open()).list());
    expect(gaps).toEqual([]);
    expect(repositories).toHaveLength(30);
    expect(fake.problems).toEqual([]);
    expect(world.slept).toHaveLength(2);
  });

  itRarely('ends the list where the run may not wait', async () => {
    world.fill(30);
    fake.pageCap = 2;
    fake.limits = { perWindow: 5, windowMs: 3_600_000, time: () => world.time, windows: new Map() };
    const { gaps, repositories } = await listAll((await world.open({ options: { 'max-wait': 60 } })).list());
    expect(repositories).toHaveLength(10);
    expect(gaps).toEqual([expect.objectContaining({ state: 'rate-limited', reason: 'rate-limited', scope: true })]);
    expect(fake.problems).toEqual([]);
    expect(fake.asked).toHaveLength(5);
  });

  itRarely('is waited for after 429 with retry-after and after a secondary limit', async () => {
    world.fill(3);
    fake.override = ({ times }, response) => {
      if (times > 2) return false;
      const body = { message: times === 1 ? 'slow down' : 'You have exceeded a secondary rate limit' };
      send(response, times === 1 ? 429 : 403, body, times === 1 ? { 'retry-after': '7' } : {});
      return true;
    };
    expect((await listAll((await world.open()).list())).repositories).toHaveLength(3);
    expect(world.slept).toEqual([7_000, 60_000]);
  });
});

describe('an address', () => {
  it('is refused where it names no organisation, and needs network and token', async () => {
    const host = hosts.find(({ scheme }) => scheme === 'github');
    const openAs = (value: string, more = {}): unknown =>
      host?.open(world.context(more), { scheme: 'github', value, text: `github:${value}` });
    for (const value of ['', 'a/b', '-x', '../x', 'a b'])
      await expect(openAs(value)).rejects.toThrow('github:<organisation>');
    const { network: _, ...offline } = world.context();
    expect(await host?.open(offline, { scheme: 'github', value: 'acme', text: 'github:acme' })).toMatchObject({
      gap: { message: expect.stringContaining('needs the network') },
    });
    expect(await openAs('acme', { env: { GITHUB_API_URL: fake.url } })).toMatchObject({
      gap: { state: 'denied', message: expect.stringContaining('BOWERBIRD_GITHUB_APP_ID') },
    });
    expect(host?.hosts({})).toEqual(['api.github.com']);
    expect(notFound()).toMatchObject({ status: '404' });
  });
});
