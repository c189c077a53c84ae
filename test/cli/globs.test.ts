import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandGlobs } from '../../src/cli/usage/expand-globs.ts';
import { UsageError } from '../../src/model/errors.ts';
import { itRarely } from '../it-rarely.ts';
import { tries } from '../property/runs.ts';
import { makeFolder, sampleToken } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

let folder: string;
let outside: string;
const removals: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const made = await makeFolder({
    'a.tf': '# a\n',
    'b.tf': `token = "${sampleToken('glob')}"\n`,
    'b.txt': 'x\n',
    'deep/c.tf': '# c\n',
    '[id].tf': '# literal\n',
    'mirrors/one/file.txt': 'one\n',
    'mirrors/two/file.txt': 'two\n',
    'rules/mine.yaml':
      'provider: mine\nname: Mine\nrules:\n  - id: mine-key\n    title: Key\n    pattern: "mine_(?<secret>[a-z]{20})"\n',
  });
  const other = await makeFolder({ 'secret.tf': '# outside\n' });
  removals.push(made.remove, other.remove);
  [folder, outside] = [made.folder, other.folder];
  symlinkSync(outside, join(folder, 'link'));
  symlinkSync(join(outside, 'secret.tf'), join(folder, 'linked.tf'));
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_GLOBAL: '/dev/null' };
  for (const name of ['one', 'two']) {
    const cwd = join(folder, 'mirrors', name);
    execFileSync('git', ['init', '-q'], { cwd, env });
    execFileSync('git', ['add', '-A'], { cwd, env });
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.test', 'commit', '-qm', 'x'], { cwd, env });
  }
});

afterAll(async () => {
  for (const remove of removals) await remove();
});

describe('a glob on the command line', () => {
  const expand = (...texts: string[]): Promise<string[]> => expandGlobs(texts, folder);

  it('is replaced by the paths that it matches, sorted, with the collector before each', async () => {
    expect(await expand('*.tf')).toEqual(['[id].tf', 'a.tf', 'b.tf']);
    expect(await expand('git:mirrors/*', '.')).toEqual(['git:mirrors/one', 'git:mirrors/two', '.']);
    expect(await expand('{a,b}.{tf,txt}')).toEqual(['a.tf', 'b.tf', 'b.txt']);
  });

  it('is no glob where a path is called so, and nothing of other collectors', async () => {
    expect(await expand('[id].tf')).toEqual(['[id].tf']);
    expect(await expand('github:acme*', 'range:HEAD^{commit}...HEAD')).toEqual([
      'github:acme*',
      'range:HEAD^{commit}...HEAD',
    ]);
  });

  it('follows no link and names none', async () => {
    expect(await expand('**/*.tf')).toEqual(['[id].tf', 'a.tf', 'b.tf', 'deep/c.tf']);
    await expect(expand('linked*')).rejects.toThrow(/No file or folder matches "linked\*" \(links are not followed\)/);
  });

  it('with many backslashes is refused: the library would never come to an end', async () => {
    for (const text of ['[\\\\\\\\', '*\\\\\\\\', '{a\\\\\\\\\\\\,b}', '*\\\\\\\\/a'])
      await expect(expand(text), text).rejects.toThrow(/four backslashes in a row.*Write "\?" for each/);
    await expect(expand('*\\\\\\')).rejects.toThrow(/No file or folder matches/);
  });

  it('whatever it is, gives paths below the folder or says what is wrong', async () => {
    const piece = fc.constantFrom(
      '*',
      '**',
      '/',
      '{',
      '}',
      ',',
      '[',
      ']',
      '!',
      '(',
      ')',
      '|',
      '@',
      '+',
      '?',
      '\\',
      'a',
      '.tf',
      'link',
      ':',
    );
    const glob = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(glob, async (text) => {
        fc.pre(!/^\/|\.\.|^(?:link|[{(\\@]).*\//.test(text));
        const paths = await expandGlobs([text], folder).catch((error: unknown) => {
          expect(error).toBeInstanceOf(UsageError);
          return [];
        });
        const named = paths.filter((path) => path !== text);
        expect(named.filter((path) => /secret\.tf|linked\.tf$/.test(path))).toEqual([]);
      }),
      tries(1_600),
    );
  });
});

describe('the built command line', () => {
  it('scans what a quoted glob names', async () => {
    const { code, stdout } = await runBowerbird(['scan', '*.tf', '--json', '--no-config'], { cwd: folder });
    const report = JSON.parse(stdout) as { run: { targets: string[] }; findings: unknown[] };
    expect(report.run.targets).toEqual(['[id].tf', 'a.tf', 'b.tf']);
    expect({ code, findings: report.findings.length }).toEqual({ code: 1, findings: 1 });
  });

  itRarely('scans each repository of a folder of mirrors', async () => {
    const { code, stdout } = await runBowerbird(['scan', 'git:mirrors/*', '--json'], { cwd: folder });
    const report = JSON.parse(stdout) as { run: { targets: string[] } };
    expect({ code, targets: report.run.targets }).toEqual({ code: 0, targets: ['git:mirrors/one', 'git:mirrors/two'] });
  });

  it('reads rules by a glob', async () => {
    const line = 'mine_qzkvwmrtplxhbnydgsjf\n';
    const { code } = await runBowerbird(['scan', '-', '--no-config', '--rules', 'rules/*.yaml', '--only', 'mine-key'], {
      cwd: folder,
      input: line,
    });
    expect(code).toBe(1);
  });
});
