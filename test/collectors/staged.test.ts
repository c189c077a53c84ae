import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collected } from '../../src/collectors/contract.ts';
import staged from '../../src/collectors/staged.ts';
import { UsageError } from '../../src/model/errors.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { itRarely } from '../it-rarely.ts';
import {
  gather,
  gitEnv,
  plantHostileConfig,
  TestRepository,
  temporaryFolder,
  testContext,
  writeScript,
} from './shared-git.ts';

const PROBE = `
import staged from './src/collectors/staged.ts';
import { writeFileSync } from 'node:fs';
const limits = { fileBytes: 1e7 };
const context = { now: new Date(), env: process.env, cwd: process.cwd(), limits, options: {}, sleep: async () => {} };
const out = { artifacts: {}, gaps: [] };
for await (const item of staged.collect(context, { scheme: 'staged', value: '', text: 'staged:' })) {
  if (item.kind === 'gap') out.gaps.push(item.gap.reason);
  if (item.kind !== 'artifact') continue;
  const bytes = Buffer.from(item.artifact.bytes);
  const added = item.artifact.ranges?.map((range) => bytes.toString('utf8', range.start, range.end)).join('');
  out.artifacts[item.artifact.origin.path] = added ?? bytes.toString();
}
writeFileSync(process.argv[2], JSON.stringify(out));
`;

let probe = '';

beforeAll(async () => {
  const result = await build({
    stdin: { contents: PROBE, resolveDir: process.cwd(), sourcefile: 'probe.ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  probe = result.outputFiles[0]?.text ?? '';
});

/** How much a collector says it will read. */
function bytesPlanned(items: readonly Collected[]): number {
  return items.reduce((sum, item) => sum + (item.kind === 'plan' ? (item.bytes ?? 0) : 0), 0);
}

/** Installs a real pre-commit hook that runs the collector, and gives a function that reads what the hook saw. */
function installHook(repository: TestRepository): () => { artifacts: Record<string, string>; gaps: string[] } {
  const folder = temporaryFolder();
  const script = join(folder, 'probe.mjs');
  const output = join(folder, 'out.json');
  writeScript(script, probe);
  const hooks = repository.git('rev-parse', '--git-path', 'hooks');
  writeScript(join(resolve(repository.folder, hooks), 'pre-commit'), hookText(script, output));
  return () => JSON.parse(readFileSync(output, 'utf8'));
}

function hookText(script: string, output: string): string {
  return `#!/bin/sh\nexec '${process.execPath}' '${script}' '${output}'\n`;
}

let sample: TestRepository;

beforeAll(() => {
  sample = new TestRepository({ folder: mkdtempSync(join(tmpdir(), 'bowerbird-contract-')) });
  sample.commit('first', { 'a.txt': 'one\n' });
  sample.write('a.txt', 'one\ntwo\n');
  sample.write('b.txt', 'new\n');
  sample.git('add', '-A');
  sample.git('remote', 'add', 'origin', 'https://robot:word-of-the-robot@example.com/owner/name.git');
});

afterAll(() => rmSync(sample.folder, { recursive: true, force: true }));

collectorContract(staged, [
  {
    name: 'a small repository',
    context: () => testContext({ cwd: sample.folder }),
    address: () => ({ scheme: 'staged', value: '', text: 'staged:' }),
    secrets: ['word-of-the-robot'],
    artifacts: 2,
  },
]);

describe('staged in a real pre-commit hook', () => {
  it('sees the index of a plain commit, not the files on disk', () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const read = installHook(repository);
    repository.write('a.txt', 'one\ntwo\n');
    repository.git('add', 'a.txt');
    repository.write('a.txt', 'one\ntwo\nnot staged\n');
    repository.write('b.txt', 'untracked\n');
    repository.git('commit', '-m', 'second');
    expect(read()).toEqual({ artifacts: { 'a.txt': 'two\n' }, gaps: [] });
  });

  itRarely('sees what git commit -a stages', () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const read = installHook(repository);
    repository.write('a.txt', 'one\ntwo\n');
    repository.git('commit', '-a', '-m', 'second');
    expect(read()).toEqual({ artifacts: { 'a.txt': 'two\n' }, gaps: [] });
  });

  itRarely('sees only the named path in git commit <path>', () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n', 'b.txt': 'one\n' });
    const read = installHook(repository);
    repository.write('a.txt', 'one\nstaged but not committed\n');
    repository.git('add', 'a.txt');
    repository.write('b.txt', 'one\ncommitted\n');
    repository.git('commit', '-m', 'second', 'b.txt');
    expect(read()).toEqual({ artifacts: { 'b.txt': 'committed\n' }, gaps: [] });
  });

  itRarely('sees the first commit', () => {
    const repository = new TestRepository();
    const read = installHook(repository);
    repository.write('a.txt', 'one\n');
    repository.git('add', 'a.txt');
    repository.git('commit', '-m', 'first');
    expect(read()).toEqual({ artifacts: { 'a.txt': 'one\n' }, gaps: [] });
  });

  itRarely('works in a linked worktree', () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const read = installHook(repository);
    const folder = join(temporaryFolder(), 'linked');
    repository.git('worktree', 'add', '-q', '-b', 'side', folder);
    const linked = new TestRepository({ folder });
    linked.write('sub/new.txt', 'in the worktree\n');
    linked.git('add', '-A');
    linked.git('commit', '-q', '-m', 'second');
    expect(read()).toEqual({ artifacts: { 'sub/new.txt': 'in the worktree\n' }, gaps: [] });
  });

  itRarely('works inside a submodule and passes over the submodule in its parent', () => {
    const inner = new TestRepository();
    inner.commit('inner', { 'i.txt': 'inner\n' });
    const outer = new TestRepository();
    outer.commit('first', { 'a.txt': 'one\n' });
    outer.git('submodule', '--quiet', 'add', inner.folder, 'lib/inner');
    const readOuter = installHook(outer);
    outer.git('commit', '-q', '-m', 'add submodule');
    expect(Object.keys(readOuter().artifacts)).toEqual(['.gitmodules']);

    const module = new TestRepository({ folder: join(outer.folder, 'lib/inner') });
    const readInner = installHook(module);
    module.write('i.txt', 'inner\nmore\n');
    module.git('commit', '-q', '-a', '-m', 'in the submodule');
    expect(readInner()).toEqual({ artifacts: { 'i.txt': 'more\n' }, gaps: [] });
  });

  itRarely('reports in a merge only what no parent has', () => {
    const repository = new TestRepository();
    repository.commit('base', { 'a.txt': 'base\n' });
    repository.git('checkout', '-q', '-b', 'side');
    repository.commit('theirs', { 'a.txt': 'theirs\n', 'only-theirs.txt': 'known there\n' });
    repository.git('checkout', '-q', 'main');
    repository.commit('ours', { 'a.txt': 'ours\n' });
    expect(() => repository.git('merge', 'side')).toThrow();
    repository.write('a.txt', 'ours\ntheirs\nresolved\n');
    repository.git('add', 'a.txt');
    const read = installHook(repository);
    repository.git('commit', '-q', '-m', 'merge');
    expect(read()).toEqual({ artifacts: { 'a.txt': 'resolved\n' }, gaps: [] });
  });

  itRarely('does not stop a commit that changes nothing, such as an amended message', () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const read = installHook(repository);
    repository.git('commit', '-q', '--amend', '-m', 'better message');
    expect(read()).toEqual({ artifacts: {}, gaps: [] });
  });
});

