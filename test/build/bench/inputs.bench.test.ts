import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareJob } from '../../../src/build/bench/inputs.ts';
import type { Job, Work } from '../../../src/build/bench/model.ts';
import { makeEnvironment } from '../../../src/build/bench/surroundings.ts';
import { runCommand } from '../clone.ts';

const COMMITS = 40;
const FILES = 12;

let root: string;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bowerbird-inputs-'));
  env = makeEnvironment(join(root, 'env'), process.env['PATH'] ?? '');
  const repository = join(root, 'repository');
  await mkdir(repository);
  await git(repository, 'init', '-q', '-b', 'main');
  for (let file = 0; file < FILES; file += 1)
    await writeFile(join(repository, `file-${file}.txt`), `${file} text\n`.repeat(300));
  await writeFile(join(repository, 'picture.bin'), Buffer.alloc(2000));
  await git(repository, 'add', '-A');
  await git(repository, 'commit', '-q', '-m', 'first');
  for (let commit = 1; commit < COMMITS; commit += 1) {
    await writeFile(join(repository, 'file-0.txt'), `version ${commit}\n`.repeat(300));
    await git(repository, 'commit', '-q', '-a', '-m', `change ${commit}`);
  }
  await git(root, 'clone', '-q', '--bare', repository, join(root, 'bare'));
  await cp(repository, join(root, 'plain'), { recursive: true });
  await rm(join(root, 'plain', '.git'), { recursive: true });
}, 60_000);

afterAll(() => rm(root, { recursive: true, force: true }));

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand('git', args, { cwd });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout.trim();
}

async function prepare(work: Work, name: string): Promise<Job> {
  const folder = await mkdtemp(join(root, 'shop-'));
  return prepareJob(work, { name, path: join(root, name) }, { folder, env });
}

it.each(['repository', 'bare'])('tells the sizes of the history of a %s', async (name) => {
  const job = await prepare('history', name);
  expect(job).toMatchObject({ target: join(root, name), bare: name === 'bare', facts: { commits: COMMITS } });
  const blobs = FILES + 1 + COMMITS - 1;
  expect(job.facts.objects).toBe(blobs + 2 * COMMITS);
  expect(job.facts.bytes).toBeGreaterThan(blobs * 2000);
});

it.each(['repository', 'bare', 'plain'])('gives the files of a %s, and no repository', async (name) => {
  const job = await prepare('tree', name);
  expect(job.facts.files).toBe(FILES + 1);
  const names = await readdir(job.target);
  expect(names).toHaveLength(FILES + 1);
  expect(names).not.toContain('.git');
  expect(await readFile(join(job.target, 'file-0.txt'), 'utf8')).toBe(`version ${COMMITS - 1}\n`.repeat(300));
});

it('stages three text files with something new in each, and leaves the repository alone', async () => {
  const job = await prepare('staged', 'repository');
  const staged = (await git(job.target, 'diff', '--cached', '--name-only')).split('\n');
  expect(staged).toHaveLength(3);
  expect(staged.join()).not.toContain('picture');
  expect(await git(job.target, 'diff', '--cached')).toMatch(/^\+token = "gh/m);
  expect(await readdir(job.copies ?? '')).toHaveLength(3);
  expect(await git(join(root, 'repository'), 'status', '--porcelain')).toBe('');
});

it('makes a repository whose tip was 30 commits behind', async () => {
  const job = await prepare('incremental', 'bare');
  expect(job.facts.commits).toBe(30);
  expect(await git(job.target, 'rev-list', '--count', `${job.since}..HEAD`)).toBe('30');
  expect(await git(job.target, 'rev-list', '--count', 'HEAD')).toBe(String(COMMITS));
  expect(await git(job.earlier ?? '', 'rev-list', '--count', '--all')).toBe(String(COMMITS - 30));
});

it('says that a plain folder has no history', async () => {
  await expect(prepare('history', 'plain')).rejects.toThrow('is no git repository; only --work tree can use it.');
});
