import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLI, sampleToken } from '../run-bowerbird.ts';

/** Notes which files of `dist/` are read and compiled, which modules of Node are loaded, and which programs are started. */
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
  const verb = options.args.find((word, at, all) => at > 0 && !word.startsWith('-') && all[at - 1] !== '-c');
  programs.push([options.file.split(/[\\\\/]/).pop(), verb].join(' '));
  return spawn.call(this, options);
};
const flags = [];
const getBuiltinModule = process.getBuiltinModule;
process.getBuiltinModule = (id) => {
  const module = getBuiltinModule.call(process, id);
  if (id !== 'node:v8') return module;
  return { ...module, setFlagsFromString: (flag) => { flags.push(flag); module.setFlagsFromString(flag); } };
};
const vm = require('node:vm');
const code = {};
vm.Script = class extends vm.Script {
  constructor(text, options) {
    super(text, options);
    if (options?.filename) code[options.filename.split(/[\\\\/]/).pop()] = this.cachedDataRejected === false ? 'kept' : 'compiled';
  }
};
const known = new Set(process.moduleLoadList);
process.on('exit', () => {
  const modules = process.moduleLoadList.filter((name) => !known.has(name)).map((name) => name.replace('NativeModule ', ''));
  fs.writeSync(2, JSON.stringify({ files: [...files].sort(), modules, programs, code, flags }));
});
`;

interface Start {
  readonly files: readonly string[];
  readonly modules: readonly string[];
  readonly programs: readonly string[];
  /** Files of the bundle that were compiled by us, and whether kept code served. */
  readonly code: Readonly<Record<string, 'kept' | 'compiled'>>;
  /** Flags of V8 that were set, in order. */
  readonly flags: readonly string[];
  readonly status: number | null;
  /** What the command itself wrote, to both outputs. */
  readonly said: string;
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

/** The home is the repository, from which no compiled code is taken. */
function start(...args: string[]): Start {
  return startAt(folder, ...args);
}

function startAt(home: string, ...args: string[]): Start {
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_GLOBAL: '/dev/null' };
  const command = ['--require', join(folder, 'spy.cjs'), CLI, ...args];
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, command, {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  const at = stderr.lastIndexOf('{"files"');
  if (at < 0) throw new Error(`no report of the spy; exit ${status ?? signal}: ${stdout}${stderr}`);
  return {
    ...(JSON.parse(stderr.slice(at)) as Omit<Start, 'status' | 'said'>),
    status,
    said: stdout + stderr.slice(0, at),
  };
}

it('reads nothing but the first file for the version', () => {
  expect(start('--version')).toMatchObject({ status: 0, files: ['cli.cjs'], programs: [] });
});

it('reads the rules and one file of code, and starts no process, for a commit that adds no secret', () => {
  const { status, files, programs } = start('hook', 'run', 'pre-commit');
  expect({ status, files, programs }).toEqual({
    status: 0,
    files: ['catalogue.jsonl', 'cli.cjs', 'rules.pack', 'start.cjs'],
    programs: [],
  });
});

it('starts git for what only git can read', () => {
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' });
  writeFileSync(join(folder, '.git', 'MERGE_HEAD'), head);
  const { status, programs, said } = start('hook', 'run', 'pre-commit');
  rmSync(join(folder, '.git', 'MERGE_HEAD'));
  // Each verb and what was said: where this fails, the message names the gap or the process that is one too many.
  const expected = ['git cat-file', 'git diff-index', 'git diff-index'];
  expect({ status, programs, said }).toEqual({ status: 0, programs: expected, said: '' });
});

it('loads no part of Node that a clean commit does not need', () => {
  const { modules } = start('hook', 'run', 'pre-commit');
  const unwanted = /^(?:crypto|child_process|net|fs\/promises|worker_threads|https?|readline|url)$/;
  expect(modules.filter((name) => unwanted.test(name))).toEqual([]);
});

it('reads the checks and one more file where there is a secret, and no parser of flags', () => {
  const clean = start('scan', '--staged', '--quiet');
  writeFileSync(join(folder, 'b.ts'), `export const token = '${sampleToken('start')}';\n`);
  git('add', 'b.ts');
  const { status, files, programs } = start('scan', '--staged');
  expect(status).toBe(1);
  expect(programs).toEqual([]);
  expect(files.filter((file) => !clean.files.includes(file))).toEqual(['checks.cjs', 'found.cjs']);
});

it('compiles nothing twice: the second run is served by the code that the first kept', () => {
  const home = mkdtempSync(join(tmpdir(), 'bowerbird-start-home-'));
  const served = (...args: string[]): Start['code'] => startAt(home, ...args).code;
  expect(served('scan', '--staged')).toEqual({
    'start.cjs': 'compiled',
    'checks.cjs': 'compiled',
    'found.cjs': 'compiled',
  });
  expect(served('scan', '--staged')).toEqual({ 'start.cjs': 'kept', 'checks.cjs': 'kept', 'found.cjs': 'kept' });
  expect(served('hook', 'run', 'pre-commit')).toEqual({
    'start.cjs': 'kept',
    'checks.cjs': 'kept',
    'found.cjs': 'kept',
  });
  // A scan of files runs other functions, and has code of its own.
  const tree = ['start.cjs', 'found.cjs', 'parser.cjs'];
  const all = (how: string) => Object.fromEntries(tree.map((file) => [file, how]));
  expect(served('scan', 'a.ts', '--quiet')).toEqual(all('compiled'));
  expect(served('scan', 'a.ts', '--quiet')).toEqual(all('kept'));
  rmSync(home, { recursive: true });
});

it('optimises later where a commit adds much, and the code that it keeps serves all the same', () => {
  const home = mkdtempSync(join(tmpdir(), 'bowerbird-start-home-'));
  expect(startAt(home, 'scan', '--staged').flags).toEqual([]);
  const line = (at: number): string => `export const value${at} = compute(${at}, 'a word');\n`;
  writeFileSync(join(folder, 'much.ts'), Array.from({ length: 1_000 }, (_, at) => line(at)).join(''));
  git('add', 'much.ts');
  const { flags, code } = startAt(home, 'scan', '--staged');
  // Node 20, 22 and 24. Code is compiled and kept with the flags with which V8 began.
  const hasFlag = /^1[123]\./.test(process.versions.v8);
  expect(flags.length > 0).toBe(hasFlag);
  expect(code).toEqual({ 'start.cjs': 'kept', 'checks.cjs': 'kept', 'found.cjs': 'kept' });
  git('rm', '-q', '-f', '--cached', 'much.ts');
  rmSync(home, { recursive: true });
});
