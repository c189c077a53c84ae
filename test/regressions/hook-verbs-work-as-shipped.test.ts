import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runBowerbird } from '../cli/run-bowerbird.ts';

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
