import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CollectContext, Collected } from '../../../src/collectors/contract.ts';
import { ORGANISATION_ENDPOINTS } from '../../../src/collectors/github/endpoints/organisation.ts';
import { REPOSITORY_ENDPOINTS } from '../../../src/collectors/github/endpoints/repository.ts';
import github from '../../../src/collectors/github/index.ts';
import { collectAll } from '../../contract/collector-contract.ts';
import { type Asked, FakeGithub, notFound, send } from '../../hosts/fake-github.ts';
import { itRarely } from '../../it-rarely.ts';
import { buildAcme } from './acme.ts';
import { contextFor } from './context.ts';

const acme = buildAcme();
const fake = new FakeGithub(acme.answers);
const HOOKS = '/orgs/acme/hooks';

/** What these tests are about; the other endpoints are left out, so that a run takes few requests. */
const ASKED = [
  'organisation',
  'repository',
  'repositories',
  'members',
  'outside-collaborators',
  'organisation-hooks',
  'repository-hooks',
  'personal-access-tokens',
];
const OTHERS = [...ORGANISATION_ENDPOINTS, ...REPOSITORY_ENDPOINTS]
  .map((one) => one.id)
  .filter((id) => !ASKED.includes(id));
const OPTIONS = { 'retry-delay': 1, skip: OTHERS };

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());
afterEach(() => expect(fake.problems).toEqual([]));

async function run(more: Partial<CollectContext> = {}, value = 'acme', slept: number[] = []): Promise<Collected[]> {
  const address = { scheme: 'github', value, text: `github:${value}` };
  return collectAll(github, {
    name: value,
    context: () => contextFor(fake, { options: OPTIONS, ...more }, slept),
    address: () => address,
  });
}

/** Lets one path be answered by hand; every other one by the fake. */
function answer(path: string, how: (response: ServerResponse, asked: Asked) => boolean | undefined): void {
  fake.override = (asked, response) => asked.path === path && how(response, asked) !== false;
}

function gaps(items: readonly Collected[]): { scope: string; reason: string; whole: boolean; message: string }[] {
  return items.flatMap((item) =>
    item.kind === 'gap'
      ? [{ scope: item.scope, reason: item.gap.reason, whole: item.gap.scope === true, message: item.gap.message }]
      : [],
  );
}

function ids(items: readonly Collected[], prefix: string): string[] {
  return items.flatMap((item) =>
    item.kind === 'identity' && item.identity.id.startsWith(prefix) ? [item.identity.id as string] : [],
  );
}

/** Repositories that deny keys and runners and hold nothing else. */
function answerRepositories(asked: Asked, response: ServerResponse): boolean {
  if (!asked.path.startsWith('/repos/')) return false;
  const denied = /\/(?:keys|runners)$/.test(asked.path);
  const list = asked.path.endsWith('/hooks');
  const workflow = { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false };
  const empty = { secrets: [], variables: [], environments: [], enabled: true, use_default: true, ...workflow };
  if (denied) send(response, 403, notFound());
  else send(response, 200, list ? [] : empty);
  return true;
}

