import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import range from '../../src/collectors/range/index.ts';
import { UsageError } from '../../src/model/errors.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { itRarely } from '../it-rarely.ts';
import {
  type Gathered,
  gather,
  plantHostileConfig,
  type Seen,
  TestRepository,
  temporaryFolder,
  testContext,
} from './shared-git.ts';

function scan(repository: TestRepository | string, value: string, more: Parameters<typeof gather>[1] = {}) {
  const cwd = typeof repository === 'string' ? repository : repository.folder;
  return gather(range, { cwd, value, ...more });
}

function blobs(result: Gathered): Seen[] {
  return result.seen.filter((one) => one.part === undefined);
}

function messages(result: Gathered): string[] {
  return result.seen.filter((one) => one.part === 'commit-message').map((one) => one.text);
}

/** A repository with one commit on main and a branch `side` that is checked out. */
function branched(): TestRepository {
  const repository = new TestRepository();
  repository.commit('base', { 'a.txt': 'keep\n', 'base.txt': 'base\n' });
  repository.git('checkout', '-q', '-b', 'side');
  return repository;
}

let sample: TestRepository;

beforeAll(() => {
  sample = new TestRepository({ folder: mkdtempSync(join(tmpdir(), 'bowerbird-contract-')) });
  sample.commit('first', { 'a.txt': 'one\n' });
  sample.git('checkout', '-q', '-b', 'side');
  sample.commit('second', { 'a.txt': 'one\ntwo\n', 'b.txt': 'new\n' });
  sample.git('remote', 'add', 'origin', 'https://robot:word-of-the-robot@example.com/owner/name.git');
});

afterAll(() => rmSync(sample.folder, { recursive: true, force: true }));

collectorContract(range, [
  {
    name: 'a small repository',
    context: () => testContext({ cwd: sample.folder }),
    address: () => ({ scheme: 'range', value: 'main...side', text: 'range:main...side' }),
    secrets: ['word-of-the-robot'],
    artifacts: 2,
  },
]);

