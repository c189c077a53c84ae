import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AppCredential, createAppCredential } from '../../../src/clients/github/app.ts';
import { readAppKey } from '../../../src/clients/github/app-key.ts';
import { createGithubClient } from '../../../src/clients/github/client.ts';
import type { Network } from '../../../src/clients/shared/context.ts';
import { Secret } from '../../../src/model/secret.ts';
import { buildAcme, madeToken } from '../../collectors/github/acme.ts';
import { contextFor } from '../../collectors/github/context.ts';
import { type Asked, FakeGithub, notFound, send } from '../../hosts/fake-github.ts';
import { itRarely } from '../../it-rarely.ts';

const { privateKey: pair } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = {
  pkcs1: pair.export({ type: 'pkcs1', format: 'pem' }),
  pkcs8: pair.export({ type: 'pkcs8', format: 'pem' }),
};
const APP = '4711';
const acme = buildAcme();
const fake = new FakeGithub(acme.answers);
/** What GitHub tells an App of the place where it is installed. */
const INSTALLATION = madeInstallation();

beforeAll(() => fake.start());
afterAll(() => fake.stop());
afterEach(() => expect(fake.problems).toEqual([]));
beforeEach(() => {
  fake.reset();
  fake.override = answerApp;
});

const tokenNumber = (number: number): string => madeToken(`gh${'s_'}app${number}`, 32);
const mints = (): Asked[] => fake.asked.filter(({ path }) => path.endsWith('/access_tokens'));

/** True if the request proves to come from the App: a token that its key has signed. */
function isSigned(authorization: string | undefined): boolean {
  const [head = '', body = '', signature = ''] = (authorization ?? '').replace(/^bearer /i, '').split('.');
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString() || 'null');
  const issuer = typeof claims === 'object' && claims !== null && 'iss' in claims ? String(claims.iss) : '';
  const bytes = Buffer.from(`${head}.${body}`);
  const key = createPublicKey(pair);
  return issuer === APP && verify('RSA-SHA256', bytes, key, Buffer.from(signature, 'base64url'));
}

/** GitHub as an App sees it: one installation, in acme; each token that it mints has a number. */
function answerApp(asked: Asked, response: ServerResponse): boolean {
  const { path, headers } = asked;
  if (path === '/orgs/acme/repos') return refuseStale(headers.authorization, response);
  if (!path.endsWith('/installation') && !path.endsWith('/access_tokens')) return false;
  if (!isSigned(headers.authorization)) send(response, 401, { message: 'A JSON web token could not be decoded' });
  else if (path === '/orgs/acme/installation') fake.sendDescribed(asked, response, 200, INSTALLATION);
  else if (path === '/users/someone/installation') {
    fake.sendDescribed(asked, response, 200, { ...INSTALLATION, suspended_at: '2026-01-01T00:00:00Z' });
  } else if (path === '/app/installations/99/access_tokens') {
    const token = { token: tokenNumber(mints().length), expires_at: '2026-01-15T13:00:00Z' };
    fake.sendDescribed(asked, response, 201, { ...token, repository_selection: 'selected' });
  } else send(response, 404, notFound());
  return true;
}

/** Only the last token that was minted is good. */
function refuseStale(authorization: string | undefined, response: ServerResponse): boolean {
  if (authorization === `token ${tokenNumber(mints().length)}`) return false;
  send(response, 401, { message: 'Bad credentials' });
  return true;
}

function networkOf(): Network {
  const { network } = contextFor(fake);
  if (network === undefined) throw new Error('the fake has a network');
  return network;
}

function appIn(owner: string, privateKey: string | Buffer = PEM.pkcs8, appId = APP): AppCredential {
  const key = { appId, privateKey: new Secret(String(privateKey)) };
  return createAppCredential(contextFor(fake), { network: networkOf(), baseUrl: fake.url, key, owner });
}

