import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { itRarely } from '../it-rarely.ts';

async function expectScanned(target: string): Promise<void> {
  const { folder, remove } = await makeFolder({ 'a.txt': 'x\n' });
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args]);
  git('init', '-q');
  git('remote', 'add', 'origin', 'file:///srv/%ff.git');
  git('commit', '-q', '--allow-empty', '-m', 'one');
  execFileSync('sh', ['-c', 'printf "%s" "$1" > b.env', 'sh', `KEY=${sampleToken('odd-remote')}\n`], { cwd: folder });
  git('add', 'b.env');
  if (target !== '--staged') git('commit', '-q', '-m', 'two');
  const { stdout, code } = await runBowerbird(['scan', target], { cwd: folder }).finally(remove);
  expect(stdout).toContain('b.env:1');
  expect(stdout).not.toContain('bug');
  expect(code).toBe(1);
}

it.each(['git:.'])('that is no UTF-8: %s is scanned', expectScanned);
itRarely.each(['.', '--staged'])('that is no UTF-8: %s is scanned', expectScanned);