describe('range', () => {
  it('gives what the commits add, each with its own commit, also what was removed again', async () => {
    const repository = branched();
    const added = repository.commit('adds it', { 'secret.txt': 'passing through\n', 'a.txt': 'keep\nmore\n' });
    repository.git('rm', '-q', 'secret.txt');
    const removed = repository.commit('removes it', { 'new.txt': 'stays\n' });
    const result = await scan(repository, 'main...side');
    expect(blobs(result)).toMatchObject([
      { path: 'a.txt', text: 'keep\nmore\n', added: ['more\n'], commit: added, present: true, author: 'Ada Author' },
      { path: 'secret.txt', text: 'passing through\n', commit: added, present: false, reachable: true },
      { path: 'new.txt', commit: removed, present: true },
    ]);
    expect(blobs(result)[1]).not.toHaveProperty('added');
    expect(messages(result)).toEqual(['adds it\n', 'removes it\n']);
    expect(result.facts).toMatchObject({ commits: 2, shallow: false });
    expect(result.gaps).toEqual([]);
    for (const value of ['main..side', 'main', 'main...', 'main..HEAD']) {
      expect(blobs(await scan(repository, value)), value).toEqual(blobs(result));
    }
    const whole = await scan(repository, 'main...side', { options: { 'full-blobs': true } });
    expect(blobs(whole).some((one) => one.added !== undefined)).toBe(false);
  });

  it('compares each version with the one before, so that a line is new once', async () => {
    const repository = branched();
    repository.commit('one', { 'a.txt': 'keep\nfirst\n' });
    repository.commit('two', { 'a.txt': 'keep\nfirst\nsecond\n' });
    repository.commit('back', { 'a.txt': 'keep\nfirst\n' });
    const result = await scan(repository, 'main...side');
    expect(blobs(result).map(({ added, present }) => [added, present])).toEqual([
      [['first\n'], true],
      [['second\n'], false],
    ]);
  });

  it('gives what a merge commit adds and not what it merges from the base', async () => {
    const repository = branched();
    repository.commit('on side', { 'side.txt': 'side\n' });
    repository.git('checkout', '-q', 'main');
    repository.commit('on main', { 'main.txt': 'main has this already\n', 'a.txt': 'keep\nmain\n' });
    repository.git('checkout', '-q', 'side');
    repository.git('merge', '-q', '--no-commit', 'main');
    const merge = repository.commit('merge', { 'evil.txt': 'only in the merge\n', 'a.txt': 'keep\nmain\nmerged\n' });
    repository.git('checkout', '-q', 'main');
    repository.commit('main goes on', { 'main.txt': 'changed later\n' });
    const result = await scan(repository, 'main...side');
    expect(blobs(result).map(({ path, added, commit }) => [path, added ?? null, commit === merge])).toEqual([
      ['side.txt', null, false],
      ['a.txt', ['merged\n'], true],
      ['evil.txt', null, true],
    ]);
  });

  itRarely('gives both sides of a branch merged inside the range', async () => {
    const repository = branched();
    repository.git('checkout', '-q', '-b', 'inner');
    repository.commit('inner', { 'inner.txt': 'inner\n' });
    repository.git('checkout', '-q', 'side');
    repository.commit('outer', { 'outer.txt': 'outer\n' });
    repository.git('merge', '-q', '--no-edit', 'inner');
    const result = await scan(repository, 'main...side');
    expect(Object.keys(result.files).sort()).toEqual(['inner.txt', 'outer.txt']);
  });

  it('passes over content that the base has, and moves without an edit', async () => {
    const repository = branched();
    const long = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('');
    repository.git('checkout', '-q', 'main');
    repository.commit('long', { 'long.txt': long, 'move.txt': 'moves as it is\n' });
    repository.git('checkout', '-q', '-B', 'side');
    repository.git('mv', 'long.txt', 'renamed.txt');
    repository.git('mv', 'move.txt', 'moved.txt');
    repository.commit('moves', { 'copy.txt': 'base\n', 'renamed.txt': `${long}edited\n` });
    const result = await scan(repository, 'main...side');
    expect(blobs(result).map(({ path, added }) => [path, added])).toEqual([['renamed.txt', ['edited\n']]]);
  });

  itRarely('takes up content again that the base had removed', async () => {
    const repository = new TestRepository();
    repository.commit('had it', { 'a.txt': 'once there\n' });
    repository.commit('removed it', { 'a.txt': 'gone\n' });
    repository.git('checkout', '-q', '-b', 'side');
    repository.commit('brings it back', { 'a.txt': 'once there\n' });
    expect(blobs(await scan(repository, 'main...side'))).toMatchObject([
      { text: 'once there\n', added: ['once there\n'] },
    ]);
  });

  itRarely('reads an unrelated branch from its root', async () => {
    const repository = branched();
    repository.git('checkout', '-q', '--orphan', 'island');
    repository.git('rm', '-q', '-r', '-f', '.');
    repository.commit('root of the island', { 'island.txt': 'island\n' });
    expect((await scan(repository, 'main...island')).files).toEqual({ 'island.txt': 'island\n' });
  });

  itRarely('keeps awkward names and passes over submodules and empty files', async () => {
    const inner = new TestRepository();
    inner.commit('inner', { 'i.txt': 'inner\n' });
    const repository = branched();
    const names = ['with space', 'tab\there', 'line\nbreak', 'quote"s', 'umlaut-ä-雪', '-dash', ':colon'];
    for (const name of names) repository.write(name, `content of ${name}`);
    repository.git('submodule', '--quiet', 'add', inner.folder, 'lib/inner');
    repository.commit('all', { 'empty.txt': '' });
    const result = await scan(repository, 'main...side');
    expect(result.files).toMatchObject(Object.fromEntries(names.map((name) => [name, `content of ${name}`])));
    expect(result.skips).toEqual([
      { reason: 'submodule', subject: 'lib/inner' },
      { reason: 'empty', subject: 'empty.txt' },
    ]);
  });

  it('never calls an empty range clean', async () => {
    const repository = branched();
    for (const value of ['main...side', 'main...main', 'HEAD']) {
      const result = await scan(repository, value);
      expect(result.gaps, value).toMatchObject([{ reason: 'nothing-planned', scope: true }]);
    }
    repository.commit('only on side', { 'x.txt': 'x\n' });
    expect((await scan(repository, 'side...main')).gaps).toMatchObject([{ reason: 'nothing-planned' }]);
  });

  itRarely('refuses unknown names, with the nearest ones, and takes no name for an option', async () => {
    const repository = branched();
    repository.git('branch', 'feature/login');
    await expect(scan(repository, 'mian...side')).rejects.toThrow(UsageError);
    await expect(scan(repository, 'mian...side')).rejects.toThrow(/no commit "mian".*Did you mean main/);
    await expect(scan(repository, 'main...feature/logn')).rejects.toThrow(/feature\/login/);
    await expect(scan(repository, '--all...side')).rejects.toThrow(/no commit "--all"/);
    await expect(scan(repository, 'main\n...side')).rejects.toThrow(UsageError);
    await expect(scan(repository, '...')).rejects.toThrow(/range is empty/);
  });

  it('reads the repository that the option names', async () => {
    const repository = branched();
    repository.commit('adds', { 'x.txt': 'x\n' });
    const result = await scan(temporaryFolder(), 'main...side', { options: { directory: repository.folder } });
    expect(result.files).toEqual({ 'x.txt': 'x\n' });
  });

  it('reports blobs over the limit', async () => {
    const repository = branched();
    repository.commit('adds', { 'big.txt': 'x'.repeat(5_000), 'x.txt': 'x\n' });
    const result = await scan(repository, 'main...side', { fileBytes: 4_000 });
    expect(result.gaps).toMatchObject([{ reason: 'too-large', subject: 'big.txt' }]);
    expect(result.files).toEqual({ 'x.txt': 'x\n' });
  });

  itRarely('runs nothing that the repository configures, not even when it fetches', async () => {
    const repository = branched();
    repository.commit('adds', { 'x.txt': 'x\n', 'a.txt': 'keep\nmore\n' });
    const ran = plantHostileConfig(repository);
    expect((await scan(repository, 'main...side')).files).toEqual({ 'x.txt': 'x\n', 'a.txt': 'keep\nmore\n' });
    const missing = '1'.repeat(40);
    for (const url of [repository.git('config', 'remote.origin.url'), 'git://localhost:1/x', 'ssh://localhost:1/x']) {
      repository.git('config', 'remote.origin.url', url);
      const result = await scan(repository, `${missing}...side`, { online: true, options: { deepen: true } });
      expect(result.gaps, url).toMatchObject([{ reason: 'shallow', scope: true }]);
    }
    expect(ran()).toBe(false);
    expect(() => repository.git('fetch', 'origin')).toThrow();
    expect(ran(), 'plain git falls for it').toBe(true);
  });
});

