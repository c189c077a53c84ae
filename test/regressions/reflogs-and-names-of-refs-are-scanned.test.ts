import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';

const ME = ['-c', 'user.name=n', '-c', 'user.email=n@example.com'];

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', [...ME, ...args], { cwd, stdio: 'pipe' });
}

it('names secrets of reflogs, of loose refs and of packed refs, also in incremental runs', async () => {
  const cwd = temporaryFolder();
  mkdirSync(join(cwd, 'a'));
  const folder = join(cwd, 'a');
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'base');
  git(folder, 'branch', `packed-${sampleToken('packed')}`);
  git(folder, 'pack-refs', '--all');
  git(folder, 'branch', `loose-${sampleToken('loose')}`);
  git(folder, 'update-ref', '--create-reflog', '-m', `pull ${sampleToken('log')}`, 'refs/heads/side', 'HEAD');
  for (const args of [['git:.'], ['git:.', '--incremental'], ['git:.', '--incremental']]) {
    const { stdout, code } = await runBowerbird(['scan', ...args, '--json'], { cwd: folder });
    const report = JSON.parse(stdout) as { findings: { locations: { path: string }[] }[] };
    const paths = new Set(report.findings.flatMap(({ locations }) => locations.map(({ path }) => path)));
    expect([...paths].sort(), args.join(' ')).toEqual(
      expect.arrayContaining(['.git/logs/refs/heads/side', '.git/packed-refs', '.git/refs']),
    );
    expect(report.findings).toHaveLength(3);
    expect(code).toBe(1);
  }
});
