import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CLI, sampleToken } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

let folder: string;
let repository: string;
let remote: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-push-'));
  repository = join(folder, 'shop');
  remote = join(folder, 'remote.git');
  env = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder, GIT_CONFIG_SYSTEM: '/dev/null' };
  for (const who of ['AUTHOR', 'COMMITTER'])
    Object.assign(env, { [`GIT_${who}_NAME`]: 'A', [`GIT_${who}_EMAIL`]: 'a@b.test' });
  execFileSync('git', ['init', '-q', '-b', 'main', repository], { env });
  execFileSync('git', ['init', '-q', '--bare', remote], { env });
  bowerbird('hook', 'install', '--pre-push');
  commit('a.txt', 'a\n');
  git('switch', '-q', '-c', 'secret');
  commit('a.env', `TOKEN=${sampleToken('push')}\n`);
  git('switch', '-q', 'main');
  commit('b.txt', 'b\n');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function bowerbird(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [CLI, ...args], { cwd: repository, env, encoding: 'utf8' });
}

function git(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync('git', args, { cwd: repository, env, encoding: 'utf8' });
}

function commit(name: string, text: string): void {
  writeFileSync(join(repository, name), text);
  git('add', '-A');
  git('commit', '-q', '-m', name);
}

it('to a new remote: another branch with a secret stays here, and stops nothing', () => {
  git('remote', 'add', 'origin', remote);
  expect(git('push', '-q', 'origin', 'main')).toMatchObject({ status: 0, stderr: '' });
  const stopped = git('push', '-q', 'origin', 'secret');
  expect(stopped.status).not.toBe(0);
  expect(stopped.stderr + stopped.stdout).toContain('a.env');
});

itRarely('to an address without a remote', () => {
  expect(git('push', '-q', remote, 'main')).toMatchObject({ status: 0, stderr: '' });
  expect(git('push', '-q', remote, 'secret').status).not.toBe(0);
});

itRarely('of all branches at once', () => {
  git('remote', 'add', 'origin', remote);
  expect(git('push', '-q', '--all', 'origin').status).not.toBe(0);
  git('branch', '-q', '-D', 'secret');
  expect(git('push', '-q', '--all', 'origin').status).toBe(0);
});

itRarely('a hook that git does not run is exit 3 of "hook status"', () => {
  expect(bowerbird('hook', 'status').status).toBe(0);
  mkdirSync(join(repository, '.githooks'));
  git('config', 'core.hooksPath', '.githooks');
  const { status, stdout } = bowerbird('hook', 'status');
  expect(status).toBe(3);
  expect(stdout).toMatch(/pre-push: shadowed/);
});

itRarely('no advice asks the public registry', () => {
  for (const sign of ['.husky/x', 'lefthook.yml', '.pre-commit-config.yaml']) {
    mkdirSync(dirname(join(repository, sign)), { recursive: true });
    writeFileSync(join(repository, sign), '');
    const { status, stderr } = bowerbird('hook', 'install');
    expect(status).toBe(2);
    expect(stderr).toContain('bowerbird');
    expect(stderr).not.toMatch(/npx/);
    rmSync(join(repository, sign.split('/')[0] ?? ''), { recursive: true });
  }
});
