import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MirrorProgress, Refreshed, RefreshResult } from '../../src/mirrors/index.ts';
import { itRarely } from '../it-rarely.ts';
import { addCommits, makeRepository, refsOf, runGit } from './git-server.ts';
import { makePlace, type Place } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace();
});
afterAll(() => place.close());

describe('refresh', () => {
  it('clones, does nothing, fetches what changed, and counts requests as the server does', async () => {
    const { server } = place;
    const folder = makeRepository(server.root, 'acme/app.git', [['a', 'first']]);
    runGit(folder, ['tag', '-a', '-m', 'one', 'v1', 'main']);
    const mirrors = place.open();
    const repository = { url: server.url('acme/app.git'), head: 'refs/heads/main' };

    const first = ready(await mirrors.refresh(repository, { tips: whole(refsOf(folder)) }));
    expect(first).toMatchObject({ did: 'cloned', requests: 3, repaired: false });
    expect(server.requests.splice(0)).toHaveLength(3);
    expect(first.tips).toEqual(refsOf(folder));
    expect(refsOf(first.folder)).toEqual(refsOf(folder));
    expect(first.bytes).toBeGreaterThan(200);

    const same = ready(await mirrors.refresh(repository, { tips: whole(refsOf(folder)) }));
    expect(same).toMatchObject({ did: 'nothing', requests: 0, folder: first.folder, bytes: first.bytes });

    addCommits(folder, 'main', [['a', 'second']]);
    runGit(folder, ['branch', 'more/work', 'main']);
    const changed = ready(await mirrors.refresh(repository, { tips: whole(refsOf(folder)) }));
    expect(changed).toMatchObject({ did: 'fetched', requests: 3 });
    expect(server.requests.splice(0)).toHaveLength(3);
    expect(refsOf(first.folder)).toEqual(refsOf(folder));
    expect(changed.bytes).toBeGreaterThan(first.bytes);

    const unknown = ready(await mirrors.refresh(repository));
    expect(unknown).toMatchObject({ did: 'nothing', requests: 2 });
    expect(server.requests.splice(0)).toHaveLength(2);
    const cut = ready(await mirrors.refresh(repository, { tips: { refs: refsOf(folder), complete: false } }));
    expect(cut).toMatchObject({ did: 'nothing', requests: 2 });
    server.requests.splice(0);
  });

  itRarely('follows forced updates, deleted refs, and a branch that becomes a folder', async () => {
    const { server } = place;
    const folder = makeRepository(server.root, 'acme/moves.git', [['a', '1']]);
    addCommits(folder, 'work', [['b', '2']]);
    const mirrors = place.open();
    const repository = { url: server.url('acme/moves.git') };
    await mirrors.refresh(repository);
    runGit(folder, ['branch', '-D', 'work']);
    addCommits(folder, 'work/inner', [['c', '3']]);
    runGit(folder, ['fast-import', '--quiet', '--force'], 'reset refs/heads/main\nfrom refs/heads/work/inner^0\n\n');
    const after = ready(await mirrors.refresh(repository));
    expect(after.did).toBe('fetched');
    expect(after.tips).toEqual(refsOf(folder));
    expect([...after.tips.keys()]).toEqual(['refs/heads/main', 'refs/heads/work/inner']);
  });

  itRarely('asks at most four times, even where a long history was written anew', async () => {
    const { server } = place;
    const many = (word: string) => Array.from({ length: 600 }, (_, i) => ['a', `${word} ${i}`] as const);
    const folder = makeRepository(server.root, 'acme/anew.git', many('old'));
    const mirrors = place.open();
    const repository = { url: server.url('acme/anew.git') };
    await mirrors.refresh(repository);
    runGit(folder, ['update-ref', '-d', 'refs/heads/main']);
    addCommits(folder, 'main', many('new'));
    server.requests.splice(0);
    const after = ready(await mirrors.refresh(repository));
    expect(after).toMatchObject({ did: 'fetched', tips: refsOf(folder) });
    expect(after.requests).toBe(server.requests.length);
    expect(after.requests).toBeLessThanOrEqual(4);
  });

  itRarely('mirrors an empty repository, which later gets commits', async () => {
    const folder = makeRepository(place.server.root, 'acme/empty.git', []);
    const mirrors = place.open();
    const repository = { url: place.server.url('acme/empty.git') };
    expect(ready(await mirrors.refresh(repository))).toMatchObject({ did: 'cloned', tips: new Map() });
    expect(ready(await mirrors.refresh(repository, { tips: whole(new Map()) })).did).toBe('nothing');
    addCommits(folder, 'main', [['a', '1']]);
    expect(ready(await mirrors.refresh(repository))).toMatchObject({ did: 'fetched', tips: refsOf(folder) });
  });

  itRarely('makes HEAD name the default branch, told by the host or asked of it', async () => {
    const folder = makeRepository(place.server.root, 'acme/head.git', [['a', '1']]);
    addCommits(folder, 'next', [['b', '2']]);
    const mirrors = place.open();
    const url = place.server.url('acme/head.git');
    const first = ready(await mirrors.refresh({ url }));
    const head = () => readFileSync(join(first.folder, 'HEAD'), 'utf8');
    expect(head()).toBe('ref: refs/heads/main\n');
    await mirrors.refresh({ url, head: 'refs/heads/next' }, { tips: whole(refsOf(folder)) });
    expect(head()).toBe('ref: refs/heads/next\n');
    await mirrors.refresh({ url, head: 'refs/heads/../../../config' }, { tips: whole(refsOf(folder)) });
    await mirrors.refresh({ url, head: 'refs/heads/absent' }, { tips: whole(refsOf(folder)) });
    expect(head()).toBe('ref: refs/heads/next\n');
    runGit(folder, ['branch', '-D', 'next']);
    await mirrors.refresh({ url });
    expect(head()).toBe('ref: refs/heads/main\n');
  });

  itRarely('mirrors more refs on request, and no others', async () => {
    const folder = makeRepository(place.server.root, 'acme/pulls.git', [['a', '1']]);
    addCommits(folder, 'gone', [['b', '2']]);
    runGit(folder, ['update-ref', 'refs/pull/7/head', 'gone']);
    runGit(folder, ['update-ref', 'refs/other/x', 'gone']);
    runGit(folder, ['branch', '-D', 'gone']);
    const mirrors = place.open({ moreRefs: ['refs/pull/'] });
    const repository = { url: place.server.url('acme/pulls.git') };
    const first = ready(await mirrors.refresh(repository));
    expect([...first.tips.keys()]).toEqual(['refs/heads/main', 'refs/pull/7/head']);
    runGit(folder, ['update-ref', '-d', 'refs/pull/7/head']);
    runGit(folder, ['update-ref', 'refs/pull/8/head', 'main']);
    const second = ready(await mirrors.refresh(repository));
    expect([...second.tips.keys()]).toEqual(['refs/heads/main', 'refs/pull/8/head']);
    expect(() => place.open({ moreRefs: ['--upload-pack=x'] })).toThrow('refs/pull/');
  });

  itRarely('has no hook, no checkout, no configuration of the user and no lock afterwards', async () => {
    const folder = makeRepository(place.server.root, 'acme/plain.git', [['.gitmodules', '[submodule "x"]\n']]);
    addCommits(folder, 'main', [['b', '2']]);
    const home = join(place.cache, '..', 'users-home');
    runGit(place.server.root, ['init', '-q', '--bare', home]);
    writeFileSync(
      join(home, '.gitconfig'),
      '[init]\n\ttemplateDir = /nonexistent\n[http]\n\tproxy = http://127.0.0.1:1\n',
    );
    writeFileSync(join(home, '.netrc'), 'machine 127.0.0.1 login someone password {planted}\n');
    place.server.requests.splice(0);
    const env = { ...process.env, HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig'), GIT_DIR: '/nonexistent' };
    const { processes, ...world } = await import('./place.ts').then(({ worldHere }) => worldHere());
    const mirrors = place.open({ world: { ...world, processes, env } });
    const result = ready(await mirrors.refresh({ url: place.server.url('acme/plain.git') }));
    expect(readdirSync(result.folder).sort()).toEqual(['HEAD', 'config', 'objects', 'packed-refs', 'refs']);
    expect(place.server.requests.map(({ authorization }) => authorization).join('')).toBe('');
    expect(readdirSync(join(place.cache, 'locks'))).toEqual([]);
    expect(readdirSync(join(place.cache, 'parts'))).toEqual([]);
    expect(readdirSync(join(place.cache, 'home'))).toEqual([]);
  });

  itRarely('cleans up what a killed git left, and clones again what is damaged', async () => {
    const folder = makeRepository(place.server.root, 'acme/harm.git', [['a', '1']]);
    const mirrors = place.open();
    const repository = { url: place.server.url('acme/harm.git') };
    const first = ready(await mirrors.refresh(repository));
    writeFileSync(join(first.folder, 'packed-refs.lock'), '');
    writeFileSync(join(first.folder, 'refs', 'heads', 'main.lock'), '');
    writeFileSync(join(first.folder, 'objects', 'pack', 'tmp_pack_x'), 'half');
    addCommits(folder, 'main', [['a', '2']]);
    expect(ready(await mirrors.refresh(repository))).toMatchObject({ did: 'fetched', tips: refsOf(folder) });
    expect(existsSync(join(first.folder, 'objects', 'pack', 'tmp_pack_x'))).toBe(false);

    const tips = whole(refsOf(folder));
    const harms = [
      () => writeFileSync(join(first.folder, 'packed-refs'), 'nonsense\n'),
      () => rmSync(join(first.folder, 'objects'), { recursive: true }),
      () => rmSync(join(first.folder, 'HEAD')),
    ];
    for (const [i, harm] of harms.entries()) {
      harm();
      if (i === 2) addCommits(folder, 'main', [['a', '3']]);
      const given = i === 2 ? whole(refsOf(folder)) : tips;
      expect(ready(await mirrors.refresh(repository, { tips: given }))).toMatchObject({
        did: 'cloned',
        repaired: true,
      });
    }
  });

  itRarely('removes the part of a run that was killed', async () => {
    makeRepository(place.server.root, 'acme/part.git', [['a', '1']]);
    const repository = { url: place.server.url('acme/part.git') };
    const hold = place.open().hold(repository);
    const name = hold.folder.split('/').at(-1) ?? '';
    hold.release();
    runGit(place.server.root, ['init', '-q', '--bare', join(place.cache, 'parts', `${name}.dead`)]);
    expect(ready(await place.open().refresh(repository)).did).toBe('cloned');
    expect(readdirSync(join(place.cache, 'parts'))).toEqual([]);
  });

  itRarely('joins packs where there are many, and loses nothing', async () => {
    const folder = makeRepository(place.server.root, 'acme/packs.git', [['a', '0']]);
    const mirrors = place.open();
    const repository = { url: place.server.url('acme/packs.git') };
    const { folder: mirror } = ready(await mirrors.refresh(repository));
    const lost = refsOf(folder).get('refs/heads/main') ?? '';
    for (let i = 0; i < 41; i += 1) {
      const blob = runGit(mirror, ['hash-object', '-w', '--stdin'], `blob ${i}`);
      runGit(mirror, ['pack-objects', '-q', 'objects/pack/pack'], blob);
    }
    runGit(folder, ['update-ref', '-d', 'refs/heads/main']);
    addCommits(folder, 'main', [['a', 'other']]);
    expect(ready(await mirrors.refresh(repository)).did).toBe('fetched');
    const packs = readdirSync(join(mirror, 'objects', 'pack')).filter((name) => name.endsWith('.pack'));
    expect(packs.length).toBeLessThan(10);
    expect(runGit(mirror, ['cat-file', '-t', lost])).toBe('commit\n');
  });

  itRarely('packs refs where many lie alone', async () => {
    const folder = makeRepository(place.server.root, 'acme/loose.git', [['a', '0']]);
    const mirrors = place.open();
    const repository = { url: place.server.url('acme/loose.git') };
    const { folder: mirror } = ready(await mirrors.refresh(repository));
    const resets = Array.from({ length: 300 }, (_, i) => `reset refs/heads/b/${i}\nfrom refs/heads/main^0\n\n`);
    runGit(folder, ['fast-import', '--quiet'], resets.join(''));
    expect(ready(await mirrors.refresh(repository)).tips).toEqual(refsOf(folder));
    expect(readdirSync(join(mirror, 'refs', 'heads'))).toEqual([]);
    expect(ready(await mirrors.refresh(repository, { tips: whole(refsOf(folder)) })).did).toBe('nothing');
  });

  itRarely('tells how far it is', async () => {
    const files = Array.from({ length: 30 }, (_, i) => [`f${i}`, `${i}`.repeat(999)] as const);
    makeRepository(place.server.root, 'acme/progress.git', files);
    const seen: MirrorProgress[] = [];
    await place.open().refresh({ url: place.server.url('acme/progress.git') }, { onProgress: (now) => seen.push(now) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every(({ percent }) => percent >= 0 && percent <= 100)).toBe(true);
  });
});

function whole(refs: ReadonlyMap<string, string>) {
  return { refs, complete: true };
}

function ready(result: RefreshResult): Refreshed {
  if (result.state !== 'ready') throw new Error(`${result.reason}: ${result.message}`);
  return result;
}
