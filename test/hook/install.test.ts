import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hookStatus, installHook, uninstallHook } from '../../src/hook/install.ts';
import type { HookStage } from '../../src/hook/script.ts';
import { UsageError } from '../../src/model/errors.ts';
import { itRarely } from '../it-rarely.ts';

let folder: string;
let repository: string;
let bin: string;
let env: Record<string, string>;

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** Commits in a folder with real git and gives the exit code and what was printed. */
function commit(cwd: string, ...args: string[]): { code: number | null; output: string } {
  writeFileSync(join(cwd, 'file.txt'), `${Math.random()}\n`);
  git(cwd, 'add', '-A');
  const done = spawnSync('git', ['commit', '-q', '-m', 'x', ...args], { cwd, env, encoding: 'utf8' });
  return { code: done.status, output: done.stdout + done.stderr };
}

/** A program named bowerbird on PATH that writes down what it was given and ends with a code. */
function fakeBowerbird(code: number, path = join(bin, 'bowerbird')): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `#!/bin/sh\necho "$@" >> "${folder}/calls"\n[ "$2 $3" != "run pre-push" ] || cat >> "${folder}/stdin"\nexit ${code}\n`,
  );
  chmodSync(path, 0o755);
}

/** A folder with git and a shell, and no node: what a client with windows may have for a PATH. */
function toolsWithoutNode(): string {
  const tools = join(folder, 'tools');
  mkdirSync(tools);
  for (const name of ['git', 'sh']) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(tools, name));
  }
  return tools;
}

