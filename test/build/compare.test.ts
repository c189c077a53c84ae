import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCommand } from './clone.ts';

const folder = mkdtempSync(join(tmpdir(), 'bowerbird-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STEP = join(import.meta.dirname, '..', '..', 'src', 'build', 'run.mjs');

/** Makes a folder with files of one line each and returns its path. */
function make(name: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, path, '..'), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

it('says which files differ between two folders, and fails for any', async () => {
  const files = { 'a.cjs': 'a', 'types/b.d.ts': 'b' };
  const [first, same] = [make('first', files), make('same', files)];
  const other = make('other', { 'a.cjs': 'changed', 'c.cjs': 'c' });
  const compare = (...args: string[]) => runCommand('node', [STEP, 'compare', ...args], { cwd: folder });
  expect(await compare(first, same)).toEqual({ code: 0, stdout: '2 files are the same.\n', stderr: '' });
  const { code, stdout } = await compare(first, other);
  expect(stdout).toBe(`a.cjs differs\nc.cjs is only in ${other}\ntypes/b.d.ts is only in ${first}\n3 files differ.\n`);
  expect(code).toBe(1);
  expect((await compare(first)).code).toBe(2);
});
