import { spawnSync } from 'node:child_process';
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** A pack or a bundle that lies in a tree holds a whole history, and no decoder opens it. */
let tree: Awaited<ReturnType<typeof makeFolder>>;

beforeAll(async () => {
  tree = await makeFolder({ 'repository/readme.txt': 'nothing here\n', 'copies/readme.txt': 'nothing here either\n' });
  const git = (...args: readonly string[]): void => {
    const config = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'init.defaultBranch=main'];
    const { status, stderr } = spawnSync('git', [...config, ...args], { cwd: join(tree.folder, 'repository') });
    expect(status, String(stderr)).toBe(0);
  };
  git('init', '-q');
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  git('gc', '-q');
  git('bundle', 'create', '--version=2', '../copies/v2.bundle', 'main');
  git('bundle', 'create', '--version=3', '../copies/v3.bundle', 'main');
  const packs = join(tree.folder, 'repository/.git/objects/pack');
  const pack = (await readdir(packs)).find((name) => name.endsWith('.pack')) ?? '';
  await copyFile(join(packs, pack), join(tree.folder, 'copies/a.pack'));
});
afterAll(() => tree.remove());

const scan = async (target: string) => {
  const { code, stdout } = await runBowerbird(['scan', target, '--json'], { cwd: tree.folder });
  const report = JSON.parse(stdout) as { coverage: { gaps: { message: string }[] }[] };
  return { code, messages: report.coverage.flatMap(({ gaps }) => gaps.map(({ message }) => message)).sort() };
};

it('names packs and bundles of both versions, and exits with 3', async () => {
  expect(await scan('copies')).toEqual({
    code: 3,
    messages: [
      'a.pack: git pack was not opened',
      'v2.bundle: git bundle was not opened',
      'v3.bundle: git bundle was not opened',
    ],
  });
});

it.each(['repository', 'git:repository'])("says nothing of a repository's own packs (%s)", async (target) => {
  expect(await scan(target)).toEqual({ code: 0, messages: [] });
});
