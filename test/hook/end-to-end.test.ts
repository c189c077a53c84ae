import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { CLI } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

/** A token with a right checksum that was never live, made at run time. */
const TOKEN = expandTemplate('ghp_{github-crc:36}', 'test/hook');
const LEAK = `TOKEN=${TOKEN}\n`;

let folder: string;
let repository: string;
let program: string;
let env: Record<string, string>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-e2e-'));
  repository = join(folder, 'work tree');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  program = join(bin, 'bowerbird');
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(program, 0o755);
  env = {
    PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: folder,
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.invalid',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.invalid',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  execFileSync('git', ['init', '-q', '-b', 'main', repository], { env });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync('git', args, { cwd, env, encoding: 'utf8' });
}

function write(cwd: string, name: string, text: string): void {
  writeFileSync(join(cwd, name), text);
}

function installHook(...args: string[]): void {
  execFileSync(program, ['hook', 'install', ...args], { cwd: repository, env });
}

function expectStopped(done: SpawnSyncReturns<string>): void {
  expect(done.status).not.toBe(0);
  expect(done.stderr + done.stdout).toContain('GitHub personal access token');
  expect(done.stderr + done.stdout).not.toContain(TOKEN);
}

describe('the installed pre-commit hook', () => {
  beforeEach(() => installHook());

  it('stops the first commit with a secret and lets the next without it pass, silently', () => {
    write(repository, 'a.env', LEAK);
    git(repository, 'add', '-A');
    const stopped = git(repository, 'commit', '-q', '-m', 'x');
    expectStopped(stopped);
    expect(stopped.stderr + stopped.stdout).toMatch(
      /add a line to \.bowerbirdignore.*\n {2}s-[0-9a-f]{20} reason="why"/,
    );
    write(repository, 'a.env', 'TOKEN=from the vault\n');
    git(repository, 'add', '-A');
    const passed = git(repository, 'commit', '-q', '-m', 'x');
    expect([passed.status, passed.stdout, passed.stderr]).toEqual([0, '', '']);
  });

  itRarely('reads the index, not the file on disk', () => {
    write(repository, 'a.env', LEAK);
    git(repository, 'add', '-A');
    write(repository, 'a.env', 'clean on disk\n');
    expectStopped(git(repository, 'commit', '-q', '-m', 'x'));
    git(repository, 'rm', '-q', '--cached', '-f', 'a.env');
    write(repository, 'a.env', LEAK);
    write(repository, 'b.txt', 'b\n');
    git(repository, 'add', 'b.txt');
    expect(git(repository, 'commit', '-q', '-m', 'x').status).toBe(0);
  });

  itRarely('sees what "commit -a" and "commit <path>" add', () => {
    for (const name of ['a.env', 'b.env']) write(repository, name, 'clean\n');
    git(repository, 'add', '-A');
    expect(git(repository, 'commit', '-q', '-m', 'x').status).toBe(0);
    write(repository, 'a.env', LEAK);
    expectStopped(git(repository, 'commit', '-q', '-a', '-m', 'x'));
    expectStopped(git(repository, 'commit', '-q', '-m', 'x', 'a.env'));
    write(repository, 'b.env', 'still clean\n');
    expect(git(repository, 'commit', '-q', '-m', 'x', 'b.env').status).toBe(0);
  });

  itRarely('works in a linked work tree and lets an accepted finding pass', () => {
    write(repository, 'a.txt', 'a\n');
    git(repository, 'add', '-A');
    git(repository, 'commit', '-q', '-m', 'x');
    const linked = join(folder, 'linked');
    git(repository, 'worktree', 'add', '-q', '-b', 'other', linked);
    write(linked, 'a.env', LEAK);
    git(linked, 'add', '-A');
    const stopped = git(linked, 'commit', '-q', '-m', 'x');
    expectStopped(stopped);
    const id = /(s-[0-9a-f]{20}) reason="why"/.exec(stopped.stderr + stopped.stdout)?.[1] ?? '';
    execFileSync(program, ['ignore', id, '--reason', 'a sample'], { cwd: linked, env });
    expect(git(linked, 'commit', '-q', '-m', 'x').status).toBe(0);
  });

  itRarely('lets a changed message pass, where nothing is staged', () => {
    write(repository, 'a.txt', 'a\n');
    git(repository, 'add', '-A');
    git(repository, 'commit', '-q', '-m', 'x');
    expect(git(repository, 'commit', '-q', '--amend', '-m', 'better').status).toBe(0);
  });
});

describe('the installed pre-push hook', () => {
  it('stops a push that has a secret in any commit, also one that is removed again', () => {
    const remote = join(folder, 'remote.git');
    execFileSync('git', ['init', '-q', '--bare', remote], { env });
    git(repository, 'remote', 'add', 'origin', remote);
    write(repository, 'a.txt', 'a\n');
    git(repository, 'add', '-A');
    git(repository, 'commit', '-q', '-m', 'x');
    installHook('--pre-push');
    expect(git(repository, 'push', '-q', 'origin', 'main').status).toBe(0);
    for (const text of [LEAK, 'gone\n']) {
      write(repository, 'a.env', text);
      git(repository, 'add', '-A');
      git(repository, 'commit', '-q', '-m', 'x');
    }
    expectStopped(git(repository, 'push', '-q', 'origin', 'main'));
  });
});
