import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BUDGET, checkBudget } from '../../../src/build/budget/check.ts';
import { makeCorpus } from '../../../src/build/budget/corpus.ts';
import { compilePack } from '../../../src/detect/fast/compile-pack.ts';
import { knownNames } from '../../../src/engine/plan/known-names.ts';
import { readRules } from '../../../src/model/rule-head.ts';
import { inspectRules } from '../../../src/ruleset/load.ts';
import { makeRule } from '../../detect/make-rule.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Milliseconds for compiling all rules on a busy machine. */
const COMPILE_MOST = 240_000;
const corpus = makeCorpus(ROOT);

test('the corpus is always the same, and of every kind', () => {
  const again = makeCorpus(ROOT);
  expect(again.map(({ bytes }) => Buffer.from(bytes).toString('base64'))).toEqual(
    corpus.map(({ bytes }) => Buffer.from(bytes).toString('base64')),
  );
  const bytes = corpus.reduce((sum, artifact) => sum + artifact.bytes.length, 0);
  expect(bytes).toBeGreaterThan(1_000_000);
  expect(bytes).toBeLessThan(2_000_000);
  expect(new Set(corpus.map(({ origin }) => origin.path.split('.').at(-1))).size).toBeGreaterThan(12);
});

test(
  'every built-in rule keeps its budget',
  async () => {
    const { catalogue } = await inspectRules({ builtinDir: join(ROOT, 'rules'), known: knownNames() });
    const rules = readRules(catalogue.detection);
    expect(await checkBudget(rules, await compilePack(rules), corpus)).toEqual([]);
  },
  COMPILE_MOST,
);

test('says which rule is over, by how much, and what to write instead', async () => {
  const rules = [
    makeRule({ id: 'common-word', pattern: '[et](?<secret>[a-z]{2,9})', source: 'rules/a.yaml:3' }),
    makeRule({ id: 'every-call', pattern: 'the (?<secret>[0-9A-Za-z ]{3,90})', source: 'rules/a.yaml:9' }),
    makeRule({ id: 'good', pattern: '(?<![0-9A-Za-z])(?<secret>acme_[0-9a-f]{32})' }),
  ];
  const over = await checkBudget(rules, await compilePack(rules), corpus, { ...BUDGET, allHits: 100 });
  expect(over.some((message) => message.startsWith('rules/a.yaml:9: rule every-call: '))).toBe(true);
  expect(over.some((message) => / \d+ runs of the pattern per MB, limit 30; let the pattern ask/.test(message))).toBe(
    true,
  );
  expect(over.some((message) => message.includes('rule good'))).toBe(false);
  expect(over.at(-1)).toMatch(/^all rules together: \d+ literal hits per MB, limit 100/);
});