describe('a GitHub App', () => {
  it('finds its installation by organisation and mints a token once, with a key of either form', async () => {
    for (const key of Object.values(PEM)) {
      fake.asked.length = 0;
      const app = appIn('acme', key);
      const tokens = await Promise.all([app.token(), app.token(), app.token()]);
      expect(tokens.map((token) => token instanceof Secret && token.reveal())).toEqual(Array(3).fill(tokenNumber(1)));
      expect(fake.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
        'GET /orgs/acme/installation',
        'POST /app/installations/99/access_tokens',
      ]);
    }
  });

  it('mints again when a token is refused at half time, once for all that were under way', async () => {
    const credential = appIn('acme');
    const ask = await createGithubClient(contextFor(fake), { network: networkOf(), baseUrl: fake.url, credential });
    expect(await ask({ method: 'GET', path: '/orgs/acme/repos' })).toMatchObject({ status: 200 });
    const other = await appIn('acme').mint();
    expect(other).toMatchObject({ expiresAt: '2026-01-15T13:00:00Z' });
    const requests = [1, 2, 3].map(() => ask({ method: 'GET', path: '/orgs/acme/repos' }));
    expect((await Promise.all(requests)).map((answer) => 'status' in answer && answer.status)).toEqual([200, 200, 200]);
    expect(mints()).toHaveLength(3);
  });

  it('says where it is not installed or suspended, and asks no more', async () => {
    const missing = appIn('nobody');
    const detail = 'the App 4711 is not installed in "nobody": install it there, or check BOWERBIRD_GITHUB_APP_ID';
    expect(await missing.token()).toEqual({ state: 'failed', reason: 'denied', detail });
    const asked = fake.asked.length;
    await missing.token();
    expect(fake.asked).toHaveLength(asked);
    expect(await appIn('someone').token()).toMatchObject({
      detail: expect.stringContaining('is suspended in "someone"'),
    });
  });

  itRarely('says that the key is wrong, and shows neither key nor token', async () => {
    const failed = await appIn('acme', PEM.pkcs8, '4712').token();
    expect(failed).toMatchObject({ reason: 'denied', status: 401 });
    const app = appIn('acme');
    const shown = inspect([failed, await app.token(), app, await app.mint()], { depth: 9, showHidden: true });
    expect(shown).not.toContain('PRIVATE KEY');
    expect(shown).not.toContain(tokenNumber(1));
  });

  itRarely('reports a limit, a broken answer and a server that is not there', async () => {
    fake.override = (_, response) =>
      send(response, 429, { message: 'slow down' }, { 'retry-after': '9' }) === undefined;
    expect(await appIn('acme').token()).toMatchObject({ reason: 'rate-limited' });
    fake.override = (_, response) => send(response, 200, { id: 'x' }) === undefined;
    expect(await appIn('acme').token()).toMatchObject({ reason: 'malformed' });
    const key = { appId: APP, privateKey: new Secret(String(PEM.pkcs8)) };
    const away = { network: networkOf(), baseUrl: 'https://ghes.example/api/v3', key, owner: 'acme' };
    expect(await createAppCredential(contextFor(fake), away).token()).toMatchObject({
      reason: 'provider-error',
      detail: expect.stringContaining('ghes.example is not a host that may be asked'),
    });
  });
});

describe('the key of an App', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-app-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (env: Readonly<Record<string, string>>): unknown =>
    readAppKey(
      Object.fromEntries(Object.entries(env).map(([name, value]) => [`BOWERBIRD_GITHUB_APP_${name}`, value])),
      folder,
    );

  it('comes from a file or a variable, which may be one line', () => {
    writeFileSync(join(folder, 'app.pem'), PEM.pkcs1);
    const line = String(PEM.pkcs1).trim().replaceAll('\n', '\\n');
    for (const env of [
      { ID: APP, KEY_FILE: 'app.pem' },
      { ID: APP, KEY: String(PEM.pkcs1) },
      { ID: 'Iv23abcdEFGH', KEY: line },
    ]) {
      const key = readAppKey(
        Object.fromEntries(Object.entries(env).map(([n, v]) => [`BOWERBIRD_GITHUB_APP_${n}`, v])),
        folder,
      );
      expect(key?.privateKey.reveal().trim()).toBe(String(PEM.pkcs1).trim());
      expect(inspect(key)).not.toContain('PRIVATE KEY');
    }
    expect(read({})).toBeUndefined();
  });

  it('is refused with what to write instead', () => {
    const { privateKey: small } = generateKeyPairSync('ed25519');
    writeFileSync(join(folder, 'other.pem'), small.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => read({ KEY: 'x' })).toThrow('BOWERBIRD_GITHUB_APP_ID is not the id of an App');
    expect(() => read({ ID: 'my-app', KEY: 'x' })).toThrow('write the number');
    expect(() => read({ ID: APP })).toThrow('set BOWERBIRD_GITHUB_APP_KEY_FILE');
    expect(() => read({ ID: APP, KEY: 'x', KEY_FILE: 'y' })).toThrow('not both');
    expect(() => read({ ID: APP, KEY: 'x' })).toThrow('no RSA private key');
    expect(() => read({ ID: APP, KEY_FILE: 'absent.pem' })).toThrow('cannot be read (absent)');
    expect(() => read({ ID: APP, KEY_FILE: 'other.pem' })).toThrow('no RSA private key');
  });
});

function madeInstallation(): Readonly<Record<string, unknown>> {
  const [found] = (acme.answers.get('/orgs/acme/installations') ?? []) as readonly Readonly<Record<string, unknown>>[];
  return { ...found, id: 99, suspended_at: null };
}