describe('denials', () => {
  it('makes a denied core endpoint a gap of the whole scope, with the permission and the loss', async () => {
    for (const status of [403, 404]) {
      answer(HOOKS, (response) => void send(response, status, { message: 'Must have admin rights' }));
      const items = await run();
      expect(gaps(items)).toEqual([
        {
          scope: 'organisation-hooks',
          reason: 'denied',
          whole: true,
          message: expect.stringContaining(`answered ${status}`),
        },
      ]);
      expect(gaps(items)[0]?.message).toContain('organisation Webhooks: read');
      expect(gaps(items)[0]?.message).toContain('Lost: webhooks of the organisation');
      expect(ids(items, 'github:webhook:acme:')).toEqual([]);
      expect(ids(items, 'github:webhook:acme/app:')).toHaveLength(1);
    }
  });

  it('makes a denied optional endpoint one gap and goes on', async () => {
    answer('/orgs/acme/personal-access-tokens', (response) => void send(response, 403, notFound()));
    const found = gaps(await run());
    expect(found).toEqual([
      expect.objectContaining({ scope: 'personal-access-tokens', reason: 'denied', whole: false }),
    ]);
  });

  itRarely('names single sign-on when that is what is missing', async () => {
    const sso = { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=AAAA' };
    answer(HOOKS, (response) => void send(response, 403, notFound(), sso));
    const [gap] = gaps(await run());
    expect(gap?.message).toContain('single sign-on');
    expect(gap?.message).not.toContain('authorization_request');
  });

  it('stops at a refused token and at an unknown name', async () => {
    answer('/orgs/acme', (response) => void send(response, 401, { message: 'Bad credentials' }));
    expect(gaps(await run())).toEqual([
      {
        scope: 'organisation',
        reason: 'denied',
        whole: true,
        message: expect.stringContaining('refused the token (401, Bad credentials)'),
      },
    ]);
    expect(fake.asked).toHaveLength(1);
    const unknown = gaps(await run({}, 'nobody'));
    expect(unknown).toEqual([
      {
        scope: 'organisation',
        reason: 'not-found',
        whole: true,
        message: expect.stringContaining('check the name or the token'),
      },
    ]);
    expect(gaps(await run({}, 'acme/nothing'))[0]).toMatchObject({
      scope: 'repository',
      reason: 'not-found',
      whole: true,
    });
  });

  it('needs a token', async () => {
    const found = gaps(await run({ env: { GITHUB_API_URL: fake.url } }));
    expect(found).toEqual([expect.objectContaining({ reason: 'denied', whole: true })]);
    expect(found[0]?.message).toContain('GITHUB_TOKEN');
    expect(fake.asked).toEqual([]);
  });

  itRarely('asks a sample of repositories before it gives an endpoint up', async () => {
    const repositories = fake.answers.get('/orgs/acme/repos') as Record<string, unknown>[];
    const many = Array.from({ length: 12 }, (_, index) => {
      const name = `r${String(index).padStart(2, '0')}`;
      return { ...repositories[1], id: 1_000 + index, name, full_name: `acme/${name}` };
    });
    const inner = fake.answers;
    fake.answers = new Map([...inner, ['/orgs/acme/repos', many]]);
    fake.override = answerRepositories;
    try {
      const items = await run({ options: { 'retry-delay': 1 } });
      expect(fake.asked.filter((one) => one.path.endsWith('/keys'))).toHaveLength(3);
      expect(fake.asked.filter((one) => /^\/repos\/.*\/hooks$/.test(one.path))).toHaveLength(12);
      const keys = gaps(items).filter((one) => one.scope === 'deploy-keys');
      expect(keys.map((one) => one.whole)).toEqual([false, false, false, true]);
      expect(keys.at(-1)?.message).toContain('The other 9 repositories were not asked');
      expect(gaps(items).filter((one) => one.scope === 'repository-runners')).toHaveLength(4);
      expect(gaps(items).some((one) => one.scope === 'repository-runners' && one.whole)).toBe(false);
      expect(ids(items, 'github:repo:')).toHaveLength(12);
    } finally {
      fake.answers = inner;
    }
  });

  itRarely('does not ask what the user leaves out', async () => {
    const items = await run({ options: { skip: [...OTHERS, 'organisation-hooks', 'deploy-keys'].join(', ') } });
    expect(gaps(items)).toEqual([]);
    expect(fake.asked.some((one) => one.path === HOOKS || one.path.endsWith('/keys'))).toBe(false);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'skip', scope: 'organisation-hooks' }));
  });

  it('does not ask with a token of a person what only an app can read', async () => {
    const items = await run({ env: { GITHUB_API_URL: fake.url, GH_TOKEN: `github${'_pat_'}x` } });
    expect(gaps(items)).toEqual([]);
    expect(fake.asked.some((one) => one.path.endsWith('/personal-access-tokens'))).toBe(false);
    expect(items).toContainEqual(expect.objectContaining({ kind: 'skip', scope: 'personal-access-tokens' }));
  });
});

