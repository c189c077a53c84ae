import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './source-files.ts';

/** Letters of the lines, and how many each has in the table. */
const LINES = { S: 6, C: 12, H: 7, U: 11 };
const FOLDER = 'test/regressions';

interface Row {
  readonly line: string;
  readonly paths: readonly string[];
}

const rows: Row[] = readFileSync(join(ROOT, FOLDER, 'README.md'), 'utf8')
  .split('\n')
  .filter((text) => /^\| [SCHU]\d/.test(text))
  .map((text) => {
    const [line = '', , heldBy = ''] = text.slice(2, -2).split(' | ');
    return { line, paths: [...heldBy.matchAll(/`([^`]+\/[^`]+\.(?:test\.ts|md))`/g)].map(([, path = '']) => path) };
  });

describe('the table of regressions', () => {
  it('has every line of the list of defects once, in order', () => {
    const lines = Object.entries(LINES).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    expect(rows.map(({ line }) => line)).toEqual(lines);
  });

  it.each(rows)('$line names files that exist, a test among them', ({ paths }) => {
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(paths.filter((path) => path.endsWith('.test.ts'))).not.toEqual([]);
  });
});
