import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import history from '../../src/collectors/git/index.ts';
import { UsageError } from '../../src/model/errors.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { packEntry, writePack } from '../git/pack/shared-pack.ts';
import { itRarely } from '../it-rarely.ts';
import { contents, historySuite } from './git-history-suite.ts';
import { readItems } from './read-items.ts';
import { gather, gitEnv, TestRepository, temporaryFolder, testContext, writeScript } from './shared-git.ts';

const READERS = ['pack', 'cat-file'] as const;

let sample: TestRepository;

beforeAll(() => {
  sample = new TestRepository({ folder: mkdtempSync(join(tmpdir(), 'bowerbird-contract-')) });
  sample.commit('first', { 'a.txt': 'one\n', 'b.txt': '' });
  sample.commit('second', { 'a.txt': 'one\ntwo\n' });
  sample.git('remote', 'add', 'origin', 'https://robot:word-of-the-robot@example.com/owner/name.git');
});

afterAll(() => rmSync(sample.folder, { recursive: true, force: true }));

collectorContract(
  history,
  READERS.map((reader) => ({
    name: `a small repository, ${reader} reader`,
    context: () => testContext({ cwd: sample.folder, options: { reader } }),
    address: () => ({ scheme: 'git', value: '.', text: 'git:.' }),
    secrets: ['word-of-the-robot'],
    artifacts: 5,
  })),
);

// The other reader is in the lane `stores`.
historySuite('pack');

describe('git history', () => {
  itRarely('gives every added text once more or less, but never not at all, and HEAD as a whole', async () => {
    const repository = new TestRepository();
    const lines = Array.from({ length: 200 }, (_, i) => `line ${i} of a text that is long enough\n`);
    const marks: string[] = [];
    for (let i = 0; i < 25; i += 1) {
      marks.push(`marker-${i}-end`);
      lines.splice((i * 53) % lines.length, i % 2, `${marks[i]}\n`);
      const before = lines.indexOf(`marker-${i - 3}-end\n`);
      if (before >= 0) lines.splice(before, 1);
      if (i === 12) repository.git('mv', 'a.txt', 'b.txt');
      repository.commit(`commit ${i}`, { [i < 12 ? 'a.txt' : 'b.txt']: lines.join('') });
    }
    repository.git('gc', '-q', '--aggressive');
    const result = await gather(history, { cwd: repository.folder, value: '.', options: { margin: 100 } });
    expect(result.facts).toMatchObject({ reader: 'pack' });
    const blobs = contents(result);
    const scanned = blobs.map((seen) => seen.added?.join('\0') ?? seen.text);
    for (const mark of marks)
      expect(
        scanned.some((text) => text.includes(mark)),
        mark,
      ).toBe(true);
    expect(blobs.filter((seen) => seen.added).length).toBeGreaterThan(10);
    expect(blobs.find((seen) => seen.present)).not.toHaveProperty('added');
    expect(scanned.join('').length).toBeLessThan(blobs.map((seen) => seen.text).join('').length / 2);
  });

  it('gives what is packed as parts that can be left in the middle', async () => {
    const repository = new TestRepository();
    repository.commit('first', Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.txt`, `text ${i}\n`])));
    repository.git('gc', '-q');
    const context = testContext({ cwd: repository.folder });
    const blobs: string[] = [];
    for await (const item of readItems(history.collect(context, { scheme: 'git', value: '.', text: 'git:.' }))) {
      if (item.kind !== 'artifact' || item.scope !== 'history') continue;
      blobs.push(item.artifact.origin.path);
      if (blobs.length === 5) break;
    }
    expect(blobs).toHaveLength(5);
  });

  it('stops what git reads when the run is cancelled', async () => {
    const repository = new TestRepository();
    repository.commit(
      'first',
      Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}.txt`, `text ${i}\n`.repeat(20_000)])),
    );
    const controller = new AbortController();
    const context = testContext({ cwd: repository.folder, signal: controller.signal });
    let blobs = 0;
    const gaps: string[] = [];
    for await (const item of readItems(history.collect(context, { scheme: 'git', value: '.', text: 'git:.' }))) {
      if (item.kind === 'gap') gaps.push(item.gap.reason);
      if (item.kind !== 'artifact' || item.scope !== 'history') continue;
      blobs += 1;
      if (blobs === 5) controller.abort();
    }
    expect(blobs).toBeLessThan(50);
    expect(gaps).toEqual(['timeout']);
  });

  itRarely('does not let git follow deltas in a circle', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const [a, b] = [Buffer.alloc(20, 0xaa), Buffer.alloc(20, 0xbb)];
    const delta = Buffer.from([3, 3, 0x90, 3]);
    writePack(repository, [packEntry(7, delta, b), packEntry(7, delta, a)], [a, b]);
    const result = await gather(history, { cwd: repository.folder, value: '.' });
    expect(contents(result).map(({ text }) => text)).toEqual(['one\n']);
    expect(result.gaps.map(({ reason, scope }) => [reason, scope ?? false])).toEqual([
      ['corrupt', true],
      ['corrupt', false],
      ['corrupt', false],
    ]);
  });

  it('explains git\'s "dubious ownership" and gives the command', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const folder = temporaryFolder();
    const real = (process.env['PATH'] ?? '').split(':').find((part) => existsSync(join(part, 'git')));
    writeScript(join(folder, 'git'), `#!/bin/sh\nGIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec '${real}/git' "$@"\n`);
    const env = { ...gitEnv, PATH: `${folder}:${gitEnv['PATH']}` };
    const result = await gather(history, { cwd: repository.folder, value: '.', env });
    expect(result.gaps).toMatchObject([{ reason: 'denied', scope: true }]);
    expect(result.gaps[0]?.message).toContain('git config --global --add safe.directory');
  });

  it('refuses a git that is too old', async () => {
    const folder = temporaryFolder();
    writeScript(join(folder, 'git'), '#!/bin/sh\necho git version 2.17.1\n');
    const env = { ...gitEnv, PATH: `${folder}:${gitEnv['PATH']}` };
    const run = gather(history, { cwd: folder, value: '.', env });
    await expect(run).rejects.toThrow(UsageError);
    await expect(run).rejects.toThrow(/2\.17\.1 is too old: install git 2\.30/);
  });

  itRarely('does not hand the index of a hook to another folder', async () => {
    const hooked = new TestRepository();
    hooked.commit('hooked', { 'h.txt': 'hooked\n' });
    const other = new TestRepository();
    other.commit('other', { 'o.txt': 'other\n' });
    const env = { ...gitEnv, GIT_DIR: join(hooked.folder, '.git'), GIT_INDEX_FILE: join(hooked.folder, '.git/index') };
    const result = await gather(history, { cwd: hooked.folder, value: other.folder, env });
    expect(contents(result).map(({ text }) => text)).toEqual(['other\n']);
  });
});
