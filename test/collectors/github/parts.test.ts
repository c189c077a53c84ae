import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenKind } from '../../../src/clients/github/credential.ts';
import { limitWait } from '../../../src/clients/github/waiting.ts';
import { nextLink } from '../../../src/clients/shared/paging.ts';
import type { Shape } from '../../../src/clients/shared/shape.ts';
import { hookTarget, withoutCredentials } from '../../../src/collectors/github/hook-url.ts';
import { environmentKind, isMachine } from '../../../src/collectors/github/identify/names.ts';
import * as schema from '../../../src/collectors/github/schema.ts';
import { inOrder } from '../../../src/collectors/shared/api/in-order.ts';
import { readSshKey } from '../../../src/collectors/shared/ssh-public-key.ts';
import { IN_LANE, tries } from '../../property/runs.ts';
import { buildAcme, madePublicKey } from './acme.ts';

const BASE = 'https://ghes.example/api/v3';

const word = fc.stringMatching(/^[\w%+.~-]{0,24}$/);
const url = fc
  .record({
    start: fc.constantFrom('https://', 'http://', 'ftp://', 'custom://', 'https:/', ''),
    user: fc.oneof(fc.constant(''), word),
    host: fc.constantFrom('hooks.example', 'HOOKS.example:8443', '[::1]', '127.1', 'bücher.example', ''),
    parts: fc.array(fc.tuple(fc.constantFrom('/', '?', '&', '=', '#', 'token=', ' '), word), { maxLength: 6 }),
  })
  .map(({ start, user, host, parts }) => `${start}${user === '' ? '' : `${user}@`}${host}${parts.flat().join('')}`);

describe('readSshKey', () => {
  it('gives the fingerprints that GitHub publishes for its own host keys', () => {
    // docs.github.com, "GitHub's SSH key fingerprints"
    const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
    expect(readSshKey(ed25519)).toEqual({
      fingerprint: 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU',
      keyType: 'ed25519',
      keyBits: 256,
    });
    const ecdsa =
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNuG5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg= comment';
    expect(readSshKey(ecdsa)).toEqual({
      fingerprint: 'SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM',
      keyType: 'ecdsa',
      keyBits: 256,
    });
  });

  it('measures RSA and DSA keys', () => {
    for (const bits of [1_024, 2_048, 4_096]) {
      expect(readSshKey(madePublicKey('ssh-rsa', 'x', bits))).toMatchObject({ keyType: 'rsa', keyBits: bits });
    }
    expect(readSshKey(madePublicKey('ssh-dss', 'x'))).toMatchObject({ keyType: 'dsa', keyBits: 1_024 });
  });

  it('reads nothing that is no key, and never throws', () => {
    expect(readSshKey('ssh-rsa')).toBeUndefined();
    expect(readSshKey(madePublicKey('ssh-ed25519', 'x').replace('ssh-ed25519', 'ssh-rsa'))).toBeUndefined();
    expect(readSshKey('__proto__ AAAA')).toBeUndefined();
    const line = fc.tuple(fc.constantFrom('ssh-rsa', 'ssh-dss', 'ssh-ed25519', ''), fc.uint8Array({ maxLength: 80 }));
    fc.assert(
      fc.property(line, ([type, bytes]) => {
        const blob = Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), bytes]);
        const read = readSshKey(`${type} ${blob.toString('base64')}`);
        if (read?.keyBits !== undefined) expect(read.keyBits).toBeGreaterThan(0);
      }),
    );
  });
});

describe('webhook URLs', () => {
  it('keep scheme and host, and remember that a credential was there', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['https://hooks.example/services/T0/B0/x', 'https://hooks.example', false],
      ['https://user:pass@hooks.example/', 'https://hooks.example', true],
      ['https://token@hooks.example:8443/', 'https://hooks.example:8443', true],
      ['https://hooks.example/?api_key=abc', 'https://hooks.example', true],
      ['https://hooks.example/?sig=abc', 'https://hooks.example', true],
      ['https://hooks.example/?env=prod&verbose=1', 'https://hooks.example', false],
      ['https://hooks.example/?x=a8Jd72hfKs92jf83hH2k', 'https://hooks.example', true],
      ['https://hooks.example/?a8Jd72hfKs92jf83hH2k', 'https://hooks.example', true],
    ];
    for (const [text, url, hasCredential] of cases) {
      expect(hookTarget(withoutCredentials(text)), text).toMatchObject({ url, hasCredential });
    }
    expect(hookTarget(withoutCredentials('not a url'))).toBeUndefined();
    expect(hookTarget(undefined)).toBeUndefined();
  });

  it('change only once', () => {
    // What fast-check has for all URLs takes a second to make.
    const more = { withQueryParameters: true, withFragments: true };
    const anyUrl = IN_LANE ? fc.oneof(url, fc.webUrl(more)) : url;
    fc.assert(
      fc.property(anyUrl, (text) => {
        const once = withoutCredentials(text);
        expect(withoutCredentials(once)).toBe(once);
      }),
      tries(200),
    );
  });
});

