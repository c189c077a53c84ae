import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MirrorReason, NotRefreshed, RefreshResult } from '../../src/mirrors/index.ts';
import { inLane, itRarely } from '../it-rarely.ts';
import { listCommands, listProcesses } from './commands.ts';
import { addCommits, type Manner, makeRepository, refsOf, runGit } from './git-server.ts';
import { makePlace, type Place, worldHere } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.close());

/** How a host answers, and what that is called. */
const ANSWERS: readonly (readonly [name: string, manner: Manner, reason: MirrorReason])[] = [
  ['not-found', { status: 404 }, 'not-found'],
  ['gone', { status: 410 }, 'gone'],
  ['renamed', { status: 301, headers: { location: 'https://example.org/other.git' } }, 'moved'],
  ['forbidden', { status: 403, text: 'You may not read this.' }, 'denied'],
  ['disabled', { status: 403, text: 'Access to this repository has been disabled by its host.' }, 'disabled'],
  ['taken-down', { status: 451 }, 'disabled'],
  ['limited', { status: 429 }, 'busy'],
  ['down', { status: 503 }, 'unreachable'],
  ['a-page', { status: 200, text: '<html>welcome</html>' }, 'broken'],
  ['cut', { cut: 200 }, 'unreachable'],
];

/** What the default tests try; the lane tries all. */
const USUAL = ['not-found', 'renamed', 'a-page'];