describe('range in a shallow clone', () => {
  let origin: TestRepository;
  let base = '';

  /** main with 5 commits, and side with 4 more. */
  beforeAll(() => {
    origin = new TestRepository({ folder: mkdtempSync(join(tmpdir(), 'bowerbird-origin-')) });
    for (let i = 0; i < 5; i += 1) base = origin.commit(`main ${i}`, { 'main.txt': `main ${i}\n` });
    origin.git('checkout', '-q', '-b', 'side');
    for (let i = 0; i < 4; i += 1) origin.commit(`side ${i}`, { [`side-${i}.txt`]: `side ${i}\n` });
  });
  afterAll(() => rmSync(origin.folder, { recursive: true, force: true }));

  /** A clone of side with the given depth. */
  function shallowClone(depth: number): string {
    const folder = join(temporaryFolder(), 'clone');
    const url = `file://${origin.folder}`;
    origin.git('clone', '-q', `--depth=${depth}`, '--branch', 'side', url, folder);
    return folder;
  }

  it('says that the base is not there, with what to run', async () => {
    const folder = shallowClone(1);
    const result = await scan(folder, `${base}...HEAD`);
    expect(result.gaps).toMatchObject([{ reason: 'shallow', scope: true }]);
    expect(result.gaps[0]?.message).toContain('git fetch --unshallow');
    expect(result.seen).toEqual([]);
  });

  itRarely('says that part of the range is hidden, and still reads the rest', async () => {
    const folder = shallowClone(2);
    const clone = new TestRepository({ folder });
    clone.git('fetch', '-q', '--depth=1', 'origin', base);
    const result = await scan(folder, `${base}...HEAD`);
    expect(result.gaps).toMatchObject([{ reason: 'shallow', scope: true }]);
    expect(Object.keys(result.files)).toContain('side-3.txt');
  });

  itRarely('is content where the shallow part is outside of the range', async () => {
    const folder = shallowClone(6);
    const result = await scan(folder, `${base}...HEAD`);
    expect(result.gaps).toEqual([]);
    expect(Object.keys(result.files).sort()).toEqual(['side-0.txt', 'side-1.txt', 'side-2.txt', 'side-3.txt']);
  });

  itRarely.each([1, 2])('deepens a clone of depth %i until the range is whole', async (depth) => {
    const folder = shallowClone(depth);
    const options = { online: true, options: { deepen: true } };
    const result = await scan(folder, `${base}...HEAD`, options);
    expect(result.gaps).toEqual([]);
    expect(Object.keys(result.files).sort()).toEqual(['side-0.txt', 'side-1.txt', 'side-2.txt', 'side-3.txt']);
    expect(messages(result)).toHaveLength(4);
  });

  it('fetches the base branch by its name', async () => {
    const folder = shallowClone(1);
    const result = await scan(folder, 'origin/main...HEAD', { online: true, options: { deepen: true } });
    expect(result.gaps).toEqual([]);
    expect(Object.keys(result.files)).toHaveLength(4);
  });

  itRarely('runs nothing of the clone while it deepens it', async () => {
    const folder = shallowClone(1);
    const clone = new TestRepository({ folder });
    const ran = plantHostileConfig(clone);
    clone.git('config', 'remote.origin.url', `file://${origin.folder}`);
    for (const key of ['remote.origin.promisor', 'remote.origin.partialclonefilter', 'extensions.partialClone']) {
      clone.git('config', '--unset', key);
    }
    const result = await scan(folder, `${base}...HEAD`, { online: true, options: { deepen: true } });
    expect(result.gaps).toEqual([]);
    expect(Object.keys(result.files)).toHaveLength(4);
    expect(ran()).toBe(false);
  });

  itRarely('stays offline without permission, and says why a fetch failed', async () => {
    const folder = shallowClone(1);
    const offline = await scan(folder, `${base}...HEAD`, { options: { deepen: true } });
    expect(offline.gaps).toMatchObject([{ reason: 'shallow', scope: true }]);
    const unknown = await scan(folder, `${'1'.repeat(40)}...HEAD`, { online: true, options: { deepen: true } });
    expect(unknown.gaps[0]?.message).toMatch(/Fetching them failed: git fetch failed/);
    expect(origin.git('rev-parse', '--is-shallow-repository')).toBe('false');
  });
});
