import { appendFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Mirrors, MirrorWorld } from '../../src/mirrors/index.ts';
import { itRarely } from '../it-rarely.ts';
import { addCommits, makeRepository } from './git-server.ts';
import { makePlace, type Place, worldHere } from './place.ts';

const NAMES = ['a', 'b', 'c'];

let place: Place;
beforeAll(async () => {
  place = await makePlace();
  for (const name of NAMES) makeRepository(place.server.root, `acme/${name}.git`, [['f', name.repeat(500)]]);
});
afterAll(() => place.close());
beforeEach(() => rmSync(place.cache, { recursive: true, force: true }));

describe('eviction', () => {
  it('takes the least recently scanned first, never what is held, and says what is over', async () => {
    const { world, mirrors } = openAt();
    await fill(mirrors);
    for (const name of ['c', 'a', 'b']) {
      world.time += 10;
      mirrors.scanned(repository(name));
    }
    expect(await openAt(1e9).mirrors.evict()).toMatchObject({ evicted: 0, freed: 0, over: 0 });
    const { total } = await mirrors.evict();
    const other = openAt(total).mirrors;
    const held = other.hold(repository('a'));
    expect(await mirrorsAfter(openAt(total).mirrors, 1)).toEqual(['a', 'b']);
    expect(await mirrorsAfter(openAt(1).mirrors, 0)).toEqual(['a']);
    expect((await openAt(1).mirrors.evict()).over).toBeGreaterThan(0);
    held.release();
    expect(await openAt(1).mirrors.evict()).toMatchObject({ evicted: 1, total: 0, over: 0 });
    expect(readdirSync(join(place.cache, 'parts'))).toEqual([]);
    expect(readdirSync(join(place.cache, 'locks'))).toEqual([]);
    expect(readdirSync(join(place.cache, 'holds'))).toEqual([]);
  });

  itRarely('keeps the budget by itself, and what it just brought', async () => {
    const { mirrors } = openAt(1);
    for (const name of NAMES) {
      const hold = mirrors.hold(repository(name));
      const result = await mirrors.refresh(repository(name));
      expect(result.state).toBe('ready');
      expect(there()).toEqual([name]);
      hold.release();
    }
    addCommits(join(place.server.root, 'acme/c.git'), 'main', [['g', 'more']]);
    expect(await mirrors.refresh(repository('c'))).toMatchObject({ did: 'fetched' });
    expect(there()).toEqual(['c']);
  });

  itRarely('makes room before a clone whose size is known', async () => {
    const { mirrors } = openAt(100_000);
    await mirrors.refresh(repository('a'));
    const seen: string[][] = [];
    const onProgress = () => void seen.push(there());
    await mirrors.refresh({ ...repository('b'), expectedBytes: 99_999 }, { onProgress });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.flat()).not.toContain('a');
  });

  itRarely('does not mind a hold of a dead process, nor what a person did to the cache', async () => {
    const { mirrors, world } = openAt();
    await fill(mirrors);
    const dead = { ...world.processes.self, started: 'another boot' };
    writeFileSync(join(place.cache, 'holds', `${nameOf('a')}.x`), JSON.stringify(dead));
    rmSync(join(place.cache, 'mirrors', nameOf('b')), { recursive: true });
    appendFileSync(join(place.cache, 'usage.log'), 'nonsense\n["../../x",5,5]\n[1]\n{}\nnull\nhalf');
    expect(await openAt(1).mirrors.evict()).toMatchObject({ evicted: 2, total: 0 });
    rmSync(join(place.cache, 'usage.log'));
    await fill(mirrors);
    rmSync(join(place.cache, 'usage.log'));
    expect((await openAt(1).mirrors.evict()).evicted).toBe(3);
  });

  itRarely('leaves alone what is being refreshed', async () => {
    const { mirrors } = openAt();
    await fill(mirrors);
    const { self } = worldHere().processes;
    writeFileSync(join(place.cache, 'locks', `${nameOf('a')}.lock`), JSON.stringify(self));
    expect(await mirrorsAfter(openAt(1).mirrors, 0)).toEqual(['a']);
  });

  itRarely('knows what other processes did, and keeps its notes short', async () => {
    const { mirrors } = openAt();
    const other = openAt().mirrors;
    expect((await other.evict()).total).toBe(0);
    await fill(mirrors);
    expect((await other.evict()).total).toBe((await mirrors.evict()).total);
    for (let i = 0; i < 3_000; i += 1) mirrors.scanned(repository('a'));
    const long = statSync(join(place.cache, 'usage.log')).size;
    const { total } = await openAt().mirrors.evict();
    expect(statSync(join(place.cache, 'usage.log')).size).toBeLessThan(long / 100);
    expect((await mirrors.evict()).total).toBe(total);
    expect((await other.evict()).total).toBe(total);
  });

  itRarely('costs the same however many mirrors there are', async () => {
    const { mirrors } = openAt();
    await fill(mirrors);
    const lines = Array.from({ length: 50_000 }, (_, i) => `["x-${i.toString(16).padStart(32, '0')}",1,1]\n`);
    appendFileSync(join(place.cache, 'usage.log'), lines.join(''));
    await mirrors.evict();
    const began = performance.now();
    for (let i = 0; i < 100; i += 1) mirrors.scanned(repository('a'));
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe('two on one cache', () => {
  itRarely('clone a repository once', async () => {
    place.server.requests.splice(0);
    const results = await Promise.all(
      [openAt(), openAt(), openAt()].map(({ mirrors }) => mirrors.refresh(repository('a'))),
    );
    expect(results.map((result) => (result.state === 'ready' ? result.did : result.reason)).sort()).toEqual([
      'cloned',
      'nothing',
      'nothing',
    ]);
    const objects = place.server.requests.filter(({ method }) => method === 'POST');
    expect(objects.length).toBeLessThanOrEqual(5);
  });

  it('name who is in the way', async () => {
    const { mirrors } = openAt();
    await mirrors.evict();
    writeFileSync(join(place.cache, 'locks', `${nameOf('a')}.lock`), JSON.stringify(worldHere().processes.self));
    const result = await place.open({ limits: { wait: 0 } }).refresh(repository('a'));
    expect(result).toMatchObject({ state: 'failed', reason: 'locked', retry: true });
    expect(result.state === 'failed' && result.message).toContain(String(process.pid));
    expect(existsSync(join(place.cache, 'mirrors', nameOf('a')))).toBe(false);
  });
});

/** A cache with a clock of its own. */
function openAt(budget = 1e9): { readonly mirrors: Mirrors; readonly world: MirrorWorld & { time: number } } {
  const world = { ...worldHere(), time: 1_000, now: () => world.time };
  return { mirrors: place.open({ world, limits: { budget } }), world };
}

async function fill(mirrors: Mirrors): Promise<void> {
  for (const name of NAMES) await mirrors.refresh(repository(name));
}

async function mirrorsAfter(mirrors: Mirrors, room: number): Promise<string[]> {
  await mirrors.evict(room);
  return there();
}

/** Mirrors of the cache, by the letter of their repository. */
function there(): string[] {
  return readdirSync(join(place.cache, 'mirrors'))
    .map((name) => /-acme-([a-z])-/.exec(name)?.[1] ?? '')
    .sort();
}

function nameOf(name: string): string {
  const hold = place.open().hold(repository(name));
  hold.release();
  return hold.folder.slice(hold.folder.lastIndexOf('/') + 1);
}

function repository(name: string) {
  return { url: place.server.url(`acme/${name}.git`) };
}