function calls(): string[] {
  const file = join(folder, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function writeHook(path: string, body: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

const install = (stage: HookStage = 'pre-commit', force = false, cwd = repository) =>
  installHook({ cwd, env, stage, force });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-hook-'));
  repository = join(folder, 'work tree');
  bin = join(folder, 'bin');
  mkdirSync(bin);
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

describe('installHook', () => {
  it('makes git run bowerbird before a commit, and its exit code decides', async () => {
    expect(await install()).toMatchObject({ change: 'created' });
    fakeBowerbird(0);
    expect(commit(repository).code).toBe(0);
    fakeBowerbird(1);
    expect(commit(repository).code).toBe(1);
    expect(calls()).toEqual(['hook run pre-commit', 'hook run pre-commit']);
  });

  it('is executable and changes nothing the second time', async () => {
    const { path } = await install();
    expect(statSync(path).mode & 0o111).toBe(0o111);
    const before = readFileSync(path, 'utf8');
    expect(await install()).toMatchObject({ change: 'unchanged' });
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  itRarely('repairs a hook of ours that lost its mode or is of another version', async () => {
    const { path } = await install();
    chmodSync(path, 0o644);
    expect(await install()).toMatchObject({ change: 'updated' });
    writeFileSync(path, '#!/bin/sh\n# bowerbird-hook 0 (pre-commit)\nexit 0\n');
    expect(await install()).toMatchObject({ change: 'updated' });
    expect(readFileSync(path, 'utf8')).toContain('hook run pre-commit');
  });

  it('fails the commit and says how to go on when bowerbird is missing', async () => {
    await install();
    const { code, output } = commit(repository);
    expect(code).toBe(1);
    expect(output).toContain('bowerbird was not found on PATH, in node_modules or at');
    expect(output).toContain('skip this check once with --no-verify');
    expect(output).not.toMatch(/npx|npm install/);
    expect(commit(repository, '--no-verify').code).toBe(0);
  });

  it('runs the program that installed it where PATH has neither bowerbird nor node', async () => {
    const node = join(folder, "it's node");
    const cli = join(folder, 'cli.cjs');
    const program = { node, cli };
    await installHook({ cwd: repository, env, stage: 'pre-commit', program });
    writeFileSync(cli, '');
    env['PATH'] = toolsWithoutNode();
    fakeBowerbird(0, node);
    expect(commit(repository).code).toBe(0);
    expect(calls()).toEqual([`${cli} hook run pre-commit`]);
    fakeBowerbird(0, join(repository, 'node_modules/.bin/bowerbird'));
    writeFileSync(join(repository, '.gitignore'), 'node_modules\n');
    expect(commit(repository).code).toBe(0);
    expect(calls()).toHaveLength(2);
    const [status] = await hookStatus({ cwd: repository, env });
    expect(status?.state).toBe('installed');
  });

  it('names no path of this machine in a folder that the repository shares', async () => {
    git(repository, 'config', 'core.hooksPath', '.githooks');
    const { path } = await installHook({
      cwd: repository,
      env,
      stage: 'pre-commit',
      program: { node: '/some/node', cli: '/some/cli.cjs' },
    });
    expect(readFileSync(path, 'utf8')).not.toContain('/some/');
  });

  itRarely('finds the bowerbird of node_modules', async () => {
    await install();
    fakeBowerbird(0, join(repository, 'node_modules/.bin/bowerbird'));
    writeFileSync(join(repository, '.gitignore'), 'node_modules\n');
    expect(commit(repository).code).toBe(0);
    expect(calls()).toHaveLength(1);
  });

  it('keeps a hook that was there, runs it first, and lets it stop the commit', async () => {
    const path = join(repository, '.git/hooks/pre-commit');
    writeHook(path, `echo first >> "${folder}/calls"; exit "$(cat "${folder}/code")"`);
    expect(await install()).toMatchObject({ change: 'chained' });
    expect(await install()).toMatchObject({ change: 'unchanged' });
    fakeBowerbird(0);
    writeFileSync(join(folder, 'code'), '0');
    expect(commit(repository).code).toBe(0);
    writeFileSync(join(folder, 'code'), '7');
    expect(commit(repository).code).not.toBe(0);
    expect(calls()).toEqual(['first', 'hook run pre-commit', 'first']);
  });

  itRarely('keeps a hook that is a link', async () => {
    writeHook(join(repository, 'scripts/check.sh'), `echo linked >> "${folder}/calls"`);
    mkdirSync(join(repository, '.git/hooks'), { recursive: true });
    symlinkSync('../../scripts/check.sh', join(repository, '.git/hooks/pre-commit'));
    await install();
    fakeBowerbird(0);
    expect(commit(repository).code).toBe(0);
    expect(calls()).toEqual(['linked', 'hook run pre-commit']);
    expect(readFileSync(join(repository, 'scripts/check.sh'), 'utf8')).toContain('linked');
  });

  itRarely('refuses to lose one of two hooks', async () => {
    writeHook(join(repository, '.git/hooks/pre-commit'), 'exit 0');
    writeHook(join(repository, '.git/hooks/pre-commit.local'), 'exit 0');
    await expect(install('pre-commit', true)).rejects.toThrow(/Both pre-commit and pre-commit\.local/);
    expect(readFileSync(join(repository, '.git/hooks/pre-commit'), 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  });

  it('honours core.hooksPath of the repository, also from a subfolder', async () => {
    git(repository, 'config', 'core.hooksPath', '.githooks');
    mkdirSync(join(repository, 'a/b'), { recursive: true });
    const { path } = await install('pre-commit', false, join(repository, 'a/b'));
    expect(path).toBe(join(repository, '.githooks/pre-commit'));
    fakeBowerbird(0);
    expect(commit(repository).code).toBe(0);
    expect(calls()).toHaveLength(1);
  });

  it('works in a linked work tree, whose .git is a file', async () => {
    fakeBowerbird(0);
    commit(repository);
    const linked = join(folder, 'linked');
    git(repository, 'worktree', 'add', '-q', '-b', 'other', linked);
    const { path } = await install('pre-commit', false, linked);
    expect(path).toBe(join(repository, '.git/hooks/pre-commit'));
    expect(commit(linked).code).toBe(0);
    expect(calls()).toEqual(['hook run pre-commit']);
  });

  it('does not install into the hooks of every repository unless forced', async () => {
    const shared = join(folder, 'shared hooks');
    writeFileSync(join(folder, '.gitconfig'), `[core]\n\thooksPath = ${shared}\n`);
    await expect(install()).rejects.toThrow(/global git configuration.*every repository/s);
    expect(await install('pre-commit', true)).toMatchObject({ path: join(shared, 'pre-commit') });
  });

  it.each([
    ['husky', '.husky/pre-commit', '|| echo node_modules/.bin/bowerbird)" hook run pre-commit'],
    ['lefthook', 'lefthook.yml', '|| echo node_modules/.bin/bowerbird)" hook run pre-commit'],
    ['pre-commit', '.pre-commit-config.yaml', '- id: bowerbird'],
  ])('says what to add where %s manages the hooks', async (name, sign, advice) => {
    mkdirSync(dirname(join(repository, sign)), { recursive: true });
    writeFileSync(join(repository, sign), '');
    const error = await install().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toContain(`${name} manages the hooks`);
    expect(String(error)).toContain(advice);
    expect(await install('pre-commit', true)).toMatchObject({ change: 'created' });
  });

  it('says so outside a work tree', async () => {
    await expect(install('pre-commit', false, folder)).rejects.toThrow(/is in no git work tree/);
  });
});

describe('pre-push', () => {
  itRarely('gives what git says to both hooks, with the arguments', async () => {
    const remote = join(folder, 'remote.git');
    execFileSync('git', ['init', '-q', '--bare', remote], { env });
    git(repository, 'remote', 'add', 'origin', remote);
    writeHook(join(repository, '.git/hooks/pre-push'), `cat > "${folder}/first"; echo "first $1" >> "${folder}/calls"`);
    await install('pre-push');
    fakeBowerbird(0);
    commit(repository);
    git(repository, 'push', '-q', 'origin', 'main');
    expect(calls()).toEqual(['first origin', `hook run pre-push origin ${remote}`]);
    const line = `refs/heads/main ${git(repository, 'rev-parse', 'HEAD')} refs/heads/main ${'0'.repeat(40)}\n`;
    expect(readFileSync(join(folder, 'first'), 'utf8')).toBe(line);
    expect(readFileSync(join(folder, 'stdin'), 'utf8')).toBe(line);
  });

  it('stops a push', async () => {
    const remote = join(folder, 'remote.git');
    execFileSync('git', ['init', '-q', '--bare', remote], { env });
    git(repository, 'remote', 'add', 'origin', remote);
    await install('pre-push');
    fakeBowerbird(3);
    commit(repository);
    expect(() => git(repository, 'push', '-q', 'origin', 'main')).toThrow();
    expect(git(remote, 'for-each-ref')).toBe('');
  });
});

describe('uninstallHook', () => {
  const uninstall = () => uninstallHook({ cwd: repository, env, stage: 'pre-commit' });

  it('takes the hook away', async () => {
    const { path } = await install();
    expect(await uninstall()).toMatchObject({ change: 'removed' });
    expect(existsSync(path)).toBe(false);
    expect(await uninstall()).toMatchObject({ change: 'absent' });
  });

  it('gives the kept hook its name back', async () => {
    const path = join(repository, '.git/hooks/pre-commit');
    writeHook(path, 'exit 0 # mine');
    await install();
    expect(await uninstall()).toMatchObject({ change: 'restored' });
    expect(readFileSync(path, 'utf8')).toContain('# mine');
    expect(existsSync(`${path}.local`)).toBe(false);
  });

  it('leaves a hook of others alone', async () => {
    const path = join(repository, '.git/hooks/pre-commit');
    writeHook(path, 'exit 0 # mine');
    expect(await uninstall()).toMatchObject({ change: 'foreign' });
    expect(readFileSync(path, 'utf8')).toContain('# mine');
  });
});

describe('hookStatus', () => {
  const states = async () => (await hookStatus({ cwd: repository, env })).map((status) => status.state);

  it('tells all states', async () => {
    expect(await states()).toEqual(['absent', 'absent']);
    const { path } = await install();
    expect(await states()).toEqual(['installed', 'absent']);
    chmodSync(path, 0o644);
    expect(await states()).toEqual(['not-executable', 'absent']);
    writeHook(path, '# bowerbird-hook 0'.replace('#!/bin/sh\n', ''));
    expect(await states()).toEqual(['outdated', 'absent']);
    writeHook(path, 'exit 0');
    expect(await states()).toEqual(['foreign', 'absent']);
  });

  it('notices a hook that core.hooksPath shadows', async () => {
    await install();
    git(repository, 'config', 'core.hooksPath', '.githooks');
    const [status] = await hookStatus({ cwd: repository, env });
    expect(status).toMatchObject({ state: 'shadowed', path: join(repository, '.githooks/pre-commit') });
    expect(status?.message).toContain('core.hooksPath is .githooks');
  });
});
