import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { renderReport } from '../../../src/engine/ask/render.ts';
import type { ScanContext, ScanOptions } from '../../../src/engine/plan/contract.ts';
import { scan } from '../../../src/engine/scan.ts';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import type { Report } from '../../../src/model/report.ts';
import { DIST } from '../../cli/run-bowerbird.ts';
import { gitEnv, TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';

const token = (seed: string): string => expandTemplate('ghp_{github-crc:36}', `incremental/${seed}`);

function contextOf(changes: Partial<ScanContext> = {}): ScanContext {
  const now = (): Date => new Date('2026-11-01T00:00:00Z');
  return { now, cwd: '/', env: gitEnv, home: DIST, version: '1.2.3', sleep: () => Promise.resolve(), ...changes };
}

function scanAll(folder: string, options: Partial<ScanOptions> = {}, context?: Partial<ScanContext>): Promise<Report> {
  return scan({ targets: [`git:${folder}`], noConfig: true, ...options }, contextOf(context));
}

function scanNew(folder: string, options: Partial<ScanOptions> = {}, context?: Partial<ScanContext>): Promise<Report> {
  return scanAll(folder, { incremental: true, ...options }, context);
}

const note = (report: Report): string => report.summary.notes.join('\n');
const stateOf = (folder: string): string => join(folder, '.git', 'bowerbird', 'state.json');
const isIncremental = (report: Report): boolean => report.coverage.some((line) => line.facts['incremental'] === true);
const newIds = (report: Report): string[] => report.findings.filter(({ isNew }) => isNew === true).map(({ id }) => id);

/** Secrets and places in HEAD, which both ways of scanning must name alike. */
function essence(report: Report): unknown {
  return report.findings.map((finding) => {
    const present = finding.locations.filter((place) => place.present === true);
    const places = present.map(({ path, startLine, startColumn }) => `${path}:${startLine}:${startColumn}`);
    return [finding.id, finding.severity, finding.locations.every((place) => place.reachable), [...new Set(places)]];
  });
}

/** An incremental scan, which must say what a scan of everything says. */
async function scanBoth(folder: string): Promise<Report> {
  const report = await scanNew(folder);
  expect(essence(report)).toEqual(essence(await scanAll(folder)));
  return report;
}

vi.setConfig({ testTimeout: 120_000 });

describe('an incremental scan', () => {
  it('lists what is known and what is new', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    const first = await scanNew(repo.folder);
    expect(note(first)).toMatch(/everything was scanned, because there is no state/);
    expect(first.findings).toHaveLength(1);
    expect(first.findings[0]?.isNew).toBeUndefined();

    repo.commit('two', { 'b.env': `B=${token('b')}\n`, 'c.txt': 'nothing\n' });
    const second = await scanBoth(repo.folder);
    expect(isIncremental(second)).toBe(true);
    expect(note(second)).toMatch(/1 new commit and 2 new blobs since the scan of 2026-11-01.*1 known, 1 new/);
    expect(second.findings).toHaveLength(2);
    expect(newIds(second)).toEqual(
      second.findings.filter((one) => one.locations[0]?.path === 'b.env').map((one) => one.id),
    );
    expect(second.summary.exitCode).toBe(1);

    const third = await scanBoth(repo.folder);
    expect(note(third)).toMatch(/no new commits since/);
    expect(newIds(third)).toEqual([]);
    expect(third.findings).toHaveLength(2);
    expect(
      await renderReport(third, 'sarif', { color: false, width: 100, showSecrets: false, verbose: false }, '/'),
    ).toContain('"unchanged"');
  });

  it('does not call clean what it did not look at', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'nothing\n' });
    await scanNew(repo.folder);
    const report = await scanNew(repo.folder);
    expect(report.summary.state).toBe('clean');
    const text = await renderReport(
      report,
      'human',
      { color: false, width: 200, showSecrets: false, verbose: false },
      '/',
    );
    expect(text).toMatch(/Clean: no findings in .*, nor in what was scanned until 2026-11-01T00:00:00/);
    expect(text).toContain('no new commits');
  });

  it('keeps no value of a secret, not even in a file name', async () => {
    const repo = new TestRepository();
    repo.commit(`message with ${token('m')}`, { 'a.env': `A=${token('a')}\n` });
    await scanNew(repo.folder);
    const text = readFileSync(stateOf(repo.folder), 'utf8');
    for (const seed of ['a', 'm']) expect(text).not.toContain(token(seed));
    expect((await scanBoth(repo.folder)).findings).toHaveLength(2);
    repo.commit('name', { [`${token('a')}.env`]: `A=${token('a')}\n` });
    const { summary } = await scanNew(repo.folder);
    expect(summary.notes.join()).toContain('names of files or people hold secrets');
    expect(readFileSync(stateOf(repo.folder), 'utf8')).toBe(text);
  });

  it('takes what files declare out of the state while they are the same, but nothing that holds a secret', async () => {
    const repo = new TestRepository();
    const workflow = (job: string): string => `on: push\njobs:\n  ${job}:\n    runs-on: ubuntu-latest\n`;
    const [path, owners] = ['.github/workflows/build.yml', `* @${token('o')}\n`];
    repo.commit('one', { [path]: workflow('first'), 'a.env': `A=${token('a')}\n`, '.github/CODEOWNERS': owners });
    await scanNew(repo.folder);
    const state = JSON.parse(readFileSync(stateOf(repo.folder), 'utf8'));
    expect(state.declared.map((one: { collector: string }) => one.collector)).toEqual(['workflows']);
    const job = state.declared[0].items.find(
      (one: { identity?: { name: string } }) => one.identity?.name === `${path}#first`,
    );
    job.identity.attributes.marked = { value: true, source: 'the state' };
    writeFileSync(stateOf(repo.folder), JSON.stringify(state));
    const marked = (report: Report) => report.identities.filter(({ attributes }) => attributes['marked'] !== undefined);
    for (const name of ['b.txt', 'c.txt']) {
      repo.commit(name, { [name]: 'x\n' });
      const report = await scanNew(repo.folder);
      expect(marked(report)).toHaveLength(1);
      expect(JSON.stringify(report.identities)).not.toContain(token('o'));
      const { marked: _, ...attributes } = marked(report)[0]?.attributes ?? {};
      const plain = report.identities.map((one) => (marked(report).includes(one) ? { ...one, attributes } : one));
      expect(plain).toEqual((await scanAll(repo.folder)).identities);
    }
    repo.commit('changed', { [path]: workflow('second') });
    const report = await scanNew(repo.folder);
    expect(marked(report)).toEqual([]);
    expect(report.identities.map(({ name }) => name)).toContain(`${path}#second`);
    expect(readFileSync(stateOf(repo.folder), 'utf8')).not.toContain(token('o'));
  });

  it('follows a secret through edits, a rename and its removal, and keeps the first commit', async () => {
    const repo = new TestRepository();
    const first = repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    await scanNew(repo.folder);
    for (let i = 0; i < 3; i += 1) {
      repo.commit(`edit ${i}`, { 'a.env': `${'# line\n'.repeat(i + 1)}A=${token('a')}\n` });
      const report = await scanBoth(repo.folder);
      expect(report.findings[0]?.locations.map(({ commit }) => commit)).toContain(first);
      expect(report.findings[0]?.locations.length).toBe(2);
    }
    repo.git('mv', 'a.env', 'moved.env');
    repo.commit('renamed');
    expect((await scanBoth(repo.folder)).findings[0]?.isNew).toBe(false);
    repo.git('rm', '-q', 'moved.env');
    repo.commit('removed');
    const report = await scanBoth(repo.folder);
    expect(isIncremental(report)).toBe(true);
    expect(report.findings[0]?.locations.some((place) => place.present === true)).toBe(false);
    expect(report.findings[0]?.locations.some((place) => place.commit === first)).toBe(true);
  });

  it('names every place in HEAD of a long file that is edited, moved about and copied into', async () => {
    const repo = new TestRepository();
    const encoded = Buffer.from(`token = ${token('encoded')} # kept`).toString('base64');
    const lines = Array.from({ length: 400 }, (_, i) => `line ${i} of some text\n`);
    lines[20] = `A=${token('a')}\n`;
    lines[200] = `B=${token('b')} C=${token('c')}\n`;
    lines[300] = `data = "${encoded}"\n`;
    lines[399] = `A=${token('a')}`;
    repo.commit('one', { 'a.txt': lines.join('') });
    await scanNew(repo.folder);
    lines[399] += '\nthe end\n';
    lines.splice(0, 0, 'first\n', 'second\n');
    repo.commit('two', { 'a.txt': lines.join('') });
    await scanBoth(repo.folder);
    lines.splice(100, 0, ...lines.splice(200, 10), lines[22] ?? '');
    repo.commit('three', { 'a.txt': lines.join('') });
    await scanBoth(repo.folder);
    lines.splice(150, 0, `D=${token('d')}\n`);
    lines.splice(22, 1);
    repo.commit('four', { 'a.txt': lines.join('') });
    const report = await scanBoth(repo.folder);
    expect(report.findings).toHaveLength(5);
    expect(isIncremental(report)).toBe(true);
  });

  it('finds a secret on a changed line, and names it in HEAD', async () => {
    const repo = new TestRepository();
    const lines = Array.from({ length: 400 }, (_, i) => `line ${i}`);
    repo.commit('one', { 'a.txt': lines.join('\n') });
    await scanNew(repo.folder);
    lines[200] = `x = "${token('late')}"`;
    repo.commit('two', { 'a.txt': lines.join('\n') });
    lines[10] = 'edited';
    repo.commit('three', { 'a.txt': lines.join('\n') });
    const report = await scanBoth(repo.folder);
    expect(report.findings[0]?.locations.map(({ startLine }) => startLine)).toContain(201);
  });

  it('reads messages of new commits and of a tag that is all that is new', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    await scanNew(repo.folder);
    repo.git('tag', '-a', 'v1', '-m', `tag ${token('t')}`);
    const tagged = await scanBoth(repo.folder);
    expect(tagged.findings.map(({ isNew }) => isNew)).toEqual([true]);
    repo.commit(`message ${token('m')}`);
    expect((await scanBoth(repo.folder)).findings.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect((await scanBoth(repo.folder)).findings).toHaveLength(2);
  });

  it('reads every ref, and nothing twice', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    await scanNew(repo.folder);
    repo.git('branch', 'same');
    expect(note(await scanBoth(repo.folder))).toContain('no new commits');
    repo.git('checkout', '-q', '-b', 'side');
    repo.commit('side', { 'side.env': `S=${token('side')}\n` });
    repo.git('checkout', '-q', 'main');
    repo.commit('main', { 'main.env': `M=${token('main')}\n` });
    const report = await scanBoth(repo.folder);
    expect(note(report)).toContain('2 new commits');
    expect(newIds(report)).toHaveLength(2);
  });

  it('notices files that another branch has checked out', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    repo.git('checkout', '-q', '-b', 'side');
    repo.git('rm', '-q', 'a.env');
    repo.commit('side', { 'b.env': `B=${token('b')}\n` });
    await scanNew(repo.folder);
    repo.git('checkout', '-q', 'main');
    const report = await scanBoth(repo.folder);
    expect(isIncremental(report)).toBe(true);
    expect(
      report.findings.flatMap((one) => one.locations.filter(({ present }) => present).map(({ path }) => path)),
    ).toEqual(['a.env']);
  });

  it('shares the state of linked worktrees', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    await scanNew(repo.folder);
    const linked = join(temporaryFolder(), 'linked');
    repo.git('worktree', 'add', '-q', '-b', 'linked', linked);
    const report = await scanNew(linked);
    expect(isIncremental(report)).toBe(true);
    expect(report.findings).toHaveLength(1);
  });

  it('goes on where a branch is rewritten or deleted that held no finding', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.env': `A=${token('a')}\n` });
    repo.git('checkout', '-q', '-b', 'gone');
    repo.commit('two', { 'b.txt': 'x' });
    repo.git('checkout', '-q', 'main');
    await scanNew(repo.folder);
    repo.git('branch', '-q', '-D', 'gone');
    repo.git('reflog', 'expire', '--expire=now', '--all');
    repo.git('gc', '-q', '--prune=now');
    repo.commit('three', { 'c.env': `C=${token('c')}\n` });
    const report = await scanBoth(repo.folder);
    expect(isIncremental(report)).toBe(true);
    expect(newIds(report)).toHaveLength(1);
  });

  it('keeps what a rebase brings again', async () => {
    const repo = new TestRepository();
    repo.commit('one', { 'a.txt': 'x' });
    repo.commit('two', { 'a.env': `A=${token('a')}\n` });
    await scanNew(repo.folder);
    repo.git('commit', '-q', '--amend', '-m', 'other words');
    repo.git('reflog', 'expire', '--expire=now', '--all');
    await scanBoth(repo.folder);
    repo.git('gc', '-q', '--prune=now');
    expect((await scanBoth(repo.folder)).findings).toHaveLength(1);
  });
});

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
