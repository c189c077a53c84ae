import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

// The build replaced execFile by a wrapper without `util.promisify.custom`: each of these verbs ended with exit 70.
it('installs a hook, tells its state and takes it out again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-hook-verbs-'));
  try {
    execFileSync('git', ['init', '-q', folder], { env: { PATH: process.env['PATH'] ?? '', HOME: folder } });
    const hook = join(folder, '.git', 'hooks', 'pre-commit');
    const run = (verb: string) => runBowerbird(['hook', verb], { cwd: folder });
    expect(await run('install')).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Installed') });
    expect(existsSync(hook)).toBe(true);
    expect(await run('status')).toMatchObject({ code: 0, stdout: expect.stringContaining('pre-commit: installed') });
    expect(await run('uninstall')).toMatchObject({ code: 0, stdout: expect.stringContaining('Removed') });
    expect(existsSync(hook)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

// A hook that git does not run checks nothing: its state was exit 0.
itRarely('ends with 3 where git does not run the hook', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-hook-verbs-'));
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, env: { PATH: process.env['PATH'] ?? '', HOME: folder } });
  try {
    git('init', '-q');
    await runBowerbird(['hook', 'install'], { cwd: folder });
    git('config', 'core.hooksPath', join(folder, 'elsewhere'));
    const status = await runBowerbird(['hook', 'status'], { cwd: folder });
    expect(status).toMatchObject({ code: 3, stdout: expect.stringContaining('pre-commit: shadowed') });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
