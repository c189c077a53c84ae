import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePlan, withToken } from '../../src/action/commits.ts';
import type { ActionPlan, WantedCommit } from '../../src/action/plan.ts';
import { type Git, openGit } from '../../src/git/process/open.ts';
import { itRarely } from '../it-rarely.ts';

const IDENTITY = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.invalid',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.invalid',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

let folder: string;
let origin: string;
let clone: string;

function run(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env: { ...process.env, ...IDENTITY }, encoding: 'utf8' }).trim();
}

function commitFile(name: string): string {
  writeFileSync(join(origin, name), `${name}\n`);
  run(origin, 'add', '-A');
  run(origin, 'commit', '-q', '-m', name);
  return run(origin, 'rev-parse', 'HEAD');
}

function shallowClone(branch: string): Git {
  run(folder, 'clone', '-q', '--depth=1', '--branch', branch, pathToFileURL(origin).href, clone);
  return openGit({ directory: clone, env: { ...process.env, ...IDENTITY }, location: false, network: true });
}

function has(sha: string): boolean {
  try {
    run(clone, 'cat-file', '-e', `${sha}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

function wanted(sha: string, depth = 1): WantedCommit {
  return { ask: sha, name: sha, depth };
}

function rangePlan(bases: readonly WantedCommit[], head: WantedCommit, more: Partial<ActionPlan> = {}): ActionPlan {
  return { kind: 'range', range: { bases, head }, targets: [], unshallow: false, treeIsHead: true, notes: [], ...more };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-action-'));
  origin = join(folder, 'origin');
  clone = join(folder, 'clone');
  run(folder, 'init', '-q', '-b', 'main', origin);
  run(origin, 'config', 'uploadpack.allowReachableSHA1InWant', 'true');
  commitFile('one');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('resolvePlan', () => {
  it('fetches both ends of a pull request into a clone of depth 1', async () => {
    const base = commitFile('two');
    run(origin, 'switch', '-q', '-c', 'topic');
    const middle = commitFile('three');
    const head = commitFile('four');
    run(origin, 'switch', '-q', 'main');
    const git = shallowClone('main');
    expect(has(head)).toBe(false);
    const resolved = await resolvePlan(git, rangePlan([wanted(base)], wanted(head, 3), { policy: wanted(base) }));
    expect(resolved).toEqual({ targets: [`range:${base}...${head}`], policyRef: base, notes: [] });
    expect([base, middle, head].map(has)).toEqual([true, true, true]);
  });

  itRarely('asks for the ref of the pull request where the server does not give out ids', async () => {
    run(origin, 'config', 'uploadpack.allowReachableSHA1InWant', 'false');
    const base = run(origin, 'rev-parse', 'HEAD');
    run(origin, 'switch', '-q', '-c', 'topic');
    const head = commitFile('two');
    run(origin, 'update-ref', 'refs/pull/7/head', head);
    run(origin, 'switch', '-q', 'main');
    run(origin, 'branch', '-q', '-D', 'topic');
    const git = shallowClone('main');
    await resolvePlan(git, rangePlan([wanted(base)], { ...wanted(head, 2), orAsk: 'refs/pull/7/head' }));
    expect(has(head)).toBe(true);
  });

  itRarely('compares with the default branch when a forced push threw the old state away', async () => {
    const main = run(origin, 'rev-parse', 'HEAD');
    run(origin, 'switch', '-q', '-c', 'topic');
    const head = commitFile('two');
    const git = shallowClone('topic');
    const gone = 'f'.repeat(40);
    const fallback = { ask: 'refs/heads/main', name: 'refs/remotes/origin/main', depth: 1 };
    const resolved = await resolvePlan(git, rangePlan([wanted(gone), fallback], wanted(head)));
    expect(resolved.targets).toEqual([`range:refs/remotes/origin/main...${head}`]);
    expect(resolved.notes.join()).toMatch(/forced push.*origin\/main/);
    expect(has(main)).toBe(true);
  });

  it('scans the whole history when nothing is known about the state before', async () => {
    const head = commitFile('two');
    const git = shallowClone('main');
    const resolved = await resolvePlan(git, rangePlan([wanted('f'.repeat(40))], wanted(head)));
    expect(resolved.targets).toEqual(['.', 'git:.']);
    expect(run(clone, 'rev-parse', '--is-shallow-repository')).toBe('false');
  });

  itRarely('names the missing base of a pull request instead of scanning something else', async () => {
    const head = commitFile('two');
    const git = shallowClone('main');
    const gone = 'f'.repeat(40);
    const plan = rangePlan([wanted(gone)], { ...wanted(head), orAsk: 'refs/pull/7/head' }, { policy: wanted(gone) });
    expect(await resolvePlan(git, plan)).toMatchObject({ targets: [`range:${gone}...${head}`], policyRef: gone });
  });

  itRarely('completes a shallow clone for the whole history', async () => {
    const first = run(origin, 'rev-parse', 'HEAD');
    commitFile('two');
    const git = shallowClone('main');
    await resolvePlan(git, {
      kind: 'targets',
      targets: ['.', 'git:.'],
      unshallow: true,
      treeIsHead: true,
      notes: [],
    });
    expect(has(first)).toBe(true);
  });

  itRarely('does not make a full clone shallow', async () => {
    commitFile('two');
    run(folder, 'clone', '-q', pathToFileURL(origin).href, clone);
    const head = commitFile('three');
    const git = openGit({ directory: clone, env: { ...process.env, ...IDENTITY }, location: false, network: true });
    await resolvePlan(git, rangePlan([wanted(run(clone, 'rev-parse', 'HEAD'))], wanted(head)));
    expect(has(head)).toBe(true);
    expect(run(clone, 'rev-parse', '--is-shallow-repository')).toBe('false');
  });

  it('runs no program that the repository configures', async () => {
    const head = commitFile('two');
    const git = shallowClone('main');
    const marker = join(folder, 'ran');
    run(clone, 'config', 'core.sshCommand', `touch ${marker}`);
    run(clone, 'config', 'core.fsmonitor', `touch ${marker}`);
    run(clone, 'config', 'remote.origin.uploadpack', `touch ${marker}; git-upload-pack`);
    await resolvePlan(git, rangePlan([wanted('f'.repeat(40))], wanted(head)));
    expect(existsSync(marker)).toBe(false);
  });
});

describe('withToken', () => {
  it('replaces a header that the checkout left, after settings that are there', () => {
    const env = withToken(
      { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'a.b', GIT_CONFIG_VALUE_0: 'c' },
      'https://github.com',
      'tok',
    );
    const listed = execFileSync('git', ['config', '--get-all', 'http.https://github.com/.extraheader'], {
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    expect(listed).toBe(`\nAUTHORIZATION: basic ${Buffer.from('x-access-token:tok').toString('base64')}\n`);
    expect(env).toMatchObject({ GIT_CONFIG_COUNT: '3', GIT_CONFIG_VALUE_0: 'c' });
  });

  it('gives the token to no server that is not https, and nothing without a token', () => {
    for (const server of ['http://github.com', 'https://evil.example/path', 'https://a b', 'file:///x', '']) {
      expect(withToken({}, server, 'tok')).toEqual({});
    }
    expect(withToken({ A: '1' }, 'https://github.com', undefined)).toEqual({ A: '1' });
  });
});