describe('failures', () => {
  it.each(ANSWERS.filter(([name]) => inLane || USUAL.includes(name)))('%s', async (name, manner, reason) => {
    const { server } = place;
    makeRepository(server.root, `bad/${name}.git`, [['a', 'text '.repeat(99)]]);
    server.manners.set(`bad/${name}.git`, manner);
    const result = failed(await place.open().refresh({ url: server.url(`bad/${name}.git`) }));
    expect(result).toMatchObject({ reason, hasOlder: false });
    expect(result.advice).toMatch(/\.$/);
    expect(result.requests).toBeGreaterThan(0);
    expect(readdirSync(join(place.cache, 'parts'))).toEqual([]);
  });

  itRarely('keeps the older mirror where the host fails midway', async () => {
    const { server } = place;
    const folder = makeRepository(server.root, 'bad/later.git', [['a', 'text '.repeat(99)]]);
    const mirrors = place.open();
    const repository = { url: server.url('bad/later.git') };
    await mirrors.refresh(repository);
    addCommits(folder, 'main', [['b', 'text '.repeat(999)]]);
    const { folder: mirror } = mirrors.hold(repository);
    const refs = refsOf(mirror);
    runGit(folder, ['branch', '-m', 'main', 'moved']);
    for (const manner of [{ status: 404 }, { status: 503 }, { cut: 100 }, { status: 200, text: 'Log in' }]) {
      server.manners.set('bad/later.git', manner);
      expect(failed(await mirrors.refresh(repository)).hasOlder).toBe(true);
      expect(refsOf(mirror)).toEqual(refs);
    }
    server.manners.delete('bad/later.git');
    expect((await mirrors.refresh(repository)).state).toBe('ready');
  });

  itRarely('calls a host that does not answer at all unreachable', async () => {
    const closed = await makePlace();
    await closed.close();
    const result = failed(await place.open().refresh({ url: closed.server.url('a/b.git') }));
    expect(result.reason).toBe('unreachable');
  });

  itRarely('stops at a limit of time, of silence, of bytes, and when the caller says so', async () => {
    const { server } = place;
    const noise = Array.from({ length: 20 }, (_, i) => [`f${i}`, noiseOf(i, 20_000)] as const);
    makeRepository(server.root, 'bad/slow.git', noise);
    const repository = { url: server.url('bad/slow.git') };
    const reasonOf = async (options: Parameters<Place['open']>[0], signal?: AbortSignal) => {
      const result = await place.open(options).refresh(repository, { ...(signal ? { signal } : {}) });
      expect(existsSync(place.open().hold(repository).folder)).toBe(false);
      expect(readdirSync(join(place.cache, 'parts'))).toEqual([]);
      return failed(result).reason;
    };
    server.manners.set('bad/slow.git', { slow: 8_000 });
    expect(await reasonOf({ limits: { bytes: 30_000 } })).toBe('too-large');
    expect(await reasonOf({ limits: { time: 700 } })).toBe('timeout');
    expect(await reasonOf({}, AbortSignal.timeout(700))).toBe('aborted');
    expect(await reasonOf({}, AbortSignal.abort())).toBe('aborted');
    server.manners.set('bad/slow.git', { silent: true });
    expect(await reasonOf({ limits: { idle: 700 } })).toBe('timeout');
    expect(await helpersOf(server.origin)).toEqual([]);
    expect(
      failed(await place.open({ limits: { bytes: 100 } }).refresh({ ...repository, expectedBytes: 101 })).reason,
    ).toBe('too-large');
  });

  itRarely('stops before the disk is full', async () => {
    makeRepository(place.server.root, 'bad/disk.git', [['a', '1']]);
    place.server.manners.set('bad/disk.git', { silent: true });
    const mirrors = place.open({ world: { ...worldHere(), freeBytes: () => 5 } });
    expect(failed(await mirrors.refresh({ url: place.server.url('bad/disk.git') })).reason).toBe('disk-full');
  });

  itRarely('names a repository with too many refs, before and after the clone', async () => {
    const folder = makeRepository(place.server.root, 'bad/refs.git', [['a', '1']]);
    for (const name of ['b', 'c', 'd']) runGit(folder, ['branch', name, 'main']);
    const repository = { url: place.server.url('bad/refs.git') };
    const few = place.open({ limits: { refs: 3 } });
    expect(failed(await few.refresh(repository)).reason).toBe('too-many-refs');
    const refs = new Map([['refs/heads/main', '0'.repeat(40)]]);
    expect(failed(await few.refresh(repository, { tips: { refs, complete: true } })).reason).toBe('too-many-refs');
    expect((await place.open({ limits: { refs: 4 } }).refresh(repository)).state).toBe('ready');
    expect(failed(await few.refresh(repository)).reason).toBe('too-many-refs');
  });

  itRarely(
    'names a repository with 100,001 refs',
    async () => {
      const folder = makeRepository(place.server.root, 'bad/many.git', [['a', '1']]);
      const resets = Array.from({ length: 100_000 }, (_, i) => `reset refs/heads/b/${i}\nfrom refs/heads/main^0\n\n`);
      runGit(folder, ['fast-import', '--quiet'], resets.join(''));
      runGit(folder, ['pack-refs', '--all']);
      const result = await place.open().refresh({ url: place.server.url('bad/many.git') });
      expect(failed(result).reason).toBe('too-many-refs');
    },
    120_000,
  );

  itRarely('refuses malformed objects, unless the caller wants them', async () => {
    const folder = makeRepository(place.server.root, 'bad/objects.git', [['a', '1']]);
    const blob = runGit(folder, ['rev-parse', 'main:a']).trim();
    const entry = Buffer.concat([Buffer.from('100644 .git\0'), Buffer.from(blob, 'hex')]);
    const tree = runGit(folder, ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], entry);
    const who = 'author A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000';
    const text = `tree ${tree.trim()}\n${who}\n\nBad\n`;
    const commit = runGit(folder, ['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], text).trim();
    runGit(folder, ['update-ref', 'refs/heads/main', commit]);
    const repository = { url: place.server.url('bad/objects.git') };
    expect(failed(await place.open().refresh(repository)).reason).toBe('broken');
    expect((await place.open({ checkObjects: false }).refresh(repository)).state).toBe('ready');
  });

  itRarely('takes a git that somebody kills for no success', async () => {
    const { server } = place;
    makeRepository(server.root, 'bad/killed.git', [['a', noiseOf(1, 100_000)]]);
    server.manners.set('bad/killed.git', { slow: 8_000 });
    const url = server.url('bad/killed.git');
    const running = place.open().refresh({ url });
    const isClone = (line: string) => line.includes(' clone ') && line.includes(url);
    let pid: number | undefined;
    while (pid === undefined) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      pid = listProcesses().find((process) => isClone(process.command))?.pid;
    }
    process.kill(pid, 'SIGKILL');
    expect(failed(await running)).toMatchObject({ hasOlder: false });
    expect(readdirSync(join(place.cache, 'parts'))).toEqual([]);
  });

  it('says that git is missing', async () => {
    const world = { ...worldHere(), env: { PATH: place.cache } };
    const result = failed(await place.open({ world }).refresh({ url: place.server.url('a/b.git') }));
    expect(result).toMatchObject({ reason: 'no-git', requests: 0 });
  });
});

/** Command lines of processes that name a server. They may need a moment to end. */
async function helpersOf(origin: string): Promise<string[]> {
  const find = () => listCommands().filter((line) => line.includes(origin));
  for (let i = 0; i < 20 && find().length > 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  return find();
}

/** Text that does not compress. */
function noiseOf(seed: number, length: number): string {
  let state = seed + 1;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += state.toString(36);
  }
  return text;
}

function failed(result: RefreshResult): NotRefreshed {
  if (result.state === 'ready') throw new Error(`it was ${result.did}`);
  return result;
}
