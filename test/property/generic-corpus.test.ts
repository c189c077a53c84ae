import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandTemplate } from '../../src/lib/template/expand.ts';
import { findSecrets, ROOT } from './generic-rules.ts';

const RECALL_LEAST = 0.95;
const PRECISION_LEAST = 0.95;
/** Each line is expanded with this many seeds: the figures do not hang on one drawn value. */
const SEEDS = 5;

interface Line {
  readonly number: number;
  readonly expected: 'yes' | 'weak' | 'no';
  readonly path: string;
  readonly template: string;
}

const lines = readFileSync(join(ROOT, 'fixtures', 'corpus', 'generic.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((text, index): Line => {
    const [expected = '', path = '', template = ''] = text.split('\t');
    if (expected !== 'yes' && expected !== 'weak' && expected !== 'no')
      throw new Error(`line ${index + 1}: ${expected}`);
    return { number: index + 1, expected, path, template: template.replaceAll('\\n', '\n') };
  });

const results = lines.flatMap((line) =>
  Array.from({ length: SEEDS }, (_, seed) => {
    const found = findSecrets(expandTemplate(line.template, `corpus/${line.number}/${seed}`), line.path);
    return { line, found: found.length > 0, medium: found.some(({ match }) => match.confidence !== 'low') };
  }),
);

function describeLines(list: typeof results): string {
  return [...new Set(list.map(({ line }) => `${line.number}: ${line.path}: ${line.template}`))].join('\n');
}

test('recall and precision over the labelled lines', () => {
  const missed = results.filter(({ line, found }) => line.expected !== 'no' && !found);
  const wrong = results.filter(({ line, found }) => line.expected === 'no' && found);
  const hits = results.filter(({ line, found }) => line.expected !== 'no' && found).length;
  const recall = hits / (hits + missed.length);
  const precision = hits / (hits + wrong.length);
  console.log(`generic corpus: ${lines.length} lines, recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`);
  expect(recall, `missed\n${describeLines(missed)}`).toBeGreaterThanOrEqual(RECALL_LEAST);
  expect(precision, `found\n${describeLines(wrong)}`).toBeGreaterThanOrEqual(PRECISION_LEAST);
});

test('confidence is medium where a strong value is quoted, low for the rest', () => {
  const strong = results.filter(({ line, found }) => line.expected === 'yes' && found);
  const medium = strong.filter((result) => result.medium).length;
  expect(medium / strong.length, describeLines(strong.filter((result) => !result.medium))).toBeGreaterThanOrEqual(0.9);
  expect(describeLines(results.filter(({ line, medium: isMedium }) => line.expected !== 'yes' && isMedium))).toBe('');
});
