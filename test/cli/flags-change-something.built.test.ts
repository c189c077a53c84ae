import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import { spellingsOf } from '../../src/flags/names.ts';
import { FLAGS } from '../../src/flags/table.ts';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { runInProcess } from './memory-io.ts';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

/** The command without the flag, and the flag with its value. */
type Case = readonly [command: readonly string[], flag: readonly string[], parts?: () => Partial<CliIo>];

const JSON_OF = (...targets: string[]): string[] => ['scan', ...targets, '--json'];
const TERMINAL = (): Partial<CliIo> => ({ stderrIsTerminal: true, now: slowClock() });

/** Each look at the clock is ten seconds later. */
function slowClock(): () => Date {
  let now = 0;
  return () => {
    now += 10_000;
    return new Date(now);
  };
}

/** Answers nothing, and says so: what was asked shows in the coverage. */
const NETWORK = (): Partial<CliIo> => ({
  env: { PATH: process.env['PATH'], HOME: folder, GITHUB_TOKEN: 'no-token' },
  network: { fetch: async () => new Response('{}', { status: 404, headers: { 'content-type': 'application/json' } }) },
});

/** By verb and flag: what shows that the flag does something. */
const CASES: Readonly<Record<string, Case>> = {
  '--staged': [JSON_OF(), ['--staged']],
  '--range': [JSON_OF(), ['--range', 'HEAD~1...HEAD']],
  '--exclude': [JSON_OF('.'), ['--exclude', '*.env']],
  '--include-ignored': [JSON_OF('.'), ['--include-ignored']],
  '--max-file-size': [JSON_OF('.'), ['--max-file-size', '10']],
  '--report': [
    ['scan', '.'],
    ['--report', 'csv'],
  ],
  '--json': [['scan', '.'], ['--json']],
  '--quiet': [['scan', '.'], ['--quiet']],
  '-q': [['scan', '.'], ['-q']],
  '--verbose': [['scan', '.'], ['--verbose']],
  '-v': [['scan', '.'], ['-v']],
  '--color': [['scan', '.'], ['--color']],
  '--no-color': [['scan', '.'], ['--no-color'], () => ({ stdoutIsTerminal: true })],
  '--no-progress': [['scan', 'clean', '--threads', '1'], ['--no-progress'], TERMINAL],
  '--show-secrets': [JSON_OF('.'), ['--show-secrets']],
  '--config': [JSON_OF('.'), ['--config', 'other.yaml']],
  '--no-config': [JSON_OF('.'), ['--no-config']],
  '--policy-ref': [JSON_OF('.'), ['--policy-ref', 'HEAD~1']],
  '--rules': [JSON_OF('.'), ['--rules', 'rules']],
  '--pack': [JSON_OF('.'), ['--pack', 'strict']],
  '--only': [JSON_OF('.'), ['--only', 'aws-access-key-id']],
  '--except': [JSON_OF('.'), ['--except', 'github-pat-classic']],
  '--baseline': [JSON_OF('.'), ['--baseline', 'accepted']],
  '--fail-on': [JSON_OF('.'), ['--fail-on', 'critical']],
  '--allow-gaps': [JSON_OF('clean', '--max-file-size', '10'), ['--allow-gaps', '9']],
  '--require-coverage': [JSON_OF('clean', '--max-file-size', '10', '--allow-gaps', '9'), ['--require-coverage']],
  '--exposure': [JSON_OF('.'), ['--exposure', 'public']],
  '--verify': [JSON_OF('.'), ['--verify'], NETWORK],
  '--record': [JSON_OF('github:acme'), ['--record', 'recorded'], NETWORK],
  '--occurrences': [JSON_OF('git:.'), ['--occurrences', 'all']],
  '--incremental': [JSON_OF('git:.'), ['--incremental']],
  '--state': [JSON_OF('git:.'), ['--state', 'state.json']],
  '--output': [
    ['baseline', '.'],
    ['--output', 'elsewhere'],
  ],
  'rules list --pack': [
    ['rules', 'list'],
    ['--pack', 'hook'],
  ],
  'rules list --tag': [
    ['rules', 'list'],
    ['--tag', 'cloud'],
  ],
  'rules list --json': [['rules', 'list'], ['--json']],
  'explain --path': [
    ['explain', `password = "${expandTemplate('{base62:24}', 'flags')}"`],
    ['--path', 'package-lock.json'],
  ],
  'explain --in': [
    ['explain', 's-0123456789abcdef0123'],
    ['--in', 'git:.'],
  ],
  'ignore --reason': [
    ['ignore', 's-0123456789abcdef0123'],
    ['--reason', 'why'],
  ],
  'ignore --owner': [
    ['ignore', 's-0123456789abcdef0123', '--reason', 'why'],
    ['--owner', 'me'],
  ],
  'ignore --expires': [
    ['ignore', 's-0123456789abcdef0123', '--reason', 'why'],
    ['--expires', '2999-01-01'],
  ],
  'ignore --remove': [['ignore', 's-0123456789abcdef0123', '--reason', 'why'], ['--remove']],
  'hook install --pre-push': [['hook', 'install'], ['--pre-push']],
  'hook install --force': [['hook', 'install'], ['--force']],
  'hook run --time-limit': [
    ['hook', 'run', 'pre-comit'],
    ['--time-limit', 'x'],
  ],
};

