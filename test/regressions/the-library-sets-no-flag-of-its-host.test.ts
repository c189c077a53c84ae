import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSources } from '../architecture/source-files.ts';
import { CLI, makeFolder, ROOT } from '../cli/run-bowerbird.ts';
import { itRarely } from '../it-rarely.ts';

/** Counts what is asked of V8 by whoever asks, and tells the arguments of the process. */
const SPY = `
const v8 = require('node:v8');
const flags = [];
v8.setFlagsFromString = (flag) => void flags.push(flag);
process.on('exit', () => require('node:fs').writeSync(2, JSON.stringify({ flags, execArgv: process.execArgv.length })));
`;
const HOST = `
const { scan, createScanContext } = require(${JSON.stringify(join(ROOT, 'dist', 'index.cjs'))});
scan({ targets: ['git:.'], incremental: true, noConfig: true }, createScanContext()).then((report) => console.log(report.summary.state));
`;

let folder: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ folder, remove } = await makeFolder({ 'a.txt': 'one\n', 'spy.cjs': SPY, 'host.cjs': HOST }));
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
  execFileSync('git', ['init', '-q'], { cwd: folder, env });
  execFileSync('git', ['add', 'a.txt'], { cwd: folder, env });
  const person = ['-c', 'user.name=a', '-c', 'user.email=a@example.test'];
  execFileSync('git', [...person, 'commit', '-qm', 'one'], { cwd: folder, env });
});

afterAll(() => remove());

function ask(...args: string[]): { readonly stdout: string; readonly flags: string[]; readonly execArgv: number } {
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const command = ['--require', join(folder, 'spy.cjs'), ...args];
  const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, env, encoding: 'utf8' });
  return { stdout, ...(JSON.parse(stderr.slice(stderr.indexOf('{"flags"'))) as { flags: string[]; execArgv: number }) };
}

it('an incremental scan of the library that reads everything leaves V8 alone', () => {
  expect(ask('host.cjs')).toEqual({ stdout: 'clean\n', flags: [], execArgv: 2 });
});

/** Of Node 20, 22 and 24. */
const FLAGS: Readonly<Record<string, readonly unknown[]>> = {
  11: [expect.stringMatching(/^--interrupt-budget=\d+$/), expect.stringMatching(/^--heap-growing-percent=\d+$/)],
  12: [expect.stringMatching(/^--invocation-count-for-turbofan=\d+$/)],
  13: [expect.stringMatching(/-turbofan=\d+$/), expect.stringMatching(/-maglev=\d+$/)],
};

itRarely('the command line sets what is for its V8, except for a commit that waits', () => {
  const flags = FLAGS[Number.parseInt(process.versions.v8, 10)] ?? [];
  expect(ask(CLI, 'scan', 'a.txt', '--no-config', '--quiet').flags).toEqual(flags);
  expect(ask(CLI, 'scan', 'git:.', '--incremental', '--no-config', '--quiet').flags).toEqual(flags);
  expect(ask(CLI, 'hook', 'run', 'pre-commit').flags).toEqual([]);
  expect(ask(CLI, '--version').flags).toEqual([]);
});

it('nothing but the start of the command line knows how', () => {
  const naming = readSources('src').filter(({ text }) =>
    /setFlagsFromString|start\/optimise|\/optimise\.ts/.test(text),
  );
  const shipped = naming.map(({ path }) => path).filter((path) => !path.startsWith('src/build/'));
  expect(shipped.sort()).toEqual(['src/cli/start/main.ts', 'src/cli/start/optimise.ts']);
});
