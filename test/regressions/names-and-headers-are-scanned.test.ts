import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { inLane, itRarely } from '../it-rarely.ts';

interface Place {
  readonly path: string;
  readonly part?: string;
  readonly commit?: string;
  readonly startLine: number;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bowerbird-names-'));
  git('init', '-q', '-b', 'main');
  git('commit', '-q', '--allow-empty', '-m', 'first');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  const config = ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', ...authors };
  const result = spawnSync('git', [...config, ...args], { cwd: folder, env });
  expect(result.status, result.stderr.toString('utf8')).toBe(0);
  return result.stdout.toString('utf8').trim();
}
let authors: Readonly<Record<string, string>> = {};

function writeFile(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** Path, part and commit of each place, with the values taken out. */
async function scan(...args: string[]): Promise<{ places: Place[]; code: number | null; text: string; notes: string }> {
  const { stdout, code } = await runBowerbird(['scan', ...args, '--json'], { cwd: folder });
  const report = JSON.parse(stdout);
  const places: Place[] = report.findings.flatMap(({ locations }: { locations: Place[] }) => locations);
  return { places, code, text: stdout, notes: report.summary.notes.join('\n') };
}

const partsOf = (places: readonly Place[]): string[] => places.map(({ part = 'content' }) => part).sort();

describe('a secret in a name', () => {
  const name = `backup/${sampleToken('file-name')}.txt`;

  it('of a file is found in tree, index, range and history, and printed nowhere', async () => {
    writeFile(name, 'nothing\n');
    git('add', '-A');
    const staged = await scan('--staged');
    git('commit', '-q', '-m', 'second');
    for (const { places, code, text } of [
      staged,
      await scan('.'),
      await scan('git:.'),
      await scan('--range', 'HEAD~1...HEAD'),
    ]) {
      expect(places).toMatchObject([
        { part: 'file-name', startLine: 1, path: expect.stringMatching(/^backup\/ghp_\*+.txt$/) },
      ]);
      expect(code).toBe(1);
      expect(text).not.toContain(sampleToken('file-name'));
    }
    git('rm', '-q', name);
    git('commit', '-q', '-m', 'third');
    const { places } = await scan('git:.');
    expect(places).toMatchObject([{ part: 'file-name', present: false, commit: git('rev-parse', 'HEAD~1') }]);
    expect((await scan('.')).places).toEqual([]);
  });

  itRarely('of an excluded file is left out with the file', async () => {
    writeFile(name, 'nothing\n');
    expect((await scan('.', '--exclude', 'backup/**')).places).toEqual([]);
  });

  itRarely('of people, and in other headers, is found in history and range', async () => {
    authors = {
      GIT_AUTHOR_NAME: `Robot ${sampleToken('author')}`,
      GIT_COMMITTER_EMAIL: `${sampleToken('committer')}@example.org`,
    };
    git('commit', '-q', '--allow-empty', '-m', 'second');
    authors = {};
    const bare = git('cat-file', 'commit', 'HEAD').split('\n\n')[0] ?? '';
    const text = `${bare.replace(/^tree.*\n/m, `tree ${git('rev-parse', 'HEAD^{tree}')}\n`)}\nHG:extra token:${sampleToken('header')}\n\nthird\n`;
    writeFile(
      '.git/third',
      text
        .replace(/^author.*/m, 'author B <b@example.org> 1700000000 +0000')
        .replace(/^committer.*/m, 'committer B <b@example.org> 1700000000 +0000')
        .replace(/^parent.*/m, `parent ${git('rev-parse', 'HEAD')}`),
    );
    git('update-ref', 'refs/heads/main', git('hash-object', '-t', 'commit', '-w', '.git/third'));
    const rare = [
      ['git:.', '--threads', '3'],
      ['git:.', '--reader', 'cat-file'],
    ];
    for (const target of [['git:.'], ['--range', 'HEAD~2...HEAD'], ...(inLane ? rare : [])]) {
      const { places: all, text: report } = await scan(...target);
      // The reflog has them as well.
      const places = all.filter(({ part }) => part !== undefined);
      expect(partsOf(places), target.join(' ')).toEqual(['header', 'person', 'person']);
      expect(new Set(places.map(({ commit }) => commit))).toEqual(
        new Set([git('rev-parse', 'HEAD'), git('rev-parse', 'HEAD~1')]),
      );
      for (const seed of ['author', 'committer', 'header']) expect(report).not.toContain(sampleToken(seed));
    }
  });

  itRarely('that came since an incremental run is found, and stays in the reports that follow', async () => {
    expect((await scan('git:.', '--incremental')).places).toEqual([]);
    writeFile(name, 'nothing\n');
    git('add', '-A');
    authors = { GIT_AUTHOR_NAME: sampleToken('author') };
    git('commit', '-q', '-m', 'second');
    authors = {};
    git('rm', '-q', name);
    git('commit', '-q', '-m', 'third');
    for (let run = 0; run < 3; run += 1) {
      const { places } = await scan('git:.', '--incremental');
      expect(partsOf(places)).toEqual(['file-name', 'person']);
    }
  });
});

itRarely('names that say nothing cost nothing: a path with an id of git is no secret', async () => {
  for (const hex of ['0123456789abcdef', 'fedcba9876543210'])
    writeFile(`${hex.repeat(2)}${hex.slice(8)}/password=changeme.txt`, 'x\n');
  expect((await scan('.')).code).toBe(0);
});

itRarely('a token in the configuration of git is found in the tree as in the history', async () => {
  git('remote', 'add', 'origin', `https://user:${sampleToken('remote')}@example.org/a.git`);
  git('config', 'http.https://example.org/.extraheader', `AUTHORIZATION: bearer ${sampleToken('extra')}`);
  writeFile('a.txt', 'nothing\n');
  for (const target of ['.', 'git:.']) {
    const { places, text } = await scan(target);
    expect(places.map(({ path }) => path)).toEqual(['.git/config', '.git/config']);
    expect(text).not.toContain(sampleToken('remote'));
  }
});
