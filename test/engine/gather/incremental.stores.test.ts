import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { ScanOptions } from '../../../src/engine/plan/contract.ts';
import type { Report } from '../../../src/model/report.ts';
import { TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';
import { isIncremental, newIds, note, scanAll, scanNew, stateOf, token } from './incremental-scans.ts';

vi.setConfig({ testTimeout: 120_000 });

describe('an incremental scan that has nothing to build on reads everything', () => {
  /** A repository that was scanned, and has a new commit since. */
  async function scanned(): Promise<TestRepository> {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    repo.commit('two', { 'b.env': `B=${token('b')}\n` });
    await scanNew(repo.folder);
    return repo;
  }

  async function expectWhole(
    repo: TestRepository,
    reason: RegExp,
    options: Partial<ScanOptions> = {},
  ): Promise<Report> {
    const report = await scanNew(repo.folder, options);
    expect(note(report)).toMatch(reason);
    expect(isIncremental(report)).toBe(false);
    expect(report.findings.map(({ id }) => id)).toEqual(
      (await scanAll(repo.folder, options)).findings.map(({ id }) => id),
    );
    expect(note(await scanNew(repo.folder, options))).toContain('no new commits');
    return report;
  }

  it('where rules or options changed, and still tells what is new', async () => {
    const repo = await scanned();
    repo.commit('three', { 'c.env': `C=${token('c')}\n` });
    const report = await expectWhole(repo, /rules, options or the version/, { except: ['github-oauth-access-token'] });
    expect(newIds(report)).toHaveLength(1);
  });

  it('where the state is damaged or of another form', async () => {
    const repo = await scanned();
    const good = readFileSync(stateOf(repo.folder), 'utf8');
    const other = JSON.stringify({ ...JSON.parse(good), checkpoint: { tips: ['--upload-pack=x'] } });
    const changed = (part: object): string => JSON.stringify({ ...JSON.parse(good), ...part });
    const odd = [[9, 1, 1, 1, 1], [0, 1, 1, 1], [], ['0', 1, 1, 1, 1]].map((places) => [{ rule: 'x', places }]);
    const parts = [{ holders: [{ path: 3 }] }, { holders: undefined }, ...odd.map((groups) => ({ groups }))];
    for (const text of ['', 'null', '[]', '{"format":99}', good.slice(0, -20), ...parts.map(changed)]) {
      writeFileSync(stateOf(repo.folder), text);
      expect(note(await scanNew(repo.folder))).toMatch(/is damaged or of another version/);
    }
    writeFileSync(stateOf(repo.folder), other);
    await expectWhole(repo, /not one of a git history/);
  });

  it('where the state is of another repository', async () => {
    const [repo, other] = [await scanned(), new TestRepository()];
    other.commit('other', { 'x.env': `X=${token('x')}\n` });
    await scanNew(other.folder);
    writeFileSync(stateOf(repo.folder), readFileSync(stateOf(other.folder)));
    await expectWhole(repo, /nothing that was scanned then is in this repository/);
  });

  it('where a push took away a commit that held a finding', async () => {
    const repo = await scanned();
    repo.git('reset', '-q', '--hard', 'HEAD~1');
    repo.git('reflog', 'expire', '--expire=now', '--all');
    repo.commit('other', { 'c.txt': 'x' });
    await expectWhole(repo, /history was rewritten/);
    expect((await scanNew(repo.folder)).findings).toHaveLength(2);
    repo.git('gc', '-q', '--prune=now');
    const pruned = await scanNew(repo.folder);
    expect(note(pruned)).toMatch(/were pruned/);
    expect(pruned.findings).toHaveLength(1);
  });

  it('where a place does not hold what it held', async () => {
    const repo = await scanned();
    const state = JSON.parse(readFileSync(stateOf(repo.folder), 'utf8'));
    state.groups[0].places[2] += 1;
    writeFileSync(stateOf(repo.folder), JSON.stringify(state));
    await expectWhole(repo, /not found again at its place/);
  });
});

describe('the state', () => {
  it('can lie in a named file', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    const file = join(temporaryFolder(), 'cache', 'state.json');
    await scanAll(repo.folder, { state: file });
    expect(isIncremental(await scanAll(repo.folder, { state: file }))).toBe(true);
  });

  it('stays as it is where nothing is new', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    await scanNew(repo.folder);
    const written = readFileSync(stateOf(repo.folder), 'utf8');
    await scanNew(repo.folder, {}, { now: () => new Date('2026-11-02T00:00:00Z') });
    expect(readFileSync(stateOf(repo.folder), 'utf8')).toBe(written);
    repo.commit('two', { 'b.txt': 'nothing\n' });
    await scanNew(repo.folder, {}, { now: () => new Date('2026-11-03T00:00:00Z') });
    expect(readFileSync(stateOf(repo.folder), 'utf8')).toContain('2026-11-03');
  });

  it('works for a copy of the repository elsewhere', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    const [file, parent] = [join(temporaryFolder(), 'state.json'), temporaryFolder()];
    repo.git('clone', '-q', '--bare', repo.folder, join(parent, 'first'));
    await scanAll(join(parent, 'first'), { state: file });
    repo.commit('two', { 'b.env': `B=${token('b')}\n` });
    repo.git('clone', '-q', '--bare', repo.folder, join(parent, 'second'));
    const report = await scanAll(join(parent, 'second'), { state: file });
    expect(isIncremental(report)).toBe(true);
    expect(newIds(report)).toHaveLength(1);
  });

  it('is not needed: where it cannot be written, a note says so', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    const file = join(repo.folder, 'a.txt', 'state.json');
    const report = await scanAll(repo.folder, { state: file });
    expect(note(report)).toMatch(/could not be written \((?:ENOTDIR|EEXIST)\), so the next run reads everything/);
    expect(report.summary.exitCode).toBe(0);
  });

  it('remembers what could not be read, and every later run names it', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x'.repeat(5000), 'b.txt': 'x' });
    const options = { maxFileBytes: 1000 };
    const large = (report: Report): string[] =>
      report.coverage.flatMap(({ scope, gaps }) => gaps.map(({ reason, subject }) => `${scope} ${reason} ${subject}`));
    const first = await scanNew(repo.folder, options);
    expect(large(first)).toEqual(['history too-large a.txt']);
    repo.commit('two', { 'c.txt': 'y'.repeat(2000), 'd.env': `D=${token('d')}\n` });
    const second = await scanNew(repo.folder, options);
    expect(isIncremental(second)).toBe(true);
    expect(large(second).sort()).toEqual(['history too-large a.txt', 'history too-large c.txt']);
    expect(note(second)).toMatch(/not tried again: 1 in the gaps/);
    const third = await scanNew(repo.folder, { ...options, requireCoverage: true });
    expect(large(third)).toHaveLength(2);
    expect([third.summary.state, third.summary.gaps, third.summary.exitCode]).toEqual([
      'incomplete',
      2,
      (await scanAll(repo.folder, { ...options, requireCoverage: true })).summary.exitCode,
    ]);
    // The limit is one of the settings: with another one all is read.
    const whole = await scanNew(repo.folder);
    expect(isIncremental(whole)).toBe(false);
    expect(large(whole)).toEqual([]);
    expect(large(await scanNew(repo.folder))).toEqual([]);
  });

  it('is written by complete runs only', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x', 'b.txt': 'x' });
    const aborted = AbortSignal.abort();
    await scanNew(repo.folder, {}, { signal: aborted });
    expect(() => readFileSync(stateOf(repo.folder))).toThrow(/ENOENT/);

    const shallow = join(temporaryFolder(), 'shallow');
    repo.commit('two', { 'c.txt': 'x' });
    repo.git('clone', '-q', '--depth=1', `file://${repo.folder}`, shallow);
    expect(note(await scanNew(shallow))).toMatch(/no state was written \(.*shallow clone/);
    expect(() => readFileSync(stateOf(shallow))).toThrow(/ENOENT/);
  });

  it('of an interrupted run leaves the earlier one', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    await scanNew(repo.folder);
    const before = readFileSync(stateOf(repo.folder), 'utf8');
    repo.commit('two', { 'b.txt': 'y' });
    await scanNew(repo.folder, {}, { signal: AbortSignal.abort() });
    expect(readFileSync(stateOf(repo.folder), 'utf8')).toBe(before);
  });

  it('accepts what an ignore file accepts by now', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    const [before] = (await scanNew(repo.folder, { noConfig: false })).findings;
    repo.write('.bowerbirdignore', `${before?.id} reason="known"\n`);
    const report = await scanNew(repo.folder, { noConfig: false });
    expect(isIncremental(report)).toBe(true);
    expect(report.summary).toMatchObject({ suppressed: 1, exitCode: 0 });
  });

  it('is for histories, and a named one for one of them', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    await expect(scanAll(repo.folder, { targets: [repo.folder], incremental: true })).rejects.toThrow(
      /name git:<folder>/,
    );
    const two = [`git:${repo.folder}`, `git:${repo.folder}/`];
    await expect(scanAll(repo.folder, { targets: two, state: 'x.json' })).rejects.toThrow(/--state is for one history/);
  });
});