/** Another way to the same result, by contract: the tests that compare the ways name them. */
const SAME_RESULT: Readonly<Record<string, string>> = {
  '--threads': 'test/cli/threads.stores.test.ts',
  '--reader': 'test/collectors/git.test.ts',
  '--full-blobs': 'test/regressions/flags-do-something-or-are-refused.test.ts',
  '--deepen': 'test/regressions/flags-do-something-or-are-refused.test.ts',
  '--engine': 'test/detect/fast',
};

/** What commands do without the flag, by command: many flags are tried on the same one. */
const plain = new Map<string, string>();

let folder: string;
let remove: () => Promise<void>;

beforeAll(async () => {
  const token = sampleToken('flags');
  const made = await makeFolder({
    'a.env': `TOKEN=${token}\n`,
    'clean/long.txt': 'nothing to see here, and more than ten bytes\n',
    '.bowerbird.yaml': 'exclude: ["copy.env"]\n',
    'other.yaml': 'exclude: ["*.env"]\n',
    '.gitignore': 'ignored.env\n',
  });
  ({ folder, remove } = made);
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
  const git = (...args: string[]): void =>
    void execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.test', ...args], { cwd: folder, env });
  git('init', '-q');
  git('add', 'a.env');
  git('commit', '-qm', 'one');
  writeFileSync(join(folder, 'same.env'), `TOKEN=${token}\n`);
  writeFileSync(join(folder, 'copy.env'), `# another place\nTOKEN=${token}\n`);
  git('add', '-A');
  git('commit', '-qm', 'two');
  writeFileSync(join(folder, 'ignored.env'), `OTHER=${sampleToken('ignored')}\n`);
  writeFileSync(join(folder, 'weak.py'), `db_password = "${expandTemplate('{base62:24}', 'weak')}"\n`);
  execFileSync('mkdir', ['-p', join(folder, 'rules')]);
  writeFileSync(
    join(folder, 'rules/mine.yaml'),
    'provider: mine\nname: Mine\nrules:\n  - id: mine-word\n    title: Word\n    pattern: "(?<secret>another place)"\n',
  );
  const { stdout } = await runBowerbird(JSON_OF('.'), { cwd: folder });
  const { findings } = JSON.parse(stdout) as { findings: { id: string }[] };
  writeFileSync(join(folder, 'accepted'), findings.map(({ id }) => `${id}\n`).join(''));
});

afterAll(() => remove());

/** What a run did: its output and what it left in the folder, without what changes from run to run. */
async function observe(args: readonly string[], parts?: () => Partial<CliIo>): Promise<string> {
  const before = new Set(readdirSync(folder));
  const ignore = join(folder, '.bowerbirdignore');
  const run =
    parts === undefined ? runBowerbird(args, { cwd: folder }) : runInProcess(args, { cwd: folder, ...parts() });
  const { code, stdout, stderr } = await run;
  const left = readdirSync(folder).filter((name) => !before.has(name));
  const accepted = existsSync(ignore) ? readFileSync(ignore, 'utf8') : '';
  for (const name of left) rmSync(join(folder, name), { recursive: true });
  rmSync(join(folder, '.git/hooks'), { recursive: true, force: true });
  rmSync(join(folder, '.git/bowerbird'), { recursive: true, force: true });
  const steady = stdout.replace(/"(?:started|finished)": ?"[^"]*"/g, '');
  return JSON.stringify({ code, stdout: steady, stderr: stderr.length > 0 && stderr, left, accepted });
}

describe('every flag', () => {
  it('names tests that are there', () => {
    expect(Object.values(SAME_RESULT).filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has a case here, or a reason why the result is the same', () => {
    const missing = FLAGS.flatMap((flag) =>
      spellingsOf(flag)
        .filter((spelling) => !flag.verbs.some((verb) => named(verb, spelling)))
        .map((spelling) => `${flag.verbs[0]} ${spelling}`),
    );
    expect(missing).toEqual([]);
  });

  it.each(Object.entries(CASES))('%s changes something that shows', async (_, [command, flag, parts]) => {
    if (command[0] === 'hook' && flag[0] === '--force') writeFileSync(join(folder, 'lefthook.yml'), '');
    const key = [parts, ...command, command[0] === 'hook' && flag].join(' ');
    const without = plain.get(key) ?? (await observe(command, parts));
    if (!plain.has(key)) expect(await observe(command, parts)).toBe(without);
    plain.set(key, without);
    expect(await observe([...command, ...flag], parts)).not.toBe(without);
    rmSync(join(folder, 'lefthook.yml'), { force: true });
  });
});

function named(verb: string, spelling: string): boolean {
  const keys = [spelling, `${verb} ${spelling}`];
  return keys.some((key) => key in CASES || key in SAME_RESULT);
}