describe('staged', () => {
  it('gives whole new files, and the added lines of changed ones', async () => {
    const repository = new TestRepository();
    const first = 'keep 1\nold\nkeep 2\n';
    repository.commit('first', { 'a.txt': first });
    repository.write('a.txt', 'top\nkeep 1\nnew\nkeep 2\nend');
    repository.write('b.txt', 'brand new\n');
    repository.git('add', '-A');
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.seen.map(({ path, added, present }) => ({ path, added, present }))).toEqual([
      { path: 'a.txt', added: ['top\n', 'new\n', 'end'], present: true },
      { path: 'b.txt', added: undefined, present: true },
    ]);
    expect(bytesPlanned(result.items)).toBe('top\nnew\nendbrand new\n'.length);
    const whole = await gather(staged, { cwd: repository.folder, options: { 'full-blobs': true } });
    expect(whole.seen.every((one) => one.added === undefined)).toBe(true);
    expect(bytesPlanned(whole.items)).toBe('top\nkeep 1\nnew\nkeep 2\nendbrand new\n'.length);
  });

  it('finds nothing new in a pure move, and only the edit in a move with an edit', async () => {
    const repository = new TestRepository();
    const long = Array.from({ length: 30 }, (_, i) => `line ${i}\n`).join('');
    repository.commit('first', { 'a.txt': long, 'b.txt': `b\n${long}` });
    repository.git('mv', 'a.txt', 'moved.txt');
    repository.git('mv', 'b.txt', 'edited.txt');
    repository.write('edited.txt', `b\n${long}added\n`);
    repository.git('add', '-A');
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.seen.map(({ path, added }) => ({ path, added }))).toEqual([
      { path: 'edited.txt', added: ['added\n'] },
    ]);
  });

  it('reads symlinks as text and keeps awkward file names', async () => {
    const repository = new TestRepository();
    const names = ['with space', 'tab\there', 'line\nbreak', 'quote"s', 'umlaut-ä-雪', '-dash', 'back\\slash'];
    for (const name of names) repository.write(name, `content of ${name}`);
    symlinkSync('/target/of/link', join(repository.folder, 'link'));
    repository.git('add', '-A');
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.files).toEqual({
      ...Object.fromEntries(names.map((name) => [name, `content of ${name}`])),
      link: '/target/of/link',
    });
  });

  itRarely('keeps file names that are not UTF-8', async () => {
    const repository = new TestRepository();
    const oid = execFileSync('git', ['hash-object', '-w', '--stdin'], {
      cwd: repository.folder,
      env: gitEnv,
      input: 'latin',
    });
    const entry = Buffer.concat([
      Buffer.from(`100644 ${oid.toString().trim()}\t`),
      Buffer.from([0x63, 0x61, 0x66, 0xe9, 0]),
    ]);
    execFileSync('git', ['update-index', '-z', '--index-info'], { cwd: repository.folder, env: gitEnv, input: entry });
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.files).toEqual({ 'caf\ufffd': 'latin' });
  });

  itRarely('leaves out intent-to-add entries, deletions, mode changes and empty files', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'gone.txt': 'gone\n', 'run.sh': 'echo\n' });
    repository.write('later.txt', 'only intended\n');
    repository.git('add', '-N', 'later.txt');
    repository.git('rm', '-q', 'gone.txt');
    repository.git('update-index', '--chmod=+x', 'run.sh');
    repository.write('empty.txt', '');
    repository.git('add', 'empty.txt');
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.seen).toEqual([]);
    expect(result.gaps).toEqual([]);
    expect(result.skips).toEqual([{ reason: 'empty', subject: 'empty.txt' }]);
  });

  itRarely('names unmerged paths and files over the limit as gaps', async () => {
    const repository = new TestRepository();
    repository.commit('base', { 'a.txt': 'base\n' });
    repository.git('checkout', '-q', '-b', 'side');
    repository.commit('theirs', { 'a.txt': 'theirs\n' });
    repository.git('checkout', '-q', 'main');
    repository.commit('ours', { 'a.txt': 'ours\n' });
    expect(() => repository.git('merge', 'side')).toThrow();
    repository.write('big.txt', 'x'.repeat(5000));
    repository.git('add', 'big.txt');
    const result = await gather(staged, { cwd: repository.folder, fileBytes: 4000 });
    expect(result.gaps.map(({ reason, subject }) => [reason, subject])).toEqual([
      ['unreadable', 'a.txt'],
      ['too-large', 'big.txt'],
    ]);
  });

  it('says that nothing is staged, outside of a hook', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.gaps).toMatchObject([{ reason: 'nothing-planned', scope: true }]);
  });

  itRarely('names a missing object', async () => {
    const repository = new TestRepository();
    repository.git('update-index', '--add', '--info-only', '--cacheinfo', `100644,${'1'.repeat(40)},lost.txt`);
    repository.write('here.txt', 'here\n');
    repository.git('add', 'here.txt');
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.files).toEqual({ 'here.txt': 'here\n' });
    expect(result.gaps).toMatchObject([{ reason: 'missing-object', subject: 'lost.txt' }]);
  });

  it('says what is wrong where there is no repository or no git', async () => {
    const folder = temporaryFolder();
    const outside = await gather(staged, { cwd: folder, env: { ...gitEnv, GIT_CEILING_DIRECTORIES: folder } });
    expect(outside.gaps).toMatchObject([{ reason: 'not-a-repository', scope: true }]);
    await expect(gather(staged, { cwd: folder, env: { PATH: folder } })).rejects.toThrow(UsageError);
    await expect(gather(staged, { cwd: folder, env: { PATH: folder } })).rejects.toThrow(/install git/);
  });

  it('runs nothing that the repository configures', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'one\n' });
    repository.write('a.txt', 'one\ntwo\n');
    repository.write('b.txt', 'new\n');
    repository.git('add', '-A');
    repository.git('update-index', '--add', '--info-only', '--cacheinfo', `100644,${'1'.repeat(40)},lost.txt`);
    const ran = plantHostileConfig(repository);
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.files).toEqual({ 'a.txt': 'one\ntwo\n', 'b.txt': 'new\n' });
    expect(result.gaps).toMatchObject([{ reason: 'missing-object', subject: 'lost.txt' }]);
    expect(ran()).toBe(false);
    expect(() => repository.git('diff', '--cached')).toThrow();
    expect(ran(), 'plain git falls for it').toBe(true);
  });

  itRarely('never takes a program in the repository for git', async () => {
    const repository = new TestRepository();
    repository.write('git', '#!/bin/sh\ntouch ran\n');
    repository.git('add', '--chmod=+x', 'git');
    execFileSync('chmod', ['+x', join(repository.folder, 'git')]);
    const result = await gather(staged, { cwd: repository.folder, env: { ...gitEnv, PATH: `.:${gitEnv['PATH']}` } });
    expect(Object.keys(result.files)).toEqual(['git']);
    expect(existsSync(join(repository.folder, 'ran'))).toBe(false);
  });

  it('takes the repository name from the remote, without credentials', async () => {
    const repository = new TestRepository();
    repository.git('remote', 'add', 'origin', 'https://user:word@example.com/owner/name.git');
    repository.write('a.txt', 'one\n');
    repository.git('add', '-A');
    const result = await gather(staged, { cwd: repository.folder });
    expect(result.seen[0]?.repository).toBe('example.com/owner/name');
  });
});
