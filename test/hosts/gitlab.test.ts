import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HostContext, OpenHost } from '../../src/hosts/contract.ts';
import gitlab from '../../src/hosts/gitlab.ts';
import { type Asked, type FakeAnswer, FakeApi } from '../collectors/fake-api.ts';
import { itRarely } from '../it-rarely.ts';
import { listAll, tipsOf } from './world.ts';

const PATH = '/groups/acme%2Fplatform/projects';
const TOKEN = `glpat-${'a'.repeat(20)}`;
const fake = new FakeApi((asked) => (asked.path === PATH ? page(asked) : undefined));

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

function project(id: number, more: object = {}): Readonly<Record<string, unknown>> {
  const path = `acme/platform/p${id}`;
  const urls = { http_url_to_repo: `https://gitlab.com/${path}.git`, web_url: `https://gitlab.com/${path}` };
  const state = {
    visibility: 'private',
    archived: false,
    wiki_access_level: 'enabled',
    repository_access_level: 'private',
  };
  return { id, path_with_namespace: path, ...urls, ...state, last_activity_at: '2026-01-14T10:00:00.000Z', ...more };
}

const PROJECTS = [
  project(1),
  project(2, { archived: true, wiki_access_level: 'disabled', visibility: 'internal' }),
  project(3, { forked_from_project: { id: 9, path_with_namespace: 'other/p' } }),
  project(4, { repository_access_level: 'disabled' }),
  project(5, { default_branch: 'main' }),
];

/** Two projects a page, by keyset: the next page begins after the last id. */
function page({ query, path }: Asked): FakeAnswer {
  const after = Number(query.get('id_after') ?? 0);
  const rest = PROJECTS.filter(({ id }) => Number(id) > after);
  const body = rest.slice(0, 2);
  const next = new URLSearchParams(query);
  next.set('id_after', String(body.at(-1)?.['id']));
  const link = `<${fake.url}${path}?${next}>; rel="next", <${fake.url}${path}>; rel="first"`;
  return { body, headers: rest.length > 2 ? { link } : {} };
}

async function open(more: Partial<HostContext> = {}, value = 'acme/platform'): Promise<OpenHost> {
  const context = fake.context({ GITLAB_API_URL: fake.url, GITLAB_TOKEN: TOKEN }, {});
  const opened = await gitlab.open({ ...context, ...more }, { scheme: 'gitlab', value, text: `gitlab:${value}` });
  if ('gap' in opened) throw new Error(opened.gap.message);
  return opened;
}

describe('the list of a group', () => {
  it('holds the projects of all groups below it, by keyset; tips are unknown', async () => {
    const host = await open();
    const { repositories, gaps } = await listAll(host.list());
    expect(repositories.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5']);
    expect(repositories[0]).toEqual({
      id: '1',
      name: 'acme/platform/p1',
      url: 'https://gitlab.com/acme/platform/p1.git',
      visibility: 'private',
      archived: false,
      disabled: false,
      fork: false,
      pushedAt: '2026-01-14T10:00:00Z',
      wiki: 'https://gitlab.com/acme/platform/p1.wiki.git',
    });
    expect(repositories[1]).toMatchObject({ archived: true, visibility: 'internal' });
    expect(repositories[1]?.wiki).toBeUndefined();
    expect(repositories[2]).toMatchObject({ fork: true, forkOf: 'other/p' });
    expect(gaps).toEqual([expect.objectContaining({ state: 'disabled', subject: 'acme/platform/p4' })]);
    const [first] = fake.asked;
    expect(first?.query.get('include_subgroups')).toBe('true');
    expect(first?.query.get('pagination')).toBe('keyset');
    expect(first?.headers['private-token']).toBe(TOKEN);
    expect(fake.asked).toHaveLength(3);
    expect((await tipsOf(host, repositories)).every(({ state }) => state === 'unknown')).toBe(true);
  });

  itRarely('is read by numbers where a server cannot do keysets', async () => {
    fake.answerWith(PATH, ({ query }) =>
      query.get('pagination') === 'keyset'
        ? { status: 405, body: { error: 'Keyset pagination is not yet available' } }
        : undefined,
    );
    expect((await listAll((await open()).list())).repositories).toHaveLength(5);
    expect(fake.asked[1]?.query.has('pagination')).toBe(false);
  });

  it('says what is missing and how far it came', async () => {
    const missing = await listAll((await open({}, 'nobody')).list());
    expect(missing.gaps).toEqual([expect.objectContaining({ state: 'not-found', scope: true })]);
    const cases = [
      [401, 'expired'],
      [403, 'denied'],
      [502, 'unreachable'],
    ] as const;
    for (const [status, state] of cases) {
      fake.answerWith(PATH, ({ times }) => (times === 1 ? undefined : { status, body: { message: 'no' } }));
      const { gaps, repositories } = await listAll((await open()).list());
      expect(repositories).toHaveLength(2);
      expect(gaps).toEqual([expect.objectContaining({ state, scope: true })]);
      expect(gaps[0]?.message).toContain('is cut after 2 projects');
      expect(gaps[0]?.message).not.toContain(TOKEN);
    }
  });

  itRarely('is never asked on while nothing is left of the limit', async () => {
    const headers = {
      'ratelimit-remaining': '0',
      'ratelimit-reset': '1700000030',
      date: 'Tue, 14 Nov 2023 22:13:20 GMT',
    };
    fake.answerWith(PATH, (asked) => {
      const { body, headers: link } = page(asked);
      return { body, headers: { ...link, ...(asked.times === 1 ? headers : {}) } };
    });
    expect((await listAll((await open()).list())).repositories).toHaveLength(5);
    expect(fake.slept).toEqual([31_000]);
  });

  itRarely('keeps to one host, to lists that end, and to projects of a known form', async () => {
    fake.answerWith(PATH, () => ({ body: [], headers: { link: '<https://evil.example/x>; rel="next"' } }));
    const far = await listAll((await open()).list());
    fake.answerWith(PATH, ({ path, query }) => ({
      body: [],
      headers: { link: `<${fake.url}${path}?${query}>; rel="next"` },
    }));
    const round = await listAll((await open()).list());
    fake.answerWith(PATH, () => ({ body: [project(1, { http_url_to_repo: 'file:///etc' }), 7, project(2)] }));
    const odd = await listAll((await open()).list());
    fake.answerWith(PATH, () => ({ body: { projects: [] } }));
    const none = await listAll((await open()).list());
    expect([far, round, none].map(({ gaps }) => gaps[0]?.state)).toEqual(['malformed', 'limit', 'malformed']);
    expect(odd.gaps.map(({ state }) => state)).toEqual(['malformed', 'malformed']);
    expect(odd.repositories.map(({ id }) => id)).toEqual(['2']);
  });
});

describe('an address', () => {
  it('must name a group, and needs network and token', async () => {
    for (const value of ['', '-x', 'a//b', 'a b', '../x', '/a'])
      await expect(open({}, value)).rejects.toThrow('names no group');
    await expect(open({ env: { GITLAB_API_URL: fake.url } })).rejects.toThrow(
      'Set BOWERBIRD_GITLAB_TOKEN or GITLAB_TOKEN',
    );
    expect(gitlab.hosts({})).toEqual(['gitlab.com']);
    expect(gitlab.hosts({ GITLAB_API_URL: 'https://git.acme.example/api/v4' })).toEqual(['git.acme.example']);
  });
});
