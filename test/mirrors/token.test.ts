import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Credential } from '../../src/mirrors/index.ts';
import { Secret } from '../../src/model/secret.ts';
import { itRarely } from '../it-rarely.ts';
import { listCommands } from './commands.ts';
import { makeRepository } from './git-server.ts';
import { makePlace, type Place } from './place.ts';

const VALUE = 'made-up-value-for-a-test';
const CREDENTIAL: Credential = { scheme: 'basic', user: 'x-access-token', secret: new Secret(VALUE) };
const ENCODED = Buffer.from(`x-access-token:${VALUE}`).toString('base64');

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  const text = Array.from({ length: 4_000 }, (_, i) => (i * 2_654_435_761).toString(36)).join('');
  makeRepository(place.server.root, 'acme/private.git', [['a', text]]);
});
afterAll(() => place.close());

describe('a token', () => {
  itRarely('reaches the host, and no command line, file of the cache or answer', async () => {
    const { server } = place;
    server.authorization = `Basic ${ENCODED}`;
    server.manners.set('acme/private.git', { slow: 4_000 });
    const repository = { url: server.url('acme/private.git') };
    const running = place.open().refresh(repository, { credential: CREDENTIAL });
    let isRunning = true;
    const seen = new Set<string>();
    void running.finally(() => {
      isRunning = false;
    });
    while (isRunning) {
      for (const line of [...listCommands(), readAll(place.cache)]) seen.add(line);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const result = await running;
    expect(result).toMatchObject({ state: 'ready', did: 'cloned' });
    const all = `${[...seen].join('\n')}${readAll(place.cache)}${JSON.stringify(result)}`;
    expect(all).toContain(server.origin);
    expect(all).not.toContain(VALUE);
    expect(all).not.toContain(ENCODED);
    expect(server.requests.every(({ authorization }) => authorization === server.authorization)).toBe(true);
    server.manners.clear();
  });

  it('that is wrong, missing or expired at half time is a denial', async () => {
    const { server } = place;
    server.authorization = `Bearer ${VALUE}`;
    const repository = { url: server.url('acme/private.git') };
    const given: (Credential | undefined)[] = [
      undefined,
      CREDENTIAL,
      { scheme: 'bearer', secret: new Secret('other') },
    ];
    for (const credential of given) {
      const result = await place.open().refresh(repository, credential === undefined ? {} : { credential });
      expect(result).toMatchObject({ state: 'failed', reason: 'denied', retry: true });
      expect(JSON.stringify(result)).not.toContain(VALUE);
    }
    const credential: Credential = { scheme: 'bearer', secret: new Secret(VALUE) };
    expect(await place.open().refresh(repository, { credential })).toMatchObject({ state: 'ready' });
    server.manners.set('acme/private.git', { status: 401, from: 2 });
    expect(await place.open().refresh(repository, { credential })).toMatchObject({ reason: 'denied', hasOlder: true });
    server.manners.clear();
    server.authorization = undefined;
  });

  it('is never sent where the host redirects to', async () => {
    const other = await makePlace();
    const headers = { location: other.server.url('acme/private.git/info/refs?service=git-upload-pack') };
    place.server.manners.set('acme/away.git', { status: 302, headers });
    const result = await place.open().refresh({ url: place.server.url('acme/away.git') }, { credential: CREDENTIAL });
    expect(result).toMatchObject({ state: 'failed', reason: 'moved' });
    expect(other.server.requests).toEqual([]);
    await other.close();
  });

  it('is refused where it would be more than a token', async () => {
    place.server.requests.splice(0);
    const bad: Credential[] = [
      { scheme: 'bearer', secret: new Secret('a\r\nHost: other') },
      { scheme: 'bearer', secret: new Secret('') },
      { scheme: 'basic', user: 'a:b', secret: new Secret('c') },
    ];
    for (const credential of bad) {
      const result = await place.open().refresh({ url: place.server.url('acme/private.git') }, { credential });
      expect(result).toMatchObject({ state: 'failed', reason: 'refused' });
    }
    expect(place.server.requests).toEqual([]);
  });
});

/** All small files below a folder as one text. */
function readAll(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => {
      try {
        return readFileSync(join(parentPath, name), 'latin1');
      } catch {
        return '';
      }
    })
    .join('\n');
}
