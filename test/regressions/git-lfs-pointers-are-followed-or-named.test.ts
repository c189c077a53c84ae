import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLfsPointer } from '../../src/collectors/shared/lfs.ts';
import { sampleToken } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';
import { temporaryFolder } from '../collectors/shared-git.ts';
import { itRarely } from '../it-rarely.ts';

const ME = ['-c', 'user.name=n', '-c', 'user.email=n@example.com'];

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', [...ME, ...args], { cwd, stdio: 'pipe' });
}

const oidOf = (content: string) => createHash('sha256').update(content).digest('hex');
const pointerTo = (content: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(content)}\nsize ${content.length}\n`;

/** Where Git LFS keeps a content. */
function placeOf(folder: string, content: string): string {
  const oid = oidOf(content);
  return join(folder, '.git', 'lfs', 'objects', oid.slice(0, 2), oid.slice(2, 4), oid);
}

async function scan(cwd: string, ...args: string[]) {
  const { stdout, code } = await runBowerbird(['scan', ...args, '--json'], { cwd });
  const { findings, coverage } = JSON.parse(stdout) as {
    findings: { locations: { path: string; startLine: number }[] }[];
    coverage: { gaps: { reason: string; subject: string }[] }[];
  };
  return {
    code,
    places: findings.flatMap(({ locations }) => locations.map(({ path, startLine }) => `${path}:${startLine}`)),
    gaps: coverage.flatMap(({ gaps }) => gaps.map(({ reason, subject }) => `${reason} ${subject}`)),
  };
}

const WAYS: readonly (readonly [string, readonly string[]])[] = [
  ['a tree', ['.']],
  ['a history', ['git:.']],
];

const RARE_WAYS: typeof WAYS = [
  ['a staged change', ['--staged']],
  ['a history read by git', ['git:.', '--reader', 'cat-file']],
  ['an incremental run', ['git:.', '--incremental']],
  ['a range', ['--range', 'HEAD~1...HEAD']],
];

describe('a Git LFS pointer', () => {
  const content = `# 1\nTOKEN=${sampleToken('lfs')}\n`;

  async function makeRepository(way: readonly string[]): Promise<string> {
    const folder = temporaryFolder();
    git(folder, 'init', '-q');
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'base');
    // What comes now is new to an incremental run.
    if (way[1] === '--incremental') await scan(folder, ...way);
    writeFileSync(join(folder, 'data.env'), pointerTo(content));
    git(folder, 'add', '-A');
    if (way[0] !== '--staged') git(folder, 'commit', '-qm', 'with a pointer');
    return folder;
  }

  async function expectFollowed(args: readonly string[]): Promise<void> {
    const without = await makeRepository(args);
    expect(await scan(without, ...args)).toEqual({ code: 3, places: [], gaps: ['missing-object data.env'] });
    const folder = await makeRepository(args);
    const place = placeOf(folder, content);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    expect(await scan(folder, ...args)).toEqual({ code: 1, places: ['data.env:2'], gaps: [] });
    // A store that leads elsewhere is not followed.
    rmSync(place);
    const elsewhere = join(temporaryFolder(), 'content');
    writeFileSync(elsewhere, content);
    symlinkSync(elsewhere, place);
    if (args[1] !== '--incremental') expect((await scan(folder, ...args)).gaps).toEqual(['missing-object data.env']);
  }

  it.each(WAYS)('in %s is a gap unless its content is there', (_, args) => expectFollowed(args));
  itRarely.each(RARE_WAYS)('in %s is a gap unless its content is there', (_, args) => expectFollowed(args));

  itRarely('that was a gap is read by the next incremental run once its content is there', async () => {
    const folder = temporaryFolder();
    git(folder, 'init', '-q');
    writeFileSync(join(folder, 'data.env'), pointerTo(content));
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'with a pointer');
    git(folder, 'rm', '-q', 'data.env');
    git(folder, 'commit', '-qm', 'without it');
    const gap = { code: 3, places: [], gaps: ['missing-object data.env'] };
    const incremental = ['git:.', '--incremental'];
    // The first reads all, the second tries again, and says so a second time.
    for (let run = 0; run < 3; run += 1) expect(await scan(folder, ...incremental)).toEqual(gap);
    const place = placeOf(folder, content);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    const locationsOf = async (args: readonly string[]) => {
      const { stdout } = await runBowerbird(['scan', ...args, '--json'], { cwd: folder });
      const report = JSON.parse(stdout) as { findings: { locations: object[] }[]; summary: { notes: string[] } };
      return { places: report.findings.flatMap(({ locations }) => locations), notes: report.summary.notes };
    };
    const first = await locationsOf(incremental);
    expect(first.places).toMatchObject([{ path: 'data.env', startLine: 2 }]);
    expect(first.notes.join()).toContain('no new commits');
    expect(first.places).toEqual((await locationsOf(['git:.'])).places);
    // From now on it is a finding that is known.
    expect((await locationsOf(incremental)).notes.join()).toContain('1 known, 0 new');
    expect(await scan(folder, ...incremental)).toEqual({ code: 1, places: ['data.env:2'], gaps: [] });
  });

  it('outside of a repository is a gap', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'data.env'), pointerTo(content));
    expect(await scan(cwd, '.')).toEqual({ code: 3, places: [], gaps: ['missing-object data.env'] });
  });

  it('is nothing else than a pointer', () => {
    const pointer = pointerTo(content);
    expect(parseLfsPointer(Buffer.from(pointer))).toEqual({ oid: oidOf(content), size: content.length });
    for (const other of ['', 'version', `${pointer}TOKEN=x\n`, `x${pointer}`, pointer.replace('sha256', 'sha1')])
      expect(parseLfsPointer(Buffer.from(other)), other).toBeUndefined();
  });
});
