import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPrivateAddress } from '../../../src/lib/http/address.ts';
import { createNetwork, HttpError, type NetworkOptions } from '../../../src/lib/http/http.ts';

let server: Server;
let origin: string;
let host: string;
let seen: { readonly url: string; readonly headers: IncomingMessage['headers'] }[] = [];

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', origin);
  seen.push({ url: url.pathname + url.search, headers: request.headers });
  const to = url.searchParams.get('to') ?? '';
  if (url.pathname === '/hang') return;
  if (url.pathname === '/drip') {
    response.writeHead(200);
    response.write('a');
    return;
  }
  if (url.pathname === '/redirect') return void response.writeHead(302, { location: to }).end();
  if (url.pathname === '/none') return void response.writeHead(204).end();
  if (url.pathname === '/big') return void response.writeHead(200).end('x'.repeat(5_000));
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
}

beforeAll(async () => {
  server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  origin = `http://${host}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

function network(options: Partial<NetworkOptions> = {}): ReturnType<typeof createNetwork> {
  const allowed = { allowedHosts: [host], privateHosts: [host] };
  return createNetwork({
    ...allowed,
    timeoutMs: 5_000,
    userAgent: 'bowerbird-test',
    maxBytes: 4_096,
    fetch,
    ...options,
  });
}

async function codeOf(sent: Promise<unknown>): Promise<string> {
  const error = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return (error as HttpError).code;
}

/** A `fetch` that must not be called. */
const untouched: typeof fetch = () => Promise.reject(new Error('the request was sent'));

describe('createNetwork', () => {
  it('sends the user agent and gives the whole answer', async () => {
    seen = [];
    const response = await network().fetch(`${origin}/a?b=1`);
    expect(response.status).toBe(200);
    expect(response.url).toBe(`${origin}/a?b=1`);
    expect(await response.json()).toEqual({ ok: true });
    expect(seen[0]?.headers['user-agent']).toBe('bowerbird-test');
  });

  it('gives an answer without a body', async () => {
    const response = await network().fetch(`${origin}/none`);
    expect(response.status).toBe(204);
    expect(await response.text()).toBe('');
  });

  it('refuses hosts that are not allowed, before anything is sent', async () => {
    const closed = network({ fetch: untouched });
    expect(await codeOf(closed.fetch('https://example.com/'))).toBe('host-not-allowed');
    expect(await codeOf(closed.fetch('https://127.0.0.1.example.com/'))).toBe('host-not-allowed');
  });

  it('matches wildcard hosts by whole labels', async () => {
    const public8 = { resolve: async () => ['8.8.8.8'], allowedHosts: ['*.example.com'] };
    const sent: string[] = [];
    const recording: typeof fetch = async (url) => {
      sent.push(String(url));
      return new Response('ok');
    };
    const open = network({ ...public8, fetch: recording });
    await open.fetch('https://api.example.com/x');
    expect(sent).toEqual(['https://api.example.com/x']);
    expect(await codeOf(open.fetch('https://badexample.com/'))).toBe('host-not-allowed');
    expect(await codeOf(open.fetch('https://example.com/'))).toBe('host-not-allowed');
    expect(await codeOf(open.fetch('https://example.com.evil.test/'))).toBe('host-not-allowed');
  });

  it('refuses plain http except for a loopback host that is named as private', async () => {
    const closed = { fetch: untouched, privateHosts: [] };
    expect(await codeOf(network(closed).fetch(`${origin}/`))).toBe('insecure');
    const named = { allowedHosts: ['ghes.corp'], privateHosts: ['ghes.corp'], fetch: untouched };
    expect(await codeOf(network(named).fetch('http://ghes.corp/'))).toBe('insecure');
  });

  it('refuses private addresses unless the host is named as private', async () => {
    const inside = { allowedHosts: ['ghes.corp'], privateHosts: [], resolve: async () => ['8.8.8.8', '10.1.2.3'] };
    expect(await codeOf(network({ ...inside, fetch: untouched }).fetch('https://ghes.corp/'))).toBe('private-address');
    const named = { ...inside, privateHosts: ['ghes.corp'], fetch: async () => new Response('ok') };
    expect((await network(named).fetch('https://ghes.corp/')).status).toBe(200);
    const literal = { allowedHosts: ['169.254.169.254'], privateHosts: [], fetch: untouched };
    expect(await codeOf(network(literal).fetch('https://169.254.169.254/latest'))).toBe('private-address');
    expect(await codeOf(network(literal).fetch('https://0xa9fea9fe/latest'))).toBe('private-address');
  });

  it('follows a redirect on the same host and refuses one to another', async () => {
    const response = await network().fetch(`${origin}/redirect?to=/landed`);
    expect(response.url).toBe(`${origin}/landed`);
    for (const to of ['http://localhost:1/', '//example.com/', 'file:///etc/passwd', 'https://api.github.com/']) {
      const url = `${origin}/redirect?to=${encodeURIComponent(to)}`;
      expect(await codeOf(network({ allowedHosts: [host, 'api.github.com'] }).fetch(url))).toBe('redirect');
    }
  });

  it('refuses endless redirects and redirects of a POST', async () => {
    const loop = `${origin}/redirect?to=${encodeURIComponent(`${origin}/redirect?to=/redirect%3Fto%3D/redirect`)}`;
    const self = createNetworkLoop();
    expect(await codeOf(self.fetch('https://a.test/'))).toBe('redirect');
    expect(await codeOf(network().fetch(loop, { method: 'POST', body: 'x' }))).toBe('redirect');
  });

  it('stops at the size and at the time', async () => {
    expect(await codeOf(network().fetch(`${origin}/big`))).toBe('too-large');
    expect(await codeOf(network({ timeoutMs: 50 }).fetch(`${origin}/hang`))).toBe('timeout');
    expect(await codeOf(network({ timeoutMs: 50 }).fetch(`${origin}/drip`))).toBe('timeout');
  });

  it('obeys the signal of the caller', async () => {
    const controller = new AbortController();
    const sent = network().fetch(`${origin}/hang`, { signal: controller.signal });
    controller.abort();
    expect(await codeOf(sent)).toBe('aborted');
    const late = network().fetch(`${origin}/hang`, { signal: AbortSignal.timeout(30) });
    expect(await codeOf(late)).toBe('timeout');
  });

  it('names the host and the system code of a failure, never the query', async () => {
    const dead = { allowedHosts: ['127.0.0.1:9'], privateHosts: ['127.0.0.1:9'] };
    const refuse: typeof fetch = () => Promise.reject(new TypeError('fetch failed', { cause: socketError() }));
    const error = await network({ ...dead, fetch: refuse })
      .fetch('http://127.0.0.1:9/?token=abc')
      .catch(String);
    expect(error).toContain('127.0.0.1:9 could not be reached (ECONNREFUSED)');
    expect(error).not.toContain('abc');
  });

  it('refuses URLs with a user name and text that is no URL', async () => {
    expect(await codeOf(network().fetch(`http://user:pass@${host}/`))).toBe('bad-url');
    expect(await codeOf(network().fetch('nonsense'))).toBe('bad-url');
  });

  it('sends an overridden origin to the other one and keeps the URL', async () => {
    seen = [];
    const override = { allowedHosts: ['api.github.com'], baseUrlOverride: { 'https://api.github.com': origin } };
    const response = await network(override).fetch('https://api.github.com/orgs/acme?page=2');
    expect(response.url).toBe('https://api.github.com/orgs/acme?page=2');
    expect(seen[0]?.url).toBe('/orgs/acme?page=2');
  });
});

