import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../src/clients/shared/client.ts';
import { cursorPaging, linkPaging } from '../../../src/clients/shared/paging.ts';
import { numericId, object, text } from '../../../src/clients/shared/shape.ts';
import type { Reply } from '../../../src/clients/shared/transport.ts';
import { retryAfter } from '../../../src/clients/shared/waiting.ts';
import type { CollectContext } from '../../../src/collectors/contract.ts';
import type { Endpoint } from '../../../src/collectors/shared/api/endpoint.ts';
import { readEntries } from '../../../src/collectors/shared/api/read.ts';
import { createUnit } from '../../../src/collectors/shared/api/run.ts';
import { FakeApi } from '../fake-api.ts';

const PATH = '/agents';
const CURSOR = cursorPaging(['page', 'next'], 'after');
const fake = new FakeApi(({ path }) => (path === PATH ? { body: { agents: [] } } : undefined));

beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());
afterEach(() => expect(fake.problems).toEqual([]));

function clientOf(more: Partial<CollectContext> = {}, paging = CURSOR): { get(path: string): Promise<Reply> } {
  const context = fake.context({}, more);
  const headers = { authorization: 'Bearer t' };
  return createClient(context, { provider: 'Acme', network: fake.network, baseUrl: fake.url, headers, paging });
}

const get = (more?: Partial<CollectContext>): Promise<Reply> => clientOf(more).get(`${PATH}?limit=2`);

describe('a client of a JSON API', () => {
  it('sends the headers that it was given, and returns the body and the next page', async () => {
    fake.answerWith(PATH, () => ({ body: { agents: [1], page: { next: 'a b' } } }));
    expect(await get()).toMatchObject({ state: 'ok', status: 200, next: { path: '/agents?limit=2&after=a+b' } });
    expect(fake.asked[0]?.headers).toMatchObject({ authorization: 'Bearer t', accept: 'application/json' });
  });

  it('tries twice again after 500 and above, and waits twice as long each time', async () => {
    fake.answerWith(PATH, ({ times }) => (times > 2 ? undefined : { status: 502, body: {} }));
    expect(await get()).toMatchObject({ state: 'ok' });
    expect(fake.slept).toEqual([1_000, 2_000]);
    fake.answerWith(PATH, () => ({ status: 500, body: { error: { message: 'out of\u0007 order' } } }));
    const detail = 'Acme answered 500 (out of  order)';
    expect(await get()).toEqual({ state: 'failed', reason: 'provider-error', status: 500, detail });
    expect(fake.asked).toHaveLength(6);
  });

  it('does not ask again after a denial', async () => {
    fake.answerWith(PATH, () => ({ status: 401, body: '' }));
    expect(await get()).toMatchObject({ reason: 'denied', detail: expect.stringContaining('refused the token (401)') });
    expect(fake.asked).toHaveLength(1);
  });

  it('waits for 429 and for 503 with retry-after, and stops where the budget of the run ends', async () => {
    const headers = { 'retry-after': '40' };
    fake.answerWith(PATH, ({ times }) =>
      times > 2 ? undefined : { status: times === 1 ? 429 : 503, body: {}, headers },
    );
    expect(await get()).toMatchObject({ state: 'ok' });
    expect(fake.slept).toEqual([40_000, 40_000]);
    fake.answerWith(PATH, () => ({ status: 429, body: {}, headers }));
    const client = clientOf({ options: { 'max-wait': 60 } });
    expect(await client.get(PATH)).toMatchObject({ reason: 'rate-limited' });
    const asked = fake.asked.length;
    expect(await client.get(PATH)).toMatchObject({ reason: 'rate-limited' });
    expect(fake.asked).toHaveLength(asked);
  });

  it('says what is no JSON, what is slow and what cannot be reached', async () => {
    fake.answerWith(PATH, () => ({ body: '<h1>Sign in</h1>' }));
    expect(await get()).toMatchObject({ reason: 'malformed', detail: expect.not.stringContaining('Sign in') });
    const limits = { ...fake.context({}).limits, requestTimeout: 30 };
    fake.answerWith(PATH, () => ({ status: 0, body: '' }));
    expect(await get({ limits, options: { 'retry-delay': 0 } })).toMatchObject({ reason: 'timeout' });
    const context = fake.context({});
    const elsewhere = { provider: 'Acme', network: fake.network, baseUrl: 'https://other.example', headers: {} };
    const reply = await createClient(context, { ...elsewhere, paging: CURSOR }).get(PATH);
    expect(reply).toMatchObject({
      reason: 'provider-error',
      detail: expect.stringContaining('is not a host that may be asked'),
    });
  });

  it('ends at once when the run is aborted while it waits', async () => {
    const controller = new AbortController();
    fake.answerWith(PATH, () => ({ status: 502, body: {} }));
    const sleep = async (): Promise<void> => {
      controller.abort();
      await new Promise(() => undefined);
    };
    await expect(get({ signal: controller.signal, sleep })).rejects.toMatchObject({ name: 'Interrupted' });
  });
});

