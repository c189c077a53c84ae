import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

/** `--exclude` and `exclude` of the configuration did nothing for what is staged and for a range, and nothing said so. */
const EXCLUDE = ['--exclude', 'vendor/**'];
/** Lines that stay the same, so that git sees a file that moved. */
const LINES = Array.from({ length: 30 }, (_, line) => `SETTING_${line}=on\n`).join('');
const env = (seed: string): string => `${LINES}TOKEN=${sampleToken(seed)}\n`;

let tree: Awaited<ReturnType<typeof makeFolder>>;
const at = (path: string): string => join(tree.folder, path);
const git = (...args: string[]): void => {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: tree.folder, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
};
const write = (path: string, content: string): void => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
};
const commit = (message: string): void => {
  git('add', '-A');
  git('commit', '-q', '-m', message);
};

interface Seen {
  readonly code: number | null;
  readonly paths: readonly string[];
  readonly excluded: number;
}

async function scan(...args: string[]): Promise<Seen> {
  const { code, stdout } = await runBowerbird(['scan', ...args, '--json'], { cwd: tree.folder });
  const report = JSON.parse(stdout) as {
    findings: { locations: { path: string }[] }[];
    coverage: { skipped: { excluded?: number } }[];
  };
  const paths = report.findings.flatMap(({ locations }) => locations.map(({ path }) => path));
  const excluded = report.coverage.reduce((sum, { skipped }) => sum + (skipped.excluded ?? 0), 0);
  return { code, paths: paths.sort(), excluded };
}

beforeAll(async () => {
  tree = await makeFolder({ 'readme.txt': 'nothing\n', 'vendor/old.env': env('old') });
  git('init', '-q', '-b', 'main');
  commit('first');
  git('tag', 'base');
  // A file that is left out, then the same content where it is not.
  write('vendor/copied.env', env('copied'));
  write('vendor/only.env', env('only'));
  commit('second');
  write('src/copied.env', env('copied'));
  // Out of the folder that is left out: once as it was, once with a change.
  renameSync(at('vendor/old.env'), at('src/old.env'));
  commit('third');
  write('vendor/staged.env', env('staged'));
  renameSync(at('vendor/only.env'), at('src/only.env'));
  writeFileSync(at('src/only.env'), `${env('only')}MORE=on\n`);
  write('src/added.env', env('added'));
  git('add', '-A');
});
afterAll(() => tree.remove());

describe('what is staged', () => {
  it('is looked at without what is left out, which is counted', async () => {
    const { code, paths, excluded } = await scan('--staged', ...EXCLUDE);
    expect({ code, paths, excluded }).toEqual({ code: 1, paths: ['src/added.env', 'src/only.env'], excluded: 1 });
  });

  it('is looked at whole without a glob', async () => {
    const { paths, excluded } = await scan('--staged');
    expect({ paths, excluded }).toEqual({ paths: ['src/added.env', 'vendor/staged.env'], excluded: 0 });
  });

  it('takes the globs of the configuration', async () => {
    write('other.yaml', 'exclude: ["vendor/**"]\n');
    expect((await scan('--staged', '--config', 'other.yaml')).excluded).toBe(1);
  });
});

describe('a range', () => {
  it('is looked at without what is left out, unless it stands elsewhere too', async () => {
    const { code, paths, excluded } = await scan('--range', 'base...HEAD', ...EXCLUDE);
    expect({ code, paths, excluded }).toEqual({ code: 1, paths: ['src/copied.env', 'src/old.env'], excluded: 1 });
  });

  it('is clean where all of it is left out', async () => {
    expect(await scan('--range', 'base...HEAD~1', ...EXCLUDE)).toEqual({ code: 0, paths: [], excluded: 2 });
  });
});

it('a history is read whole, and says so', async () => {
  const { code, stderr } = await runBowerbird(['scan', 'git:.', ...EXCLUDE], { cwd: tree.folder });
  expect(code).toBe(2);
  expect(stderr).toContain('a history is read whole');
});
