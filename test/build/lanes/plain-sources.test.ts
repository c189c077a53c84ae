import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importPlainSources, type PlainSources, writePlainSources } from '../../../src/build/lanes/plain-sources.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bowerbird-sources-'));
  mkdirSync(join(root, 'src', 'shelf'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(root, 'src', name), text);
}

/** Where the plug-in leads an import, as vitest asks it. */
function lead(sources: PlainSources, id: string, importer: string): unknown {
  const { resolveId } = importPlainSources(sources);
  if (typeof resolveId !== 'function') throw new Error('the plug-in resolves nothing');
  return Reflect.apply(resolveId, undefined, [id, importer, {}]);
}

describe('plain sources', () => {
  it('are what Node imports: types gone, imports led to the copies, the address that of the source', async () => {
    write('one.ts', "import { two } from './shelf/two.ts';\nexport const one: number = two;\n");
    write('shelf/two.ts', 'export const two = 2;\nexport const address = import.meta.url;\n');
    const { folder } = await writePlainSources(root);
    const { one } = await import(pathToFileURL(join(folder, 'src/one.mjs')).href);
    const { address } = await import(pathToFileURL(join(folder, 'src/shelf/two.mjs')).href);
    expect([one, address]).toEqual([2, pathToFileURL(join(root, 'src/shelf/two.ts')).href]);
  });

  it('follow a source that changes, and go with one that goes', async () => {
    write('kept.ts', 'export const value = 1;\n');
    write('gone.ts', 'export const value = 1;\n');
    await writePlainSources(root);
    write('kept.ts', 'export const value = 22;\n');
    rmSync(join(root, 'src/gone.ts'));
    const { folder } = await writePlainSources(root);
    expect((await import(pathToFileURL(join(folder, 'src/kept.mjs')).href)).value).toBe(22);
    await expect(import(pathToFileURL(join(folder, 'src/gone.mjs')).href)).rejects.toThrow(/Cannot find module/);
  });

  it('name their source in a map, so that an error shows its line there', async () => {
    write(
      'throws.ts',
      'interface Shape {\n  readonly size: number;\n}\nexport const read = (shape: Shape) => shape;\n',
    );
    const { folder } = await writePlainSources(root);
    const copy = readFileSync(join(folder, 'src/throws.mjs'), 'utf8');
    const map = JSON.parse(Buffer.from(copy.split('base64,')[1] ?? '', 'base64').toString('utf8'));
    expect(map.sources).toEqual([join(root, 'src/throws.ts')]);
  });

  it('are taken for what tests import of src/, and for nothing else', async () => {
    write('one.ts', 'export const one = 1;\n');
    const sources = await writePlainSources(root);
    const importer = join(root, 'test/one.test.ts');
    expect(lead(sources, '../src/one.ts', importer)).toBe(join(sources.folder, 'src/one.mjs'));
    expect(lead(sources, './helper.ts', importer)).toBeUndefined();
    expect(lead(sources, 'vitest', importer)).toBeUndefined();
  });
});