describe('paging', () => {
  const endpoint: Endpoint<{ readonly id: string; readonly name: string }> = {
    id: 'agents',
    route: PATH,
    needs: 'agents:read',
    without: 'agents',
    level: 'core',
    form: 'agents',
    shape: object({ id: numericId(), name: text() }),
  };

  async function read(pages: number): Promise<{ readonly names: readonly string[]; readonly gaps: readonly string[] }> {
    const context = fake.context({});
    const limits = { ...context.limits, pages };
    const run = {
      context: { ...context, limits },
      transport: clientOf(),
      skipped: new Set<string>(),
      closed: new Set<string>(),
    };
    const unit = createUnit(run);
    const { entries } = await readEntries(unit, endpoint, {}, { subject: 'acme', only: true });
    const gaps = unit.collected.flatMap((item) => (item.kind === 'gap' ? [item.gap.reason] : []));
    return { names: entries.map(({ name }) => name), gaps };
  }

  it('reads all pages, up to the limit of pages', async () => {
    fake.answerWith(PATH, ({ query }) => {
      const at = Number(query.get('after') ?? 0);
      return { body: { agents: [{ id: at, name: `agent ${at}` }], page: { next: at === 3 ? null : at + 1 } } };
    });
    expect(await read(10)).toEqual({ names: ['agent 0', 'agent 1', 'agent 2', 'agent 3'], gaps: [] });
    expect(await read(2)).toEqual({ names: ['agent 0', 'agent 1'], gaps: ['limit'] });
  });

  it('stops at pages that go round', async () => {
    fake.answerWith(PATH, () => ({ body: { agents: [{ id: 1, name: 'a' }], page: { next: 'x' } } }));
    expect(await read(10)).toEqual({ names: ['a', 'a'], gaps: ['malformed'] });
  });

  it('does not take an id that lost digits in JSON.parse', async () => {
    fake.answerWith(PATH, () => ({
      body: '{"agents": [{"id": 12345678901234567890, "name": "a"}, {"id": 7, "name": "b"}]}',
    }));
    expect(await read(10)).toEqual({ names: ['b'], gaps: ['malformed'] });
  });

  it('changes nothing but the cursor, whatever the answer holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (next, other) => {
        const found = CURSOR({ status: 200, headers: {}, data: { page: { next }, other } }, '/agents?limit=2');
        if (found === undefined || found === 'foreign') return;
        const url = new URL(found.path, 'https://api.example');
        expect(url.origin + url.pathname).toBe('https://api.example/agents');
        expect(url.searchParams.get('limit')).toBe('2');
        expect(url.searchParams.get('after')).toBe(String(next));
      }),
    );
    for (const data of [null, [], { page: 'x' }, { page: { next: '' } }]) {
      expect(CURSOR({ status: 200, headers: {}, data }, PATH)).toBeUndefined();
    }
    for (const next of [{}, [], true, 1.5, 'x'.repeat(2_049)]) {
      expect(CURSOR({ status: 200, headers: {}, data: { page: { next } } }, PATH)).toBe('foreign');
    }
  });

  it('follows a Link header below the base URL only', () => {
    const paging = linkPaging('https://api.example/v1');
    const link = (target: string) =>
      paging({ status: 200, headers: { link: `<${target}>; rel="next"` }, data: [] }, PATH);
    expect(link('https://api.example/v1/agents?page=2')).toEqual({ path: '/agents?page=2' });
    expect(link('https://evil.example/v1/agents?page=2')).toBe('foreign');
  });
});

describe('retryAfter', () => {
  const now = new Date('2026-11-01T00:00:00Z');
  const date = 'Sun, 01 Nov 2026 00:00:00 GMT';

  it.each([
    [429, {}, 60_000],
    [429, { 'retry-after': '0' }, 1_000],
    [429, { 'retry-after': '7' }, 7_000],
    [503, { 'retry-after': 'Sun, 01 Nov 2026 00:00:30 GMT', date }, 31_000],
    [429, { 'retry-after': 'soon' }, 60_000],
    [503, {}, undefined],
    [403, { 'retry-after': '7' }, undefined],
  ])('%s with %j is %s', (status, headers, expected) => {
    expect(retryAfter(status, headers, now)).toBe(expected);
  });
});
