import { describe, expect, it } from 'vitest';
import { ObjectCheck } from '../../../src/git/objects/object-check.ts';
import { openGit } from '../../../src/git/process/open.ts';
import { gitEnv, TestRepository, temporaryFolder } from '../../collectors/shared-git.ts';

const open = (directory: string) => openGit({ directory, env: gitEnv, location: false });

describe('ObjectCheck', () => {
  it('tells what there is, for questions that come at once, of any number', async () => {
    const repository = new TestRepository();
    repository.commit('one', { 'a.txt': 'one\n' });
    const [commit, tree] = [repository.git('rev-parse', 'HEAD'), repository.git('rev-parse', 'HEAD^{tree}')];
    const absent = 'a'.repeat(40);
    const check = new ObjectCheck(open(repository.folder));
    const many = Array.from({ length: 3_000 }, (_, i) => (i === 2_999 ? tree : commit));
    const [first, second, third] = await Promise.all([
      check.ask(['HEAD^{commit}', absent, tree]),
      check.ask(many),
      check.ask([]),
    ]);
    expect(first).toEqual([{ id: commit, type: 'commit' }, undefined, { id: tree, type: 'tree' }]);
    expect(second).toHaveLength(3_000);
    expect(second.at(-1)).toEqual({ id: tree, type: 'tree' });
    expect(third).toEqual([]);
    check.stop();
  });

  it('has nothing to say of a repository without commits, and fails where there is none', async () => {
    const repository = new TestRepository();
    const check = new ObjectCheck(open(repository.folder));
    expect(await check.ask(['HEAD^{commit}'])).toEqual([undefined]);
    check.stop();
    const nowhere = new ObjectCheck(open(temporaryFolder()));
    await expect(nowhere.ask(['HEAD'])).rejects.toThrow(/not a git repository/);
    nowhere.stop();
  });

  it('gives up after 2,000 objects that are not there', async () => {
    const repository = new TestRepository();
    repository.commit('one', { 'a.txt': 'one\n' });
    const check = new ObjectCheck(open(repository.folder));
    const absent = Array.from({ length: 2_600 }, (_, i) => i.toString(16).padStart(40, '0'));
    expect(await check.ask([...absent, 'HEAD'])).toEqual(Array.from({ length: 2_601 }, () => undefined));
    check.stop();
  });
});