describe('nextLink', () => {
  it('is a path below the base URL', () => {
    const link = `<${BASE}/organizations/1/repos?per_page=100&page=2>; rel="next", <${BASE}/x?page=9>; rel="last"`;
    expect(nextLink(link, BASE)).toEqual({ path: '/organizations/1/repos?per_page=100&page=2' });
    expect(nextLink(`<${BASE}/x?page=1>; rel="first"`, BASE)).toBeUndefined();
    expect(nextLink('', BASE)).toBeUndefined();
  });

  it('is foreign for every other address', () => {
    const others = [
      'https://evil.example/api/v3/orgs',
      'http://ghes.example/api/v3/orgs',
      'https://ghes.example/api/v4/orgs',
      'https://ghes.example/api/v3/../../admin',
      'https://ghes.example:444/api/v3/orgs',
      'https://a:b@ghes.example/api/v3/orgs',
      '//evil.example/api/v3/orgs',
      'javascript:alert(1)',
    ];
    for (const url of others) expect(nextLink(`<${url}>; rel="next"`, BASE), url).toBe('foreign');
  });

  it('takes no more time on a hostile header', () => {
    const hostile = `${'<a>;,'.repeat(50_000)}<${'x'.repeat(100_000)}`;
    const start = performance.now();
    nextLink(hostile, BASE);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('limitWait', () => {
  const now = new Date('2026-01-15T12:00:00Z');
  const at = (seconds: number): string => String(Math.floor(now.getTime() / 1_000) + seconds);

  it('waits only for limits', () => {
    expect(limitWait({ status: 403, headers: {}, message: 'Must have admin rights' }, now)).toBeUndefined();
    expect(limitWait({ status: 404, headers: { 'retry-after': '5' }, message: '' }, now)).toBeUndefined();
    expect(limitWait({ status: 500, headers: {}, message: 'secondary rate limit' }, now)).toBeUndefined();
  });

  it('is at least a second and falls back to the own clock', () => {
    expect(limitWait({ status: 429, headers: { 'retry-after': '0' }, message: '' }, now)).toBe(1_000);
    const spent = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': at(30) };
    expect(limitWait({ status: 403, headers: spent, message: '' }, now)).toBe(31_000);
    expect(limitWait({ status: 429, headers: { ...spent, 'x-ratelimit-reset': at(-90) }, message: '' }, now)).toBe(
      1_000,
    );
  });
});

describe('names and tokens', () => {
  it('tell machines from people', () => {
    for (const login of ['acme-ci', 'svc-deploy', 'build_bot', 'dependabot[bot]', 'robot-1']) {
      expect(isMachine(login, 'User'), login).toBe(true);
    }
    for (const login of ['ada', 'abbot', 'cider', 'cindy-lu', 'svcland'])
      expect(isMachine(login, 'User'), login).toBe(false);
    expect(isMachine('renovate', 'Bot')).toBe(true);
  });

  it('tell the kind of an environment', () => {
    expect(environmentKind('production-eu')).toBe('production');
    expect(environmentKind('Staging')).toBe('staging');
    expect(environmentKind('product-docs')).toBeUndefined();
    expect(environmentKind('github-pages')).toBeUndefined();
  });

  it('tell what a token is', () => {
    expect(tokenKind(`gh${'s_'}x`)).toBe('app');
    expect(tokenKind(`github${'_pat_'}x`)).toBe('fine-grained');
    expect(tokenKind(`gh${'p_'}x`)).toBe('classic');
    expect(tokenKind('else')).toBe('unknown');
  });
});

describe('shapes', () => {
  const shapes = Object.values(schema) as Shape<unknown>[];

  it('read any JSON without throwing, and what they gave again without a change', () => {
    const bodies = [...buildAcme().answers.values()].flat() as object[];
    const json = fc.oneof(fc.jsonValue(), fc.constantFrom(...bodies), fc.constantFrom(...bodies).chain(broken));
    fc.assert(
      fc.property(json, fc.constantFrom(...shapes), (value, shape) => {
        const once = shape.read(value);
        if (once !== undefined) expect(shape.read(JSON.parse(JSON.stringify(once)))).toEqual(once);
      }),
      tries(2_000),
    );
  });

  it('take numbers and digits as ids, and nothing that only looks like it', () => {
    const idOf = (id: unknown): unknown => schema.runner.read({ id, name: 'desk' })?.id;
    expect([idOf(7), idOf('7'), idOf(12345678901234567890n)]).toEqual(['7', '7', '12345678901234567890']);
    for (const id of [{ toString: null }, ['7'], 1.5, -1, Number.NaN, '7x', true]) expect(idOf(id)).toBeUndefined();
  });

  it('drop what nobody reads', () => {
    expect(schema.member.read({ login: 'ada', type: 'User', email: 'ada@acme.example' })).toEqual({
      login: 'ada',
      type: 'User',
    });
    expect(schema.repositoryName.read(JSON.parse('{"full_name": "a/b", "__proto__": {"x": 1}}'))).toEqual({
      full_name: 'a/b',
    });
  });
});

describe('inOrder', () => {
  it('keeps the order and the bound, whatever finishes first', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 4 }), async (items, width) => {
        let running = 0;
        let most = 0;
        const work = async (ms: number): Promise<number> => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((done) => setTimeout(done, ms));
          running -= 1;
          return ms;
        };
        const results: number[] = [];
        for await (const one of inOrder(items, width, work)) results.push(one);
        expect(results).toEqual(items);
        expect(most).toBeLessThanOrEqual(width);
      }),
      tries(30),
    );
  });

  it('leaves no rejection behind when one fails', async () => {
    const fail = async (item: number): Promise<number> => {
      if (item > 0) throw new Error(`item ${item}`);
      return item;
    };
    const all = async (): Promise<void> => {
      for await (const _ of inOrder([0, 1, 2, 3], 4, fail));
    };
    await expect(all()).rejects.toThrow('item 1');
  });
});

/** The object with one of its fields replaced by something else. */
function broken(body: object): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...Object.keys(body), 'new'), fc.jsonValue())
    .map(([key, value]) => ({ ...body, [key]: value }));
}
