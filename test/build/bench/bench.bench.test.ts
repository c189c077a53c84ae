import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import { type CommandResult, ROOT, runCommand } from '../clone.ts';

/** Stands for gitleaks: writes a report with two findings of one secret. */
const GITLEAKS = `#!/bin/sh
[ "$1" = version ] && { echo 8.99.0; exit 0; }
for arg in "$@"; do
  case "$arg" in --report-path=*)
    printf '[{"RuleID":"a","Secret":"never-shown"},{"RuleID":"a","Secret":"never-shown"}]' > "\${arg#--report-path=}" ;;
  esac
done
`;
const TRUFFLEHOG = '#!/bin/sh\n[ "$1" = --version ] && { echo "trufflehog 3.0.1"; exit 0; }\nexit 4\n';

let folder: string;
let key: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bowerbird-bench-test-'));
  key = expandTemplate(`gh${'p_'}{github-crc:36}`, 'bench/test');
  const repository = join(folder, 'shop');
  await mkdir(repository);
  await writeFile(join(repository, 'config.py'), `token = "${key}"\n`);
  await writeFile(join(repository, 'read.md'), 'Nothing here.\n');
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'first'],
  ]) {
    expect(await runCommand('git', args, { cwd: repository })).toMatchObject({ code: 0 });
  }
  await mkdir(join(folder, 'bin'));
  await addPeer('gitleaks', GITLEAKS);
  await addPeer('trufflehog', TRUFFLEHOG);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function addPeer(name: string, script: string): Promise<void> {
  await writeFile(join(folder, 'bin', name), script);
  await chmod(join(folder, 'bin', name), 0o755);
}

async function bench(...args: string[]): Promise<CommandResult> {
  const temporary = join(folder, 'tmp');
  await mkdir(temporary, { recursive: true });
  const result = await runCommand('node', [join(ROOT, 'src/build/run.mjs'), 'bench', ...args], {
    cwd: folder,
    env: { TMPDIR: temporary },
  });
  expect(await readdir(temporary)).toEqual([]);
  return result;
}

it('measures Bowerbird and the peers on a repository and writes a scoreboard', async () => {
  const out = join(folder, 'board.md');
  const flags = ['--rounds', '1', '--bin', 'bin', '--peers', 'gitleaks,trufflehog', '--out', out];
  const result = await bench(...flags, '--work', 'history,staged,start', 'shop');
  expect(result).toMatchObject({ code: 0, stdout: '' });
  const text = await readFile(out, 'utf8');
  const json = await readFile(join(folder, 'board.json'), 'utf8');
  const board = JSON.parse(json);
  expect(board.peers).toMatchObject([{ name: 'bowerbird' }, { version: '8.99.0' }, { version: '3.0.1' }]);
  expect(board.sections.map((section: { work: string; input: string }) => `${section.work} ${section.input}`)).toEqual([
    'history shop',
    'staged shop',
    'start ',
  ]);
  expect(board.sections[0]).toMatchObject({
    facts: { commits: 1 },
    rows: [
      { peer: 'bowerbird', outcome: { state: 'measured', counts: { distinct: 1 } } },
      { peer: 'gitleaks', outcome: { state: 'measured', counts: { findings: 2, distinct: 1 } } },
      { peer: 'trufflehog', outcome: { state: 'failed', reason: 'exit code 4' } },
    ],
  });
  expect(board.sections[1].rows[0].outcome).toMatchObject({ state: 'measured', counts: { findings: 1 } });
  expect(text).toContain('## Whole history: shop');
  expect(text).toMatch(/\| trufflehog \| failed: exit code 4 \|/);
  for (const secret of [key, 'never-shown']) expect(text + json).not.toContain(secret);
}, 120_000);

it('measures Bowerbird alone on a folder that is no repository', async () => {
  await mkdir(join(folder, 'files'));
  await writeFile(join(folder, 'files', 'a.py'), `token = "${key}"\n`);
  const result = await bench(
    '--rounds',
    '2',
    '--work',
    'tree',
    '--bin',
    'bin',
    '--peers',
    'gitleaks',
    '--out',
    'b.md',
    'files',
  );
  expect(result.code).toBe(0);
  const board = JSON.parse(await readFile(join(folder, 'b.json'), 'utf8'));
  const outcome = board.sections[0].rows[0].outcome;
  expect(outcome).toMatchObject({ state: 'measured', counts: { findings: 1, distinct: 1 } });
  expect(outcome.samples).toHaveLength(2);
}, 120_000);

it('keeps what it does not measure again, and replaces the rest', async () => {
  const flags = ['--rounds', '1', '--bin', 'bin', '--peers', 'gitleaks', '--out', 'kept.md'];
  await bench(...flags, '--work', 'start');
  await bench(...flags, '--work', 'history', '--keep', 'shop');
  await bench(...flags, '--rounds', '2', '--work', 'start', '--keep');
  const read = async () => JSON.parse(await readFile(join(folder, 'kept.json'), 'utf8'));
  const list = (board: { sections: { work: string; rounds: number }[] }) =>
    board.sections.map((section) => `${section.work} ${section.rounds}`);
  expect(list(await read())).toEqual(['start 2', 'history 1']);
  await bench(...flags, '--work', 'start');
  expect(list(await read())).toEqual(['start 1']);
  await writeFile(
    join(folder, 'kept.json'),
    JSON.stringify({ ...(await read()), machine: { cpu: 'Other', cores: 1, node: 'v1' } }),
  );
  const refused = await bench(...flags, '--work', 'start', '--keep');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('was measured on another machine (1 x Other, Node v1;');
}, 120_000);

it('tells its flags', async () => {
  const { code, stdout } = await bench('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('--rounds <n>');
});

it.each([
  [['--nope', 'shop'], "Unknown option '--nope'"],
  [['--peers', 'kingfisher', '--bin', 'bin', 'shop'], 'Not found on PATH or in --bin: kingfisher.'],
  [['--work', 'history', 'bin'], 'bin is no git repository: of such a folder only --work tree can be measured.'],
  [['--work', 'sleep', 'shop'], '--work does not know "sleep".'],
])('refuses %j with exit code 2', async (args, message) => {
  const result = await bench(...args);
  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain(message);
});
