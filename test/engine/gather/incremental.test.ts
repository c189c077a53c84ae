import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { renderReport } from '../../../src/engine/ask/render.ts';
import type { Report } from '../../../src/model/report.ts';
import { TestRepository } from '../../collectors/shared-git.ts';
import { itRarely } from '../../it-rarely.ts';
import { isIncremental, newIds, note, scanAll, scanBoth, scanNew, stateOf, token } from './incremental-scans.ts';

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

  itRarely(
    'takes what files declare out of the state while they are the same, but nothing that holds a secret',
    async () => {
      const repo = new TestRepository();
      const workflow = (job: string): string => `on: push\njobs:\n  ${job}:\n    runs-on: ubuntu-latest\n`;
      const [path, owners] = ['.github/workflows/build.yml', `* @${token('o')}\n`];
      repo.commit('one', { [path]: workflow('first'), 'a.env': `A=${token('a')}\n`, '.github/CODEOWNERS': owners });
      await scanNew(repo.folder);
      const state = JSON.parse(readFileSync(stateOf(repo.folder), 'utf8'));
      const kept = state.declared.find((one: { collector: string }) => one.collector === 'workflows');
      expect(JSON.stringify(state.declared)).not.toContain('CODEOWNERS');
      const job = kept.items.find((one: { identity?: { name: string } }) => one.identity?.name === `${path}#first`);
      job.identity.attributes.marked = { value: true, source: 'the state' };
      writeFileSync(stateOf(repo.folder), JSON.stringify(state));
      const marked = (report: Report) =>
        report.identities.filter(({ attributes }) => attributes['marked'] !== undefined);
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
    },
  );

  itRarely('follows a secret through edits, a rename and its removal, and keeps the first commit', async () => {
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

  itRarely('names every place in HEAD of a long file that is edited, moved about and copied into', async () => {
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
});
