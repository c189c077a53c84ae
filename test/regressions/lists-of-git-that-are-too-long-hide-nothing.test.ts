import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { shallowCommits } from '../../src/git/repository/repository.ts';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** A list that was too long to be read here counted as empty: objects of other stores, the border of a shallow clone. */
it('a store that borrows objects is read whole, however long the list of other stores is', async () => {
  const { folder, remove } = await makeFolder({ 'origin/app.env': `TOKEN=${sampleToken('borrowed')}\n` });
  const git = (cwd: string, ...args: string[]): void => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: join(folder, cwd), encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  };
  try {
    git('origin', 'init', '-q', '-b', 'main');
    git('origin', 'add', '-A');
    git('origin', 'commit', '-q', '-m', 'first');
    git('.', 'clone', '-q', '--shared', 'origin', 'clone');
    const alternates = join(folder, 'clone/.git/objects/info/alternates');
    const list = readFileSync(alternates, 'utf8');
    writeFileSync(alternates, `# ${'x'.repeat(70_000)}\n`);
    appendFileSync(alternates, list);
    const { stdout } = await runBowerbird(['scan', 'git:clone', '--json'], { cwd: folder });
    const report = JSON.parse(stdout) as { findings: object[]; coverage: { gaps: object[] }[] };
    expect(report.findings).toHaveLength(1);
    expect(report.coverage.flatMap(({ gaps }) => gaps)).toEqual([]);
  } finally {
    await remove();
  }
});

it('a shallow clone whose border cannot be read is not taken for a whole one', async () => {
  const { folder, remove } = await makeFolder({});
  try {
    mkdirSync(join(folder, 'shallow'));
    const repository = {
      gitDirectory: folder,
      commonDirectory: folder,
      bare: false,
      width: 20,
      partial: false,
      name: 'a',
    } as const;
    await expect(shallowCommits({ ...repository, shallow: true })).rejects.toThrow('list of shallow commits');
    expect(await shallowCommits({ ...repository, shallow: false })).toEqual(new Set());
  } finally {
    await remove();
  }
});
