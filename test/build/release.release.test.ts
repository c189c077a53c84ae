import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dateChangelog, isEarlier, setVersion, toReleaseManifest } from '../../src/build/release/release-files.ts';
import { type Clone, type CommandResult, cloneWorkingTree, ROOT, runCommand } from './clone.ts';

describe('release files', () => {
  it('compares versions', () => {
    expect(isEarlier('1.9.0', '1.10.0')).toBe(true);
    expect(isEarlier('2.0.0-rc.1', '1.10.3')).toBe(false);
    expect(isEarlier('1.2.3', '1.2.3')).toBe(false);
    for (const wrong of ['', 'v1.2.3', '1.2', '1.2.3 4', '1.2.3-', '1.2.3;ls']) {
      expect(() => isEarlier(wrong, '1.0.0'), wrong).toThrow(/is no version/);
    }
  });

  it('dates the first unreleased section only', () => {
    const text =
      '# Changelog\n\n## next - unreleased\n\nNew.\n\n## 1.0.0 - 2026-01-01\n\nOld, unreleased until then.\n';
    expect(dateChangelog(text, '1.1.0', '2026-11-23')).toBe(
      text.replace('## next - unreleased', '## 1.1.0 - 2026-11-23'),
    );
    expect(() => dateChangelog('# Changelog\n', '1.1.0', '2026-11-23')).toThrow(/no unreleased section/);
  });

  it('changes one line of package.json', async () => {
    const text = await readFile(join(ROOT, 'package.json'), 'utf8');
    const lines = setVersion(text, '9.8.7').split('\n');
    const before = text.split('\n');
    expect(lines.filter((line, at) => line !== before[at])).toEqual(['  "version": "9.8.7",']);
  });

  it('leaves a release no script that npm would prepare it with, and no call of one', async () => {
    const manifest = JSON.parse(toReleaseManifest(await readFile(join(ROOT, 'package.json'), 'utf8')));
    for (const name of ['preinstall', 'install', 'postinstall', 'prepack', 'prepare', 'build']) {
      expect(manifest.scripts).not.toHaveProperty(name);
    }
    const called = Object.values<string>(manifest.scripts).flatMap((line) => line.match(/npm run [a-z]+/g) ?? []);
    expect(called).toContain('npm run bundle');
    for (const call of called) expect(manifest.scripts).toHaveProperty(call.slice('npm run '.length));
    expect(manifest).not.toHaveProperty('dependencies');
  });
});

describe('a release that cannot be made', () => {
  let clone: Clone;
  let start = '';
  beforeAll(async () => {
    clone = await cloneWorkingTree();
    start = (await clone.git('rev-parse', 'HEAD')).trim();
  });
  afterAll(() => clone.remove());
  beforeEach(async () => {
    await clone.git('checkout', '--quiet', '--force', '-B', 'main', start);
    await clone.git('clean', '-qfd');
  });

  const release = (...args: string[]): Promise<CommandResult> =>
    runCommand('node', ['src/build/run.mjs', 'release', ...args], { cwd: clone.folder });

  async function expectNothingDone(): Promise<void> {
    expect(await clone.git('tag', '--list')).toBe('');
    expect(await clone.git('log', '--format=%s', 'main')).toBe('Working tree\n');
  }

  it.each([
    [[], /"" is no version.*npm run release -- <version>/],
    [['1.2'], /"1\.2" is no version/],
    [['9.0.0', '--force'], /"9\.0\.0 --force" is no version/],
    [['0.0.1'], /0\.0\.1 comes before 0\.1\.0/],
  ])('refuses the arguments %j', async (args, message) => {
    const { code, stderr } = await release(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
    await expectNothingDone();
  });

  it('refuses a tree with changes and says which', async () => {
    await clone.write('src/new.ts', 'export const one = 1;\n');
    const { code, stderr } = await release('9.0.0');
    expect([code, stderr]).toEqual([2, expect.stringContaining('?? src/new.ts')]);
    await expectNothingDone();
  });

  it('refuses another branch', async () => {
    await clone.git('checkout', '--quiet', '-B', 'feature');
    const { code, stderr } = await release('9.0.0');
    expect([code, stderr]).toEqual([2, 'A release is made on main, and this is feature.\n']);
    await expectNothingDone();
  });

  it('refuses a version that is tagged', async () => {
    await clone.git('tag', 'v9.0.0');
    const { code, stderr } = await release('9.0.0');
    await clone.git('tag', '--delete', 'v9.0.0');
    expect([code, stderr]).toEqual([2, 'v9.0.0 exists already.\n']);
  });

  it('puts main back when the build fails', async () => {
    await clone.write('src/index.ts', "export * from './missing.ts';\n");
    await clone.git('commit', '--quiet', '--all', '--message', 'Broken');
    const { code, stderr } = await release('9.0.0');
    expect(code).toBe(1);
    expect(stderr).toContain('missing.ts');
    expect(await clone.git('status', '--porcelain')).toBe('');
    expect(await clone.git('tag', '--list')).toBe('');
    expect(existsSync(join(clone.folder, 'dist', 'cli.cjs'))).toBe(false);
  });
});
