import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
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