describe('people', () => {
  it('calls nobody gone when the lists may be of public members only', async () => {
    const organisation = fake.answers.get('/orgs/acme') as object;
    answer(
      '/orgs/acme',
      (response) => void send(response, 200, { ...organisation, two_factor_requirement_enabled: null }),
    );
    const items = await run();
    const gwen = items.find((item) => item.kind === 'identity' && item.identity.id === 'person:github:gone-gwen');
    expect(gwen?.kind === 'identity' && gwen.identity.attributes).toEqual({});
  });
});

describe('limits', () => {
  it('waits as long as Retry-After says, through the context', async () => {
    const slept: number[] = [];
    answer(HOOKS, (response, asked) =>
      asked.times > 1 ? false : void send(response, 429, {}, { 'retry-after': '7' }),
    );
    expect(gaps(await run({}, 'acme', slept))).toEqual([]);
    expect(slept).toEqual([7_000]);
  });

  itRarely('waits until the limit is reset, by the clock of the server', async () => {
    const slept: number[] = [];
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '1700000090',
      date: 'Tue, 14 Nov 2023 22:13:20 GMT',
    };
    answer(HOOKS, (response, asked) => (asked.times > 1 ? false : void send(response, 403, {}, headers)));
    expect(gaps(await run({}, 'acme', slept))).toEqual([]);
    expect(slept).toEqual([91_000]);
  });

  itRarely('waits a minute for a secondary limit that does not say how long', async () => {
    const slept: number[] = [];
    const message = 'You have exceeded a secondary rate limit. Please wait a few minutes.';
    answer(HOOKS, (response, asked) => (asked.times > 1 ? false : void send(response, 403, { message })));
    expect(gaps(await run({}, 'acme', slept))).toEqual([]);
    expect(slept).toEqual([60_000]);
  });

  itRarely('gives up when the budget of the run is spent', async () => {
    const slept: number[] = [];
    answer(HOOKS, (response) => void send(response, 429, {}, { 'retry-after': '40' }));
    const found = gaps(await run({ options: { ...OPTIONS, 'max-wait': 100 } }, 'acme', slept));
    expect(slept).toEqual([40_000, 40_000]);
    expect(found[0]).toMatchObject({ scope: 'organisation-hooks', reason: 'rate-limited', whole: true });
    expect(found[0]?.message).toContain('max-wait');
    // Asking on while a limit is known is what GitHub bans tokens for.
    expect(fake.asked.at(-1)?.path).toBe(HOOKS);
    expect(new Set(found.map((one) => one.reason))).toEqual(new Set(['rate-limited']));
    expect(found.map((one) => one.scope)).toContain('repositories');
  });

  it('stops waiting when the run is aborted', async () => {
    const controller = new AbortController();
    answer(HOOKS, (response) => void send(response, 429, {}, { 'retry-after': '600' }));
    const sleep = async (): Promise<void> => {
      controller.abort();
      await new Promise(() => undefined);
    };
    const found = gaps(await run({ signal: controller.signal, sleep }));
    expect(found).toEqual([expect.objectContaining({ scope: 'connection', reason: 'timeout', whole: true })]);
  });
});

