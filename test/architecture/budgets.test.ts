import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readSources } from './source-files.ts';

const LONGEST_FILE = 300;
const sources = readSources('src');

describe('budgets', () => {
  it('keeps source files short', () => {
    const long = sources.filter((file) => !file.path.endsWith('.generated.ts'));
    const over = long.filter((file) => file.text.split('\n').length > LONGEST_FILE + 1);
    expect(over.map((file) => `${file.path}: ${file.text.split('\n').length}`)).toEqual([]);
  });

  it('has a README in every folder of src, rules, test and fixtures', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const paths = [...folders.map((entry) => `src/${entry.name}`), 'rules', 'test', 'fixtures'];
    expect(paths.filter((path) => !existsSync(join(ROOT, path, 'README.md')))).toEqual([]);
  });

  it('leaves no marker of unfinished work', () => {
    const marker = /\b(?:TODO|FIXME|XXX|HACK)\b/;
    expect(sources.filter((file) => marker.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  it('leaves no residue of a scaffold in a plug-in, its test or a rule', () => {
    const files = [...sources, ...readSources('test')].filter((file) => !/(?:build|architecture)\//.test(file.path));
    expect(files.filter((file) => /\bREPLACE\b/.test(file.text)).map((file) => file.path)).toEqual([]);
    const rules = readdirSync(join(ROOT, 'rules'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.yaml'),
    );
    const marked = rules.filter((path) => /\bREPLACE\b/.test(readFileSync(join(ROOT, 'rules', path), 'utf8')));
    expect(marked).toEqual([]);
  });

  it('has no module-level mutable state', () => {
    const mutable = /^(?:export )?(?:let|var)\s/m;
    expect(sources.filter((file) => mutable.test(file.text)).map((file) => file.path)).toEqual([]);
  });
});
