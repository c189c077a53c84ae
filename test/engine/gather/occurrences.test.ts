import { describe, expect, it, vi } from 'vitest';
import type { ScanOptions } from '../../../src/engine/plan/contract.ts';
import { scan } from '../../../src/engine/scan.ts';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import type { Report } from '../../../src/model/report.ts';
import { DIST } from '../../cli/run-bowerbird.ts';
import { gitEnv, TestRepository } from '../../collectors/shared-git.ts';
import { itRarely } from '../../it-rarely.ts';

vi.setConfig({ testTimeout: 120_000 });

const TOKEN = expandTemplate('ghp_{github-crc:36}', 'occurrences/a');
const filler = Array.from({ length: 200 }, (_, i) => `line ${i} of a file that is edited often\n`).join('');

function scanGit(folder: string, options: Partial<ScanOptions> = {}): Promise<Report> {
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  const context = { now, cwd: '/', env: gitEnv, home: DIST, version: '1.2.3', sleep: () => Promise.resolve() };
  return scan({ targets: [`git:${folder}`], noConfig: true, ...options }, context);
}

function placesOf(report: Report): string[] {
  return report.findings.flatMap((one) => one.locations.map(({ commit, path }) => `${commit} ${path}`)).sort();
}

/** A secret that stays over ten edits, moves, goes, and comes back by a merge; with what git itself says about it. */
function makeHistory(): { readonly repo: TestRepository; readonly expected: string[]; readonly present: string } {
  const repo = new TestRepository();
  const expected: string[] = [];
  const versions = Array.from({ length: 10 }, (_, i) => `${filler}${'# edit\n'.repeat(i)}A=${TOKEN}\n${filler}`);
  for (const text of versions) expected.push(`${repo.commit('edit', { 'a.env': text })} a.env`);
  repo.git('mv', 'a.env', 'sub.env');
  expected.push(`${repo.commit('moved')} sub.env`);
  repo.git('checkout', '-q', '-b', 'side');
  expected.push(`${repo.commit('side', { 'other.env': `B=${TOKEN}\n` })} other.env`);
  repo.git('checkout', '-q', 'main');
  repo.git('rm', '-q', 'sub.env');
  repo.commit('removed', { 'readme.txt': 'x\n' });
  repo.git('merge', '-q', '--no-ff', '-m', 'merged', 'side');
  const merge = repo.git('rev-parse', 'HEAD');
  expected.push(`${merge} other.env`);
  repo.git('gc', '-q', '--aggressive');
  return { repo, expected: expected.sort(), present: 'other.env' };
}

describe('all occurrences', () => {
  it('names every commit and path that brought a version with the secret', async () => {
    const { repo, expected, present } = makeHistory();
    const found = await scanGit(repo.folder);
    const all = await scanGit(repo.folder, { occurrences: 'all' });
    expect(all.findings.map(({ id }) => id)).toEqual(found.findings.map(({ id }) => id));
    expect(placesOf(found).length).toBeLessThan(expected.length);
    const places = all.findings[0]?.locations ?? [];
    expect(placesOf(all)).toEqual(expected);
    expect(new Set(places.filter((place) => place.present === true).map(({ path }) => path))).toEqual(
      new Set([present]),
    );
    expect(places.every(({ author, date }) => author === 'Ada Author' && date !== undefined)).toBe(true);
    expect(places.map(({ startLine }) => startLine)).toContain(210);
  });

  it('cannot be asked of an incremental scan', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    await expect(scanGit(repo.folder, { occurrences: 'all', incremental: true })).rejects.toThrow(
      /take one of both out/,
    );
  });

  itRarely('leaves other targets as they are', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${TOKEN}\n` });
    repo.commit('two', { 'b.env': `A=${TOKEN}\n` });
    const targets = [repo.folder, `git:${repo.folder}`];
    const report = await scanGit(repo.folder, { targets, occurrences: 'all' });
    expect(report.findings).toHaveLength(1);
    expect(new Set(report.findings[0]?.locations.map(({ path }) => path))).toEqual(new Set(['a.env', 'b.env']));
  });
});
