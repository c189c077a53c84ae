import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const READERS = ['rules/posture', 'src/correlate', 'src/engine', 'src/posture', 'src/reporters', 'src/risk'];
const WRITERS = ['src/collectors', 'src/correlate', 'src/permissions'];

/**
 * Attributes that only people read, in JSON and in the inventory: they say more of something that a rule, the score or
 * a join judges by another attribute. Shorten the list; an attribute that something reads is refused here.
 */
const FOR_PEOPLE: readonly string[] = [
  'alertResolution',
  'audiences',
  'basis',
  'credentialType',
  'defaultBranch',
  'labels',
  'selectedRepositories',
  'targetType',
  'transport',
];

/** Names in the tables of attributes of the model. Values stand behind them in brackets, and begin in lower case, too. */
function attributesOfModel(): readonly string[] {
  const text = readFileSync(join(ROOT, 'src/model/README.md'), 'utf8');
  const section = text.slice(text.indexOf('## Attributes'), text.indexOf('## Join keys'));
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| attribute'));
  const outside = rows.map((row) => row.replace(/\([^()]*(?:\([^()]*\)[^()]*)*\)/g, ''));
  const words = outside.flatMap((row) => {
    const [, first = '', second = ''] = row.split(/(?<!\\)\|/);
    const names = first.includes('`') ? first : second;
    return [...names.matchAll(/`([a-z][A-Za-z0-9]+)`/g)].map((found) => found[1] ?? '');
  });
  return [...new Set(words)];
}

function textOf(folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:ts|yaml)$/.test(file))
      .map((file) => join(ROOT, folder, file)),
  );
  return files.map((file) => readFileSync(file, 'utf8').replace(/examples:\n[\s\S]*$/, '')).join('\n');
}

function wordsOf(folders: readonly string[]): ReadonlySet<string> {
  return new Set(textOf(folders).match(/[A-Za-z][A-Za-z0-9]*/g));
}

describe('attributes of the model', () => {
  const attributes = attributesOfModel();

  it('are many', () => {
    expect(attributes.length).toBeGreaterThan(150);
  });

  it('are each set by a collector, by correlate or by the evaluation of permissions', () => {
    const written = wordsOf(WRITERS);
    expect(attributes.filter((name) => !written.has(name))).toEqual([]);
  });

  it('are each read by a rule, the score, a join or a report', () => {
    const read = wordsOf(READERS);
    expect(attributes.filter((name) => !read.has(name)).sort()).toEqual([...FOR_PEOPLE].sort());
  });
});
