import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

const TOKEN = sampleToken('leaks');
const OTHER = sampleToken('only in a name');
const FORMATS = [
  'human',
  'inventory',
  'json',
  'jsonl',
  'sarif',
  'junit',
  'csv',
  'identities',
  'markdown',
  'gitlab',
  'github',
];
let folder = '';
/** Where reports are written: beside what is scanned. */
let out = '';
let remove = async (): Promise<void> => undefined;

function git(...args: string[]): void {
  const env = {
    PATH: process.env['PATH'] ?? '',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: `me ${TOKEN}`,
    GIT_AUTHOR_EMAIL: `${TOKEN}@example.test`,
    GIT_COMMITTER_NAME: 'x',
    GIT_COMMITTER_EMAIL: 'x@example.test',
  };
  execFileSync('git', args, { cwd: folder, env, stdio: 'ignore' });
}

beforeEach(async () => {
  const made = await makeFolder({ 'out/empty': '', 'repository/empty': '' });
  [folder, out] = [join(made.folder, 'repository'), join(made.folder, 'out')];
  remove = made.remove;
  git('init', '-q', '-b', `feature/${TOKEN}`);
  git('config', 'remote.origin.url', `https://user:${TOKEN}@git.example.test/acme/x.git`);
  mkdirSync(join(folder, `dir-${TOKEN}`));
  writeFileSync(join(folder, `dir-${TOKEN}`, `${TOKEN}.env`), `key = "${TOKEN}" # bowerbird:allow it is ${TOKEN}\n`);
  writeFileSync(join(folder, `${OTHER}.txt`), 'larger than the limit of the scan');
  git('add', '-A');
  git('commit', '-qm', `use ${TOKEN}`);
  git('tag', '-am', `message ${TOKEN}`, `v-${TOKEN}`);
});

afterEach(() => remove());

describe('secrets in names of files, branches, tags, authors and remotes', () => {
  it.each([['.'], ['git:.'], ['range:HEAD']])('are in no report of %s', async (target) => {
    const reports = FORMATS.flatMap((format) => ['--report', `${format}=${join(out, format)}`]);
    const args = ['scan', target, '--verbose', '--max-file-size', '200B', '--report', 'human', ...reports];
    const { stdout, stderr } = await runBowerbird(args, { cwd: folder });
    expect(stdout + stderr).not.toContain(TOKEN);
    for (const format of FORMATS) {
      const report = readFileSync(join(out, format), 'utf8');
      expect(report.length, format).toBeGreaterThan(20);
      expect(report, format).not.toContain(TOKEN);
    }
  });

  it('are taken out of gaps too, when nothing else holds them', async () => {
    const { stdout } = await runBowerbird(['scan', '.', '--json', '--max-file-size', '20B'], { cwd: folder });
    expect(stdout).toContain('raise --max-file-size');
    expect(stdout).not.toContain(OTHER);
  });
});
