import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLI, sampleToken } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

/**
 * Clients with windows start git without the user's PATH. The script took its folder from `dirname` and the list of what
 * is pushed from `cat`: without them the hook that was there before did not run, and a push was clean, unread.
 */
describe.skipIf(process.platform === 'win32')('a hook of a client without a PATH', () => {
  const program = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  let folder: string;
  let repository: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bowerbird-path-'));
    repository = join(folder, 'work tree');
    mkdirSync(join(folder, 'empty'));
    git({}, 'init', '-q', '--bare', join(folder, 'remote'));
    git({}, 'init', '-q', '-b', 'main', repository);
    writeFileSync(join(repository, 'a.env'), `TOKEN=${sampleToken('no-path')}\n`);
    inside({}, 'add', '-A');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function git(env: Readonly<Record<string, string>>, ...args: string[]): SpawnSyncReturns<string> {
    const me = ['-c', 'user.name=n', '-c', 'user.email=n@example.invalid'];
    const fixed = { HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    return spawnSync(program, [...me, ...args], { cwd: folder, env: { ...fixed, ...env }, encoding: 'utf8' });
  }

  function inside(env: Readonly<Record<string, string>>, ...args: string[]): SpawnSyncReturns<string> {
    return git(env, '-C', repository, ...args);
  }

  function install(...args: string[]): void {
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
    execFileSync(process.execPath, [CLI, 'hook', 'install', ...args], { cwd: repository, env, stdio: 'pipe' });
  }

  /** A PATH with nothing in it: git adds its own folder. */
  const emptyPath = () => ({ PATH: join(folder, 'empty') });

  it('stops a commit with a secret', () => {
    install();
    const { status, stdout, stderr } = inside({}, 'commit', '-qm', 'x');
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('GitHub personal access token');
  });

  itRarely('stops a push with a secret', () => {
    inside({}, 'commit', '-qm', 'x');
    install('--pre-push');
    const { status, stdout, stderr } = inside(emptyPath(), 'push', '-q', join(folder, 'remote'), 'main');
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('GitHub personal access token');
    expect(git({}, '-C', 'remote', 'for-each-ref').stdout).toBe('');
  });

  itRarely('runs the hook that was there first', () => {
    const first = '#!/bin/sh\necho "first says no" >&2\nexit 7\n';
    writeFileSync(join(repository, '.git', 'hooks', 'pre-commit'), first, { mode: 0o755 });
    install();
    const { status, stderr } = inside(emptyPath(), 'commit', '-qm', 'x');
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'first says no\n' });
  });
});