describe('broken answers', () => {
  it('tries again after a 500 and goes on when that helps', async () => {
    answer(HOOKS, (response, asked) => (asked.times > 2 ? false : void send(response, 502, {})));
    expect(gaps(await run())).toEqual([]);
  });

  itRarely('reports a server that stays broken, a page that is no JSON, and broken JSON', async () => {
    answer(HOOKS, (response) => void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Unicorn!</h1>'));
    expect(gaps(await run())).toEqual([expect.objectContaining({ reason: 'provider-error', whole: true })]);
    answer(HOOKS, (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>'));
    const [html] = gaps(await run());
    expect(html).toMatchObject({ reason: 'malformed', whole: true });
    expect(html?.message).not.toContain('Sign in');
    answer(HOOKS, (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id": 1'));
    expect(gaps(await run())[0]).toMatchObject({ reason: 'malformed', whole: true });
  });

  itRarely('uses the entries it knows and reports the others', async () => {
    const hooks = fake.answers.get(HOOKS) as unknown[];
    answer(HOOKS, (response) => void send(response, 200, [hooks[0], { id: 'x' }, null, 7]));
    const items = await run();
    expect(ids(items, 'github:webhook:acme:')).toEqual(['github:webhook:acme:71']);
    expect(gaps(items)).toEqual([expect.objectContaining({ reason: 'malformed', whole: false })]);
    expect(gaps(items)[0]?.message).toContain('3 of 4 entries');
    answer(HOOKS, (response) => void send(response, 200, { hooks: [] }));
    expect(gaps(await run())[0]).toMatchObject({ reason: 'malformed' });
  });

  itRarely('survives ids beyond the safe integers', async () => {
    const [first] = fake.answers.get(HOOKS) as object[];
    const text = JSON.stringify([first]).replace('"id":71', '"id":12345678901234567890');
    answer(HOOKS, (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(text));
    expect(ids(await run(), 'github:webhook:acme:')).toEqual(['github:webhook:acme:12345678901234567890']);
  });

  itRarely('times out', async () => {
    answer(HOOKS, () => undefined);
    const limits = { ...contextFor(fake).limits, requestTimeout: 60 };
    const found = gaps(await run({ limits }));
    expect(found.filter((one) => one.scope === 'organisation-hooks')).toEqual([
      expect.objectContaining({ reason: 'timeout', whole: true }),
    ]);
  });

  it('follows no page and no redirect to another host', async () => {
    const link = { link: '<https://evil.example/orgs/acme/hooks?page=2>; rel="next"' };
    answer(HOOKS, (response) => void send(response, 200, [], link));
    expect(gaps(await run())).toEqual([expect.objectContaining({ scope: 'organisation-hooks', reason: 'malformed' })]);
    answer(HOOKS, (response) => void response.writeHead(302, { location: 'https://evil.example/' }).end());
    const [redirect] = gaps(await run());
    expect(redirect).toMatchObject({ reason: 'provider-error', whole: true });
    expect(redirect?.message).toContain('redirects to evil.example');
  });

  itRarely('stops at pages that go round and at too many pages', async () => {
    answer(
      HOOKS,
      (response) => void send(response, 200, [], { link: `<${fake.url}${HOOKS}?per_page=100>; rel="next"` }),
    );
    expect(gaps(await run())).toEqual([expect.objectContaining({ scope: 'organisation-hooks', reason: 'malformed' })]);
    fake.override = () => false;
    fake.pageCap = 1;
    const limits = { ...contextFor(fake).limits, pages: 2 };
    const items = await run({ limits });
    expect(gaps(items).find((one) => one.scope === 'repositories')).toMatchObject({ reason: 'limit', whole: false });
    expect(ids(items, 'github:repo:')).toHaveLength(2);
  });

  it('reports a network that does not allow the host', async () => {
    const elsewhere = { ...contextFor(fake).env, GITHUB_API_URL: 'https://ghes.example/api/v3' };
    const found = gaps(await run({ env: elsewhere }));
    expect(found).toEqual([expect.objectContaining({ scope: 'organisation', reason: 'provider-error', whole: true })]);
    expect(found[0]?.message).toContain('ghes.example is not a host that may be asked');
  });
});

describe('usage', () => {
  it('names the one host that it asks', () => {
    expect(github.hosts?.({})).toEqual(['api.github.com']);
    expect(github.hosts?.({ GITHUB_API_URL: 'https://ghes.example:8443/api/v3' })).toEqual(['ghes.example:8443']);
    expect(github.hosts?.({ GITHUB_API_URL: 'nonsense' })).toEqual([]);
  });

  it('refuses addresses and servers that make no sense', async () => {
    for (const value of ['', '-x', 'a/b/c', 'a b', '../x', 'acme/']) {
      await expect(run({}, value)).rejects.toThrow('names no organisation');
    }
    const env = { ...contextFor(fake).env, GITHUB_API_URL: 'https://user:pass@host/' };
    await expect(run({ env })).rejects.toThrow('no address of an API');
    await expect(run({ env })).rejects.not.toThrow('pass');
  });
});
