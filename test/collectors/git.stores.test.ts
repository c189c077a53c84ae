import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import history from '../../src/collectors/git/index.ts';
import { type Gathered, gather, TestRepository, temporaryFolder } from './shared-git.ts';

/** Versions of files in several packs and as loose objects. */
function repositoryOf(packs: number, format = 'sha1'): TestRepository {
  const repository = new TestRepository({ format });
  const lines = Array.from({ length: 60 }, (_, i) => `line ${i} of a text that is long enough for deltas\n`);
  for (let i = 0; i < packs * 4; i += 1) {
    lines.splice((i * 17) % lines.length, 1, `changed in ${i}\n`);
    repository.commit(`commit ${i}`, { 'a.txt': lines.join(''), [`dir/${i}.txt`]: `${i}\n` });
    if (i % 4 === 3) repository.git('repack', '-q', '-d');
  }
  return repository;
}

function packFolder(repository: TestRepository): string {
  return join(repository.folder, '.git/objects/pack');
}

function packFiles(repository: TestRepository, end: string): string[] {
  return readdirSync(packFolder(repository)).filter((name) => name.endsWith(end));
}

function scan(folder: string): Promise<Gathered> {
  return gather(history, { cwd: folder, value: '.', options: { 'full-blobs': true } });
}

/** Ids of all blobs that git knows in a folder. */
function blobsOf(folder: string): string[] {
  const format = '--batch-check=%(objecttype) %(objectname)';
  const lines = new TestRepository({ folder }).git('cat-file', '--batch-all-objects', format).split('\n');
  return lines.filter((line) => line.startsWith('blob ')).map((line) => line.slice('blob '.length));
}

/** Asserts that the store is read by `reader`, whole and without a gap. */
async function expectRead(folder: string, reader: string): Promise<void> {
  const result = await scan(folder);
  expect(result.facts['reader']).toBe(reader);
  const given = result.seen.flatMap(({ part, blob }) => (part === undefined && blob !== undefined ? [blob] : []));
  expect(given.sort()).toEqual(blobsOf(folder).sort());
  expect(given.length).toBeGreaterThan(3);
  expect(result.gaps).toEqual([]);
}

describe('what a repository keeps its objects in', () => {
  it.each(['sha1', 'sha256'])('loose objects only, %s', async (format) => {
    const repository = new TestRepository({ format });
    for (let i = 0; i < 5; i += 1) repository.commit(`commit ${i}`, { 'a.txt': `${i}\n` });
    await expectRead(repository.folder, 'pack');
  });

  it.each(['sha1', 'sha256'])('several packs, one kept for good, and loose objects, %s', async (format) => {
    const repository = repositoryOf(3, format);
    expect(packFiles(repository, '.pack')).toHaveLength(3);
    const [first = ''] = packFiles(repository, '.pack');
    writeFileSync(join(packFolder(repository), first.replace(/pack$/, 'keep')), '');
    repository.commit('loose', { 'loose.txt': 'loose\n' });
    await expectRead(repository.folder, 'pack');
  });

  it('bitmaps, reverse indexes and a commit graph beside the pack', async () => {
    const repository = repositoryOf(2);
    repository.git('-c', 'pack.writeReverseIndex=true', 'repack', '-q', '-a', '-d', '-b');
    repository.git('commit-graph', 'write', '--reachable');
    expect(packFiles(repository, '.bitmap')).toHaveLength(1);
    expect(packFiles(repository, '.rev')).toHaveLength(1);
    await expectRead(repository.folder, 'pack');
  });

  it('a multi-pack index, with bitmap', async () => {
    const repository = repositoryOf(3);
    repository.git('multi-pack-index', 'write', '--bitmap');
    expect(packFiles(repository, 'multi-pack-index')).toHaveLength(1);
    await expectRead(repository.folder, 'pack');
  });

  it('a pack of what nothing reaches', async () => {
    const repository = repositoryOf(1);
    repository.git('checkout', '-q', '-b', 'gone');
    repository.commit('lost', { 'lost.txt': 'lost\n' });
    repository.git('checkout', '-q', 'main');
    repository.git('branch', '-q', '-D', 'gone');
    repository.git('reflog', 'expire', '--expire=now', '--all');
    repository.git('repack', '-q', '-d', '--cruft', '--cruft-expiration=never');
    expect(packFiles(repository, '.mtimes')).toHaveLength(1);
    await expectRead(repository.folder, 'pack');
  });

  it('objects of another repository, borrowed, also over two steps', async () => {
    const repository = repositoryOf(2);
    const folder = temporaryFolder();
    const [near, far] = [join(folder, 'near'), join(folder, 'far')];
    repository.git('clone', '-q', '--shared', '--no-checkout', repository.folder, near);
    repository.git('clone', '-q', '--shared', '--no-checkout', near, far);
    for (const place of [near, far]) await expectRead(place, 'cat-file: it borrows objects');
  });

  it('a partial clone that has fetched a part: what is there is read, the rest is a gap', async () => {
    const repository = repositoryOf(2);
    repository.git('config', 'uploadpack.allowFilter', 'true');
    const folder = join(temporaryFolder(), 'partial');
    repository.git('clone', '-q', '--filter=blob:limit=1k', `file://${repository.folder}`, folder);
    const result = await scan(folder);
    expect(result.facts['reader']).toBe('pack');
    expect(result.seen.filter(({ blob }) => blob !== undefined).length).toBe(blobsOf(folder).length);
    expect(result.gaps.filter(({ reason }) => reason === 'missing-object').length).toBeGreaterThan(3);
  });

  it('objects that are replaced: the real ones', async () => {
    const repository = repositoryOf(2);
    const blob = repository.blob('1\n');
    repository.git('replace', blob, repository.blob('2\n'));
    await expectRead(repository.folder, 'pack');
    expect((await scan(repository.folder)).files).toMatchObject({ 'dir/1.txt': '1\n' });
  });

  it('packs without an index: nothing is passed over in silence, with a multi-pack index or without', async () => {
    const repository = repositoryOf(3);
    repository.git('multi-pack-index', 'write');
    const [first = ''] = packFiles(repository, '.idx');
    renameSync(join(packFolder(repository), first), join(packFolder(repository), `${first}.away`));
    const result = await scan(repository.folder);
    expect(result.facts['reader']).toBe('cat-file: a pack has no index of its own');
    expect(result.gaps.some(({ reason, scope }) => reason === 'corrupt' && scope === true)).toBe(true);
    rmSync(join(packFolder(repository), 'multi-pack-index'));
    const alone = await scan(repository.folder);
    expect(alone.gaps.some(({ message }) => message.includes('has no index'))).toBe(true);
    expect(alone.seen.length).toBeGreaterThan(3);
  });

  it('an index of another version, and one that does not fit: git reads, and the reason is told', async () => {
    const repository = repositoryOf(1);
    const [pack = ''] = packFiles(repository, '.pack');
    repository.git('index-pack', '--index-version=1', join(packFolder(repository), pack));
    await expectRead(repository.folder, 'cat-file: the index is not of version 2');
  });

  it('refs in a form that git does not know yet: refused as a whole', async () => {
    const repository = repositoryOf(1);
    repository.git('config', 'core.repositoryFormatVersion', '1');
    repository.git('config', 'extensions.refStorage', 'written-tomorrow');
    const result = await scan(repository.folder);
    expect(result.gaps).toMatchObject([{ scope: true }]);
    expect(result.seen).toEqual([]);
  });
});
