import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLUGIN_KINDS } from '../../src/build/plugin-kinds.ts';
import { ROOT, readSources } from './source-files.ts';

const LONGEST_FILE = 300;
/** Columns, as for code. */
const LONGEST_COMMENT = 120;
/** Most files directly in a folder, its README not counted. */
const MOST_FILES = 20;
const PLUGIN_FOLDERS = PLUGIN_KINDS.flatMap(({ folder }) => [folder, folder.replace(/^src/, 'test')]);
/** Folders that grow by one file with each part that is added, so that a limit would only move them about. */
const GROWING = new Set([...PLUGIN_FOLDERS, 'test/regressions']);
const sources = readSources('src');

describe('budgets', () => {
  it('keeps source files short', () => {
    const long = sources.filter((file) => !file.path.endsWith('.generated.ts'));
    const over = long.filter((file) => file.text.split('\n').length > LONGEST_FILE + 1);
    const lengths = over.map((file) => `${file.path}: ${file.text.split('\n').length} lines`);
    expect(lengths, `split these files: at most ${LONGEST_FILE} lines`).toEqual([]);
  });

  it('wraps comments where code is wrapped', () => {
    const wide = sources.flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const isWide = line.length > LONGEST_COMMENT && /^\s*(?:\/\/|\/?\*)/.test(line);
        return isWide ? [`${path}:${index + 1}`] : [];
      }),
    );
    expect(wide, `break these comment lines: at most ${LONGEST_COMMENT} columns`).toEqual([]);
  });

  it('keeps folders small', () => {
    const folders = ['src', 'test'].flatMap((top) => [top, ...listFolders(top)]).filter((path) => !GROWING.has(path));
    const crowded = folders
      .map((path) => ({ path, files: countFiles(path) }))
      .filter(({ files }) => files > MOST_FILES)
      .map(({ path, files }) => `${path}: ${files} files`);
    expect(crowded, `part these folders by subject: at most ${MOST_FILES} files in each`).toEqual([]);
  });

  it('wraps pages where code is wrapped, but for tables and what is shown', () => {
    const tops = ['bench', 'fixtures', 'rules', 'src', 'test'].flatMap((top) => [top, ...listFolders(top)]);
    const docs = readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`);
    const ownPages = ['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'SECURITY.md'];
    const pages = [...ownPages, ...docs, ...tops.map((folder) => `${folder}/README.md`)];
    const wide = pages
      .filter((path) => existsSync(join(ROOT, path)))
      .flatMap((path) => wideLines(readFileSync(join(ROOT, path), 'utf8')).map((line) => `${path}:${line}`));
    expect(wide, `break these lines: at most ${LONGEST_COMMENT} columns`).toEqual([]);
  });

  it('has a README in every folder of src, rules, test and fixtures', () => {
    const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const paths = [...folders.map((entry) => `src/${entry.name}`), 'rules', 'test', 'fixtures'];
    const bare = paths.filter((path) => !existsSync(join(ROOT, path, 'README.md')));
    expect(bare, 'write a README.md in each of these: the contract of the folder').toEqual([]);
  });

  it('leaves no marker of unfinished work', () => {
    const marker = /\b(?:TODO|FIXME|XXX|HACK)\b/;
    const marked = sources.filter((file) => marker.test(file.text)).map((file) => file.path);
    expect(marked, 'finish what the marker in these files says, or open an issue and take the marker out').toEqual([]);
  });

  it('leaves no residue of a scaffold in a plug-in, its test or a rule', () => {
    const files = [...sources, ...readSources('test')].filter((file) => !/(?:build|architecture)\//.test(file.path));
    const residue = files.filter((file) => /\bREPLACE\b/.test(file.text)).map((file) => file.path);
    expect(residue, 'write what each REPLACE in these files asks for').toEqual([]);
    const rules = readdirSync(join(ROOT, 'rules'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.yaml'),
    );
    const marked = rules.filter((path) => /\bREPLACE\b/.test(readFileSync(join(ROOT, 'rules', path), 'utf8')));
    expect(marked, 'write what each REPLACE in these rules asks for').toEqual([]);
  });

  it('leaves out fields without a value in one way', () => {
    const hot = /^src\/(?:build|model|detect\/(?:analyse|automaton|fast|wasm)|git\/(?:pack|history))\//;
    const byHand = /\.\.\.\((\w+) === undefined \? \{\} : \{ \1 \}\)/;
    const wordy = sources.filter(({ path, text }) => !hot.test(path) && byHand.test(text)).map(({ path }) => path);
    expect(wordy, 'write "...defined({ x })" of src/lib/fields/defined.ts').toEqual([]);
  });

  it('has no module-level mutable state', () => {
    const mutable = /^(?:export )?(?:let|var)\s/m;
    const stateful = sources.filter((file) => mutable.test(file.text)).map((file) => file.path);
    expect(stateful, 'write "const", or move the variable into a function or a class').toEqual([]);
  });
});

/** Folders below one, as paths from the root with forward slashes. */
function listFolders(top: string): readonly string[] {
  return readdirSync(join(ROOT, top), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${top}/${name}`, ...listFolders(`${top}/${name}`)]);
}

function countFiles(folder: string): number {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== 'README.md').length;
}

/** Numbers of the lines of a page that are too wide. A row of a table and a line of code cannot be wrapped. */
function wideLines(page: string): readonly number[] {
  const withoutCode = page.replace(/```[\s\S]*?```/g, (code) => code.replace(/[^\n]/g, ''));
  return withoutCode.split('\n').flatMap((line, index) => {
    const isProse = !/^(?: *\|| {4}\S)/.test(line);
    return isProse && line.length > LONGEST_COMMENT ? [index + 1] : [];
  });
}
