import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, sampleToken } from './run-bowerbird.ts';

/** Notes which files of `dist/` are read, which modules of Node are loaded, and which programs are started. */
const SPY = `
const fs = require('node:fs');
const files = new Set();
for (const name of ['readFileSync', 'openSync', 'readFile', 'open']) {
  const original = fs[name];
  fs[name] = function (path, ...rest) {
    const found = /[\\\\/]dist[\\\\/](.+)$/.exec(String(path));
    if (found) files.add(found[1]);
    return original.call(this, path, ...rest);
  };
}
const programs = [];
const { ChildProcess } = require('node:child_process');
const spawn = ChildProcess.prototype.spawn;
ChildProcess.prototype.spawn = function (options) {
  programs.push(options.file.split(/[\\\\/]/).pop());
  return spawn.call(this, options);
};
const known = new Set(process.moduleLoadList);
process.on('exit', () => {
  const modules = process.moduleLoadList.filter((name) => !known.has(name)).map((name) => name.replace('NativeModule ', ''));
  fs.writeSync(2, JSON.stringify({ files: [...files].sort(), modules, programs }));
});
`;

interface Start {
  readonly files: readonly string[];
  readonly modules: readonly string[];
  readonly programs: readonly string[];
  readonly status: number | null;
}

let folder: string;
const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'ignore' });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-start-'));
  writeFileSync(join(folder, 'spy.cjs'), SPY);
  git('init', '-q');
  git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-q', '--allow-empty', '-m', 'first');
  writeFileSync(join(folder, 'a.ts'), 'export const one = 1;\n');
  git('add', 'a.ts');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(...args: string[]): Start {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
  const command = ['--require', join(folder, 'spy.cjs'), CLI, ...args];
  const { stderr, status } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: 'utf8' });
  return { ...(JSON.parse(stderr.slice(stderr.indexOf('{"files"'))) as Omit<Start, 'status'>), status };
}

it('reads nothing but the first file for the version', () => {
  expect(start('--version')).toMatchObject({ status: 0, files: ['cli.cjs'], programs: [] });
});

it('reads the rules and one file of code, and starts git twice, for a commit that adds no secret', () => {
  const { status, files, programs } = start('hook', 'run', 'pre-commit');
  expect({ status, files, programs }).toEqual({
    status: 0,
    files: ['catalogue.jsonl', 'cli.cjs', 'rules.pack', 'start.cjs'],
    programs: ['git', 'git'],
  });
});

it('loads no part of Node that a clean commit does not need', () => {
  const { modules } = start('hook', 'run', 'pre-commit');
  const unwanted = /^(?:crypto|zlib|fs\/promises|worker_threads|https?|readline|url)$/;
  expect(modules.filter((name) => unwanted.test(name))).toEqual([]);
});

it('adds the report and the joining of findings where there is a secret, and no parser of flags', () => {
  const quiet = start('scan', '--staged');
  writeFileSync(join(folder, 'b.ts'), `export const token = '${sampleToken('start')}';\n`);
  git('add', 'b.ts');
  const { status, files, programs } = start('scan', '--staged');
  expect(status).toBe(1);
  expect(programs).toEqual(['git', 'git']);
  expect(files.length).toBeGreaterThan(quiet.files.length);
  expect(files.filter((file) => file.startsWith('vendor'))).toEqual([]);
});
