import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listWorkTree } from '../../src/collectors/files/list-git.ts';
import { openGit } from '../../src/git/process/open.ts';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** Git opens every ignore file that it meets and waits for ever for a pipe: a scan took two minutes to say so. */
async function inRepository(pipe: string, check: (folder: string) => Promise<void>): Promise<void> {
  const { folder, remove } = await makeFolder({ 'src/.env': `TOKEN=${sampleToken('pipe')}\n` });
  try {
    expect(spawnSync('git', ['init', '-q'], { cwd: folder }).status).toBe(0);
    expect(spawnSync('git', ['add', '.'], { cwd: folder }).status).toBe(0);
    mkdirSync(join(folder, pipe, '..'), { recursive: true });
    rmSync(join(folder, pipe), { force: true });
    execFileSync('mkfifo', [join(folder, pipe)]);
    await check(folder);
  } finally {
    await remove();
  }
}

interface JsonReport {
  readonly findings: readonly unknown[];
  readonly coverage: readonly { readonly gaps: readonly { readonly message: string }[] }[];
}

describe.skipIf(process.platform === 'win32')('a pipe called .gitignore', () => {
  it.each([
    ['at the root', '.gitignore', '.'],
    ['at the root, of a folder', '.gitignore', 'src'],
    ['in the folder that is scanned', 'src/.gitignore', 'src'],
    ["instead of the repository's own rules", '.git/info/exclude', '.'],
  ])('%s is a gap, and tracked files are read', async (_, pipe, target) => {
    await inRepository(pipe, async (folder) => {
      const begun = Date.now();
      const { stdout } = await runBowerbird(['scan', target, '--json'], { cwd: folder });
      const report = JSON.parse(stdout) as JsonReport;
      expect(Date.now() - begun).toBeLessThan(20_000);
      expect(report.findings).toHaveLength(1);
      const messages = report.coverage.flatMap(({ gaps }) => gaps.map(({ message }) => message));
      expect(messages.filter((message) => message.includes(`${pipe} is a pipe`))).toHaveLength(1);
    });
  });

  it('deep in the tree is looked for once git is silent', async () => {
    await inRepository('new/deep/.gitignore', async (folder) => {
      const git = openGit({ directory: folder, env: process.env, location: false });
      const list = async (): Promise<number> => {
        let count = 0;
        for await (const part of listWorkTree(git, '', 50)) count += part.count;
        return count;
      };
      await expect(list()).rejects.toThrow('new/deep/.gitignore is a pipe');
    });
  });
});
