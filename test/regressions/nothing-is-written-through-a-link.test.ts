import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../cli/run-bowerbird.ts';
import { runBowerbird } from '../cli/run-either.ts';

const ID = 's-0123456789abcdef0123';

/** A tree in which a name is a link to a file outside of it. */
async function withLink(name: string, use: (tree: string, outside: string) => Promise<void>): Promise<void> {
  const { folder, remove } = await makeFolder({ 'outside.txt': 'mine\n', 'tree/a.txt': 'x\n' });
  const [tree, outside] = [join(folder, 'tree'), join(folder, 'outside.txt')];
  symlinkSync(outside, join(tree, name));
  await use(tree, outside).finally(remove);
}

describe('files that are written where a repository put a link', () => {
  it.each([
    ['a report', 'out.json', ['scan', '.', '--report', 'json=out.json'], 0],
    ['a baseline', '.bowerbird-baseline', ['baseline', '.', '--no-config'], 0],
  ])('%s replaces the link', async (_what, name, args, code) => {
    await withLink(name, async (tree, outside) => {
      const result = await runBowerbird(args, { cwd: tree });
      expect([result.code, result.stderr]).toEqual([code, expect.any(String)]);
      expect(readFileSync(outside, 'utf8')).toBe('mine\n');
      expect(lstatSync(join(tree, name)).isSymbolicLink()).toBe(false);
      expect(readdirSync(tree).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    });
  });

  it('an ignore file is neither read nor written', async () => {
    await withLink('.bowerbirdignore', async (tree, outside) => {
      const result = await runBowerbird(['ignore', ID, '--reason', 'x'], { cwd: tree });
      expect(result.stderr).toContain('.bowerbirdignore: is a symbolic link');
      expect(readFileSync(outside, 'utf8')).toBe('mine\n');
      expect(result.code).toBe(2);
    });
  });

  it.skipIf(!existsSync('/dev/stdout'))('devices are written to', async () => {
    const { folder, remove } = await makeFolder({ 'a.txt': 'x\n' });
    const result = await runBowerbird(['scan', '.', '--report', 'json=/dev/null'], { cwd: folder });
    expect(result.code).toBe(0);
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
    await remove();
  });
});

describe('folders above a file that is written', () => {
  /** `tree/out` and `tree/deep/out` are links to `outside`, and so is `mine`, which lies outside of the tree. */
  async function withLinks(use: (tree: string, outside: string) => Promise<void>): Promise<void> {
    const files = { 'outside/keep.txt': 'mine\n', 'tree/a.txt': 'x\n', 'tree/deep/b.txt': 'x\n', 'tree/.git/HEAD': '' };
    const { folder, remove } = await makeFolder(files);
    const [tree, outside] = [join(folder, 'tree'), join(folder, 'outside')];
    mkdirSync(join(outside, 'inner'));
    symlinkSync('../outside', join(tree, 'out'));
    symlinkSync(outside, join(tree, 'deep/out'));
    symlinkSync(outside, join(folder, 'mine'));
    symlinkSync('tree/out', join(folder, 'by-the-way'));
    await use(tree, outside).finally(remove);
  }

  it.each([
    ['a report', ['scan', 'a.txt', '--report', 'json=out/x.json'], 'out'],
    ['SARIF', ['scan', 'a.txt', '--report', 'sarif=out/x.json'], 'out'],
    ['a report by a longer way', ['scan', 'a.txt', '--report', 'json=deep/out/inner/x.json'], 'deep/out'],
    ['a report by a link to the link', ['scan', 'a.txt', '--report', 'json=../by-the-way/x.json'], 'out'],
    ['a baseline', ['baseline', 'a.txt', '--no-config', '--output', 'out/x.json'], 'out'],
    ['a state', ['scan', 'git:.', '--incremental', '--state', 'out/x.json'], 'out'],
    ['a recording', ['scan', 'github:acme', '--record', 'out'], 'out'],
  ])('%s does not go through a link of the repository', async (_what, args, link) => {
    await withLinks(async (tree, outside) => {
      const { code, stderr } = await runBowerbird(args, { cwd: tree });
      expect(stderr).toContain(`the folder ${join(tree, link)} is a symbolic link`);
      expect(stderr).toContain('Name a folder that is no link');
      expect(code).toBe(2);
      expect(readdirSync(outside).sort()).toEqual(['inner', 'keep.txt']);
      expect(readdirSync(join(outside, 'inner'))).toEqual([]);
    });
  });

  it('nor through a link of a repository that is scanned from elsewhere', async () => {
    await withLinks(async (tree, outside) => {
      const args = ['scan', '../tree', '--report', 'json=../tree/out/x.json'];
      const { code, stderr } = await runBowerbird(args, { cwd: outside });
      expect([code, stderr]).toEqual([2, expect.stringContaining('is a symbolic link')]);
      expect(readdirSync(tree)).toContain('out');
      expect(readdirSync(outside).sort()).toEqual(['inner', 'keep.txt']);
    });
  });

  it("a link outside of the repository is the user's own", async () => {
    await withLinks(async (tree, outside) => {
      const { code, stderr } = await runBowerbird(['scan', 'a.txt', '--report', 'json=../mine/x.json'], { cwd: tree });
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('link')]);
      expect(readdirSync(outside)).toContain('x.json');
    });
  });

  it('nor does it matter that the tree itself is reached by one', async () => {
    await withLinks(async (tree, outside) => {
      symlinkSync(tree, join(outside, 'to-tree'));
      const way = join(outside, 'to-tree');
      const { code } = await runBowerbird(['scan', way, '--report', `json=${way}/deep/x.json`], { cwd: way });
      expect(code).not.toBe(2);
      expect(existsSync(join(tree, 'deep/x.json'))).toBe(true);
    });
  });
});
