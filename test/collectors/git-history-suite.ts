import { chmodSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import history from '../../src/collectors/git/index.ts';
import { itRarely } from '../it-rarely.ts';
import {
  type Gathered,
  gather,
  gitEnv,
  plantHostileConfig,
  type Seen,
  TestRepository,
  temporaryFolder,
} from './shared-git.ts';

/** Content artifacts that are not the repository's configuration, ordered by text. */
export function contents(result: Gathered): Seen[] {
  const found = result.seen.filter((one) => one.part === undefined && !one.path.endsWith('config'));
  return found.sort((a, b) => (a.text < b.text ? -1 : 1));
}

export function one(result: Gathered, text: string): Seen {
  const found = contents(result).filter((seen) => seen.text === text);
  expect(found, text).toHaveLength(1);
  return found[0] as Seen;
}

/** What a history gives, whoever reads its objects. */
export function historySuite(reader: 'pack' | 'cat-file'): void {
  describe(`git history with the ${reader} reader`, () => {
    const scan = (cwd: string, more: Parameters<typeof gather>[1] = {}) =>
      gather(history, { cwd, value: '.', ...more, options: { reader, 'full-blobs': true, ...more.options } });

    it('reads every blob once, with its first commit, path and author', async () => {
      const repository = new TestRepository();
      const first = repository.commit('first', { 'old/a.txt': 'one\n', 'b.txt': 'stays\n' });
      repository.git('mv', 'old/a.txt', 'a.txt');
      repository.commit('moved');
      const third = repository.commit('third', { 'a.txt': 'two\n', 'copy.txt': 'stays\n' });
      const result = await scan(repository.folder);
      expect(contents(result).map(({ text }) => text)).toEqual(['one\n', 'stays\n', 'two\n']);
      expect(one(result, 'one\n')).toMatchObject({
        collector: 'git',
        path: 'old/a.txt',
        commit: first,
        author: 'Ada Author',
        blob: repository.blob('one\n'),
        reachable: true,
        present: false,
      });
      expect(one(result, 'one\n').date).toMatch(/^2024-01-02T03:04:\d\d\.000Z$/);
      expect(one(result, 'two\n')).toMatchObject({ path: 'a.txt', commit: third, present: true });
      expect(one(result, 'stays\n')).toMatchObject({ path: 'b.txt', commit: first, present: true });
      expect(result.facts).toMatchObject({ commits: 3, refs: 1, shallow: false, unreachable: 0 });
      expect(result.gaps).toEqual([]);
    });

    itRarely('prefers the path that the blob has in HEAD', async () => {
      const repository = new TestRepository();
      const first = repository.commit('first', { 'old.txt': 'same\n' });
      repository.git('mv', 'old.txt', 'new.txt');
      repository.commit('moved');
      const result = await scan(repository.folder);
      expect(one(result, 'same\n')).toMatchObject({ path: 'new.txt', commit: first, present: true });
    });

    it('reads all refs, the stash, notes, tags and their messages', async () => {
      const repository = new TestRepository();
      const first = repository.commit('subject of first\n\nbody of first', { 'a.txt': 'one\n' });
      repository.git('checkout', '-q', '-b', 'side');
      repository.commit('on side', { 'side.txt': 'side\n' });
      repository.git('tag', '-a', 'v1', '-m', 'words of the tag');
      repository.git('checkout', '-q', 'main');
      repository.git('update-ref', 'refs/remotes/origin/far', 'side');
      repository.git('notes', 'add', '-m', 'words of the note', first);
      repository.write('a.txt', 'stashed\n');
      repository.git('stash', 'push', '-q');
      const result = await scan(repository.folder);
      const texts = contents(result).map(({ text, reachable }) => [text, reachable]);
      expect(texts).toEqual([
        ['one\n', true],
        ['side\n', true],
        ['stashed\n', true],
        ['words of the note\n', true],
      ]);
      const messages = result.seen.filter((seen) => seen.part === 'commit-message');
      expect(messages.find((seen) => seen.commit === first)).toMatchObject({
        path: '',
        text: 'subject of first\n\nbody of first\n',
        author: 'Ada Author',
        reachable: true,
      });
      const tags = result.seen.filter((seen) => seen.part === 'tag-message');
      expect(tags).toMatchObject([{ path: 'refs/tags/v1', text: 'words of the tag\n', author: 'Carl Committer' }]);
      expect(tags[0]?.commit).toBe(repository.git('rev-parse', 'side'));
    });

    itRarely('reads content that only a merge commit adds', async () => {
      const repository = new TestRepository();
      repository.commit('base', { 'a.txt': 'base\n' });
      repository.git('checkout', '-q', '-b', 'side');
      repository.commit('side', { 'side.txt': 'side\n' });
      repository.git('checkout', '-q', 'main');
      repository.commit('main', { 'main.txt': 'main\n' });
      repository.git('merge', '-q', '--no-commit', 'side');
      const merge = repository.commit('merge', { 'evil.txt': 'only in the merge\n' });
      const result = await scan(repository.folder);
      expect(one(result, 'only in the merge\n')).toMatchObject({ commit: merge, path: 'evil.txt', present: true });
    });

    it('names what no ref reaches: dangling blobs, amended commits, deleted branches', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n' });
      repository.git('checkout', '-q', '-b', 'gone');
      const lost = repository.commit('lost', { 'dir/lost.txt': 'lost\n' });
      repository.git('checkout', '-q', 'main');
      repository.git('branch', '-q', '-D', 'gone');
      repository.write('../dangling.txt', 'dangling\n');
      repository.git('hash-object', '-w', '../dangling.txt');
      const viaReflog = await scan(repository.folder);
      expect(one(viaReflog, 'lost\n')).toMatchObject({ path: 'dir/lost.txt', commit: lost, reachable: true });

      repository.git('reflog', 'expire', '--expire=now', '--all');
      const result = await scan(repository.folder);
      expect(one(result, 'lost\n')).toMatchObject({
        path: 'dir/lost.txt',
        commit: lost,
        reachable: false,
        present: false,
      });
      expect(one(result, 'lost\n').author).toBe('Ada Author');
      const dangling = repository.blob('dangling\n');
      expect(one(result, 'dangling\n')).toMatchObject({
        path: `.git/objects/${dangling.slice(0, 2)}/${dangling.slice(2)}`,
        blob: dangling,
        reachable: false,
      });
      expect(result.seen.find((seen) => seen.commit === lost && seen.part)).toMatchObject({ reachable: false });
      expect(result.facts).toMatchObject({ unreachable: 2, unreachableCommits: 1 });
      rmSync(join(repository.folder, '../dangling.txt'));
    });

    it('reads the configuration, where remote URLs hold tokens, and never names them elsewhere', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n' });
      repository.git('remote', 'add', 'origin', 'https://robot:word-of-the-robot@example.com/owner/name.git');
      const result = await scan(repository.folder);
      const config = result.seen.find((seen) => seen.path === '.git/config');
      expect(config?.text).toContain('word-of-the-robot');
      expect(result.seen.every((seen) => seen.repository === 'example.com/owner/name')).toBe(true);
      expect(JSON.stringify(result.seen.filter((seen) => seen !== config))).not.toContain('word-of-the-robot');
    });

    itRarely('keeps awkward names, reads symlinks as text and passes over submodules and empty files', async () => {
      const inner = new TestRepository();
      inner.commit('inner', { 'i.txt': 'inner\n' });
      const repository = new TestRepository();
      const names = ['with space', 'tab\there', 'line\nbreak', 'quote"s', 'umlaut-ä-雪', '-dash', 'back\\slash'];
      for (const name of names) repository.write(name, `content of ${name}`);
      symlinkSync('/target/of/link', join(repository.folder, 'link'));
      repository.git('submodule', '--quiet', 'add', inner.folder, 'lib/inner');
      repository.commit('all', { 'empty.txt': '' });
      const result = await scan(repository.folder);
      expect(result.files).toMatchObject(Object.fromEntries(names.map((name) => [name, `content of ${name}`])));
      expect(result.files['link']).toBe('/target/of/link');
      expect(result.skips).toEqual([
        { reason: 'submodule', subject: 'lib/inner' },
        { reason: 'empty', subject: 'empty.txt' },
      ]);
    });

    itRarely(
      'works in bare repositories, linked worktrees, folders below the root and borrowed object stores',
      async () => {
        const repository = new TestRepository();
        repository.commit('first', { 'dir/a.txt': 'one\n' });
        const folder = temporaryFolder();
        repository.git('clone', '-q', '--bare', repository.folder, join(folder, 'bare.git'));
        repository.git('clone', '-q', '--shared', '--no-checkout', repository.folder, join(folder, 'shared'));
        repository.git('worktree', 'add', '-q', '-b', 'side', join(folder, 'linked'));
        for (const place of [
          join(repository.folder, 'dir'),
          join(folder, 'bare.git'),
          join(folder, 'shared'),
          join(folder, 'linked'),
        ]) {
          const result = await scan(place);
          expect(one(result, 'one\n'), place).toMatchObject({ path: 'dir/a.txt', present: true });
          expect(result.gaps, place).toEqual([]);
        }
        const bare = await scan(join(folder, 'bare.git'));
        expect(bare.seen.some((seen) => seen.path === 'config')).toBe(true);
      },
    );

    itRarely('reads SHA-256 repositories', async () => {
      const repository = new TestRepository({ format: 'sha256' });
      const first = repository.commit('first', { 'a.txt': 'one\n' });
      repository.commit('second', { 'a.txt': 'two\n' });
      repository.git('gc', '-q');
      const result = await scan(repository.folder);
      expect(first).toHaveLength(64);
      expect(one(result, 'one\n')).toMatchObject({ commit: first, path: 'a.txt', present: false });
      expect(contents(result)).toHaveLength(2);
    });

    it('reports a shallow clone, a repository without commits and one that is none', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n' });
      repository.commit('second', { 'a.txt': 'two\n' });
      const folder = temporaryFolder();
      repository.git('clone', '-q', '--depth=1', `file://${repository.folder}`, join(folder, 'shallow'));
      const shallow = await scan(join(folder, 'shallow'));
      expect(shallow.gaps).toMatchObject([{ reason: 'shallow', scope: true }]);
      expect(shallow.gaps[0]?.message).toContain('git fetch --unshallow');
      expect(contents(shallow).map(({ text }) => text)).toEqual(['two\n']);

      const empty = await scan(new TestRepository().folder);
      expect(empty.gaps).toMatchObject([{ reason: 'nothing-planned', scope: true }]);
      const none = await scan(folder, { env: { ...gitEnv, GIT_CEILING_DIRECTORIES: folder } });
      expect(none.gaps).toMatchObject([{ reason: 'not-a-repository', scope: true }]);
      const missing = await scan(folder, { value: 'nowhere' });
      expect(missing.gaps).toMatchObject([{ reason: 'not-found', scope: true }]);
    });

    itRarely('reports what a partial clone left out, and fetches nothing', async () => {
      const repository = new TestRepository();
      repository.git('config', 'uploadpack.allowFilter', 'true');
      repository.commit('first', { 'a.txt': 'one\n' });
      repository.commit('second', { 'a.txt': 'two\n' });
      const folder = join(temporaryFolder(), 'partial');
      repository.git('clone', '-q', '--no-checkout', '--filter=blob:none', `file://${repository.folder}`, folder);
      const before = readdirSync(join(folder, '.git/objects/pack'));
      const result = await scan(folder);
      expect(result.gaps.map(({ reason, scope }) => [reason, scope ?? false])).toEqual([
        ['missing-object', true],
        ['missing-object', false],
        ['missing-object', false],
      ]);
      expect(readdirSync(join(folder, '.git/objects/pack'))).toEqual(before);
    });

    itRarely('reports a missing object and reads the rest', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n', 'b.txt': 'two\n' });
      const oid = repository.blob('one\n');
      rmSync(join(repository.folder, '.git/objects', oid.slice(0, 2), oid.slice(2)));
      const result = await scan(repository.folder);
      expect(contents(result).map(({ text }) => text)).toEqual(['two\n']);
      expect(result.gaps).toMatchObject([{ reason: 'missing-object', subject: `object ${oid}` }]);
    });

    itRarely('reports objects over the limit without reading them', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'big.txt': 'x'.repeat(5_000), 'small.txt': 'small\n' });
      const result = await scan(repository.folder, { fileBytes: 4_000 });
      expect(result.gaps).toMatchObject([{ reason: 'too-large', subject: 'big.txt' }]);
      expect(contents(result).map(({ text }) => text)).toEqual(['small\n']);
    });

    itRarely('survives corrupt loose objects and packs with a gap', async () => {
      const repository = new TestRepository();
      for (let i = 0; i < 20; i += 1) repository.commit(`commit ${i}`, { 'a.txt': `${'line\n'.repeat(i)}${i}\n` });
      repository.commit('last', { 'b.txt': 'loose and broken\n' });
      const broken = repository.blob('loose and broken\n');
      const loose = join(repository.folder, '.git/objects', broken.slice(0, 2), broken.slice(2));
      chmodSync(loose, 0o644);
      writeFileSync(loose, Buffer.from('not zlib at all'));
      const result = await scan(repository.folder);
      expect(result.gaps.some((gap) => gap.reason === 'corrupt')).toBe(true);
      expect(contents(result)).toHaveLength(20);
    });

    itRarely.each(['flipped', 'truncated'])('survives a %s pack with a gap', async (damage) => {
      const repository = new TestRepository();
      for (let i = 0; i < 20; i += 1) repository.commit(`commit ${i}`, { 'a.txt': `${'line\n'.repeat(i)}${i}\n` });
      repository.git('gc', '-q');
      const folder = join(repository.folder, '.git/objects/pack');
      const pack = join(folder, readdirSync(folder).find((name) => name.endsWith('.pack')) ?? '');
      const bytes = readFileSync(pack);
      chmodSync(pack, 0o644);
      if (damage === 'flipped')
        for (let i = 400; i < bytes.length - 20; i += 200) bytes[i] = (bytes[i] as number) ^ 0xff;
      writeFileSync(pack, damage === 'flipped' ? bytes : bytes.subarray(0, bytes.length - 300));
      const result = await scan(repository.folder);
      expect(result.gaps.length).toBeGreaterThan(0);
      expect(statSync(pack).size).toBeGreaterThan(0);
    });

    itRarely('survives a ref that points nowhere', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n' });
      writeFileSync(join(repository.folder, '.git/refs/heads/broken'), `${'1'.repeat(40)}\n`);
      const result = await scan(repository.folder);
      expect(result.gaps).toMatchObject([{ reason: 'corrupt', scope: true }]);
      expect(one(result, 'one\n')).toMatchObject({ path: 'a.txt', reachable: true });
    });

    itRarely('is not fooled by replace refs or grafts', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'the real one\n' });
      repository.commit('second', { 'a.txt': 'harmless\n' });
      repository.git('replace', repository.blob('the real one\n'), repository.blob('harmless\n'));
      writeFileSync(join(repository.folder, '.git/info/grafts'), `${repository.git('rev-parse', 'HEAD')}\n`);
      const result = await scan(repository.folder);
      expect(one(result, 'the real one\n')).toMatchObject({ path: 'a.txt', reachable: true });
    });

    it('runs nothing that the repository configures', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n', 'b.txt': 'two\n' });
      repository.write('b.txt', 'changed on disk\n');
      const oid = repository.blob('one\n');
      rmSync(join(repository.folder, '.git/objects', oid.slice(0, 2), oid.slice(2)));
      const ran = plantHostileConfig(repository);
      const result = await scan(repository.folder);
      expect(one(result, 'two\n').path).toBe('b.txt');
      expect(ran()).toBe(false);
      expect(() => repository.git('diff')).toThrow();
      expect(ran(), 'plain git falls for it').toBe(true);
    });

    itRarely('ends its processes when the run is cancelled or the consumer stops', async () => {
      const repository = new TestRepository();
      repository.commit('first', { 'a.txt': 'one\n', 'b.txt': 'two\n' });
      const cancelled = await scan(repository.folder, { signal: AbortSignal.abort() });
      expect(cancelled.gaps).toMatchObject([{ reason: 'timeout', scope: true }]);
      expect(cancelled.seen).toEqual([]);
    });
  });
}
