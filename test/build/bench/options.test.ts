import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readOptions } from '../../../src/build/bench/options.ts';
import { UsageError } from '../../../src/model/errors.ts';

const PEER_NAMES = ['gitleaks', 'kingfisher'];

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bowerbird-options-'));
  await mkdir(join(root, 'dist'));
  await writeFile(join(root, 'dist', 'cli.cjs'), '');
  for (const name of ['one/repo', 'two/.git', 'three.git', 'other/repo']) {
    await mkdir(join(root, name), { recursive: true });
  }
});

afterAll(() => rm(root, { recursive: true, force: true }));

const read = (...args: string[]) => readOptions(root, args, PEER_NAMES);
const at = (name: string): string => join(root, name);

it('has a default for everything but the folder', () => {
  expect(read(at('one/repo'))).toEqual({
    rounds: 3,
    works: ['history', 'tree', 'staged', 'incremental', 'start'],
    bins: [],
    out: at('bench/scoreboard.md'),
    timeout: 600_000,
    cli: at('dist/cli.cjs'),
    keep: false,
    checks: [],
    folders: [{ name: 'one', path: at('one/repo') }],
  });
});

it('reads every flag', () => {
  const flags = [
    '--rounds',
    '7',
    '--work',
    'tree, start',
    '--peers',
    'kingfisher',
    '--timeout',
    '9',
    '--keep',
    '--rules',
    '--equality',
  ];
  const paths = ['--bin', at('one'), '--bin', at('two'), '--out', at('b.md'), '--cli', at('dist/cli.cjs')];
  expect(read(...flags, ...paths, at('one/repo'))).toMatchObject({
    rounds: 7,
    works: ['tree', 'start'],
    peers: ['kingfisher'],
    bins: [at('one'), at('two')],
    out: at('b.md'),
    timeout: 9000,
    keep: true,
    checks: ['rules', 'equality'],
  });
});

it('names a folder by what tells it apart, and numbers equal names', () => {
  const names = ['one/repo', 'two/.git', 'three.git', 'one'].map(at);
  const folders = ['one', 'two', 'three', 'one-2'].map((name, index) => ({ name, path: names[index] }));
  expect(read(...names)).toMatchObject({ folders });
});

it('needs no folder for the start alone', () => {
  expect(read('--work', 'start')).toMatchObject({ folders: [] });
});

it('gives help whatever else is wrong', () => {
  expect(read('--help')).toBe('help');
});

it.each([
  [['--nope'], "Unknown option '--nope'"],
  [['--rounds'], "Option '--rounds <value>' argument missing"],
  [['--rounds', '0'], '--rounds "0" is not a whole number from 1 up.'],
  [['--rounds', '2.5'], '--rounds "2.5" is not a whole number from 1 up.'],
  [['--timeout', 'long'], '--timeout "long" is not a whole number from 1 up.'],
  [['--work', 'history,sleep'], '--work does not know "sleep". Write: history, tree, staged, incremental, start.'],
  [['--peers', ''], '--peers does not know "". Write: gitleaks, kingfisher.'],
  [['--out', 'board.html'], '--out "board.html" must end in .md; the JSON is written beside it.'],
  [['--bin', '/nowhere/at/all'], '"/nowhere/at/all" is not a folder.'],
  [['--cli', '/nowhere/cli.cjs'], '/nowhere/cli.cjs does not exist. Run "npm run build" first.'],
  [[], 'Name at least one folder with a git repository.'],
])('says what is wrong with %j', (flags, message) => {
  const folder = flags.length === 0 ? [] : [at('one/repo')];
  expect(() => read(...folder, ...flags)).toThrow(UsageError);
  expect(() => read(...folder, ...flags)).toThrow(message);
});