describe('isPrivateAddress', () => {
  it('knows public and private addresses', () => {
    const open = ['8.8.8.8', '140.82.121.6', '172.15.0.1', '172.32.0.1', '2606:50c0:8000::153'];
    const closed = ['127.0.0.1', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'];
    const closed6 = ['::', '::1', '::ffff:8.8.8.8', 'fd00:ec2::254', 'fe80::1', '64:ff9b::a00:1', 'not an address'];
    for (const address of open) expect(isPrivateAddress(address), address).toBe(false);
    for (const address of [...closed, ...closed6]) expect(isPrivateAddress(address), address).toBe(true);
  });

  it('agrees with the ranges on any IPv4 address', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), (a, b) => {
        const expected =
          [0, 10, 127].includes(a) ||
          a >= 224 ||
          (a === 100 && b >= 64 && b < 128) ||
          (a === 169 && b === 254) ||
          (a === 172 && b >= 16 && b < 32) ||
          (a === 192 && b === 168) ||
          (a === 198 && (b === 18 || b === 19));
        expect(isPrivateAddress(`${a}.${b}.77.1`)).toBe(expected);
      }),
    );
  });
});

function createNetworkLoop(): ReturnType<typeof createNetwork> {
  const around: typeof fetch = async () =>
    new Response(null, { status: 302, headers: { location: 'https://a.test/' } });
  return network({ allowedHosts: ['a.test'], resolve: async () => ['8.8.8.8'], fetch: around });
}

function socketError(): Error {
  return Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' });
}
