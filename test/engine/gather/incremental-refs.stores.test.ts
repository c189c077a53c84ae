import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';
import { isIncremental, newIds, note, scanBoth, scanNew, token } from './incremental-scans.ts';

vi.setConfig({ testTimeout: 120_000 });

describe('an incremental scan of refs that come, move and go', () => {
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
