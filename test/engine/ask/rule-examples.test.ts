import { expect, test } from 'vitest';
import { judgeText, testDetectionRule } from '../../../src/engine/ask/rule-examples.ts';
import type { CompiledRule } from '../../../src/model/rule.ts';
import { headOf } from '../../../src/model/rule-head.ts';
import { makeCatalogue } from '../../../src/ruleset/catalogue/catalogue.ts';
import { compileRule } from '../../../src/ruleset/compile/compile-detection.ts';
import type { RawRule } from '../../../src/ruleset/compile/raw.ts';
import { adversarialTexts, fastestRun } from '../../rules/adversarial.ts';

const NOW = new Date('2026-11-22T00:00:00Z');

function makeRule(raw: Partial<RawRule>): CompiledRule {
  const file = { provider: 'acme', name: 'Acme', rules: [] };
  const pattern = '(?<![a-z0-9_])(?<secret>acme_[a-z0-9]{20})(?![a-z0-9])';
  return compileRule({ id: 'acme-key', title: 'Acme', pattern, ...raw }, file, true, 'acme.yaml:1');
}

function resultsOf(raw: Partial<RawRule>, others: readonly CompiledRule[] = []): readonly string[] {
  const rule = makeRule(raw);
  const catalogue = makeCatalogue({ detection: [rule, ...others].map(headOf), posture: [], packs: [] });
  return testDetectionRule(rule, catalogue, NOW).map(
    ({ kind, number, problem }) => `${kind} ${number}: ${problem ?? 'ok'}`,
  );
}

test('examples that keep their promise pass', () => {
  const examples = {
    match: ['acme_{lower-alnum:20}', { text: 'key: "{secret}"', secret: 'acme_{lower-alnum:20}' }],
    'no-match': ['acme_{lower-alnum:19}', 'my_acme_{lower-alnum:20}'],
  };
  expect(resultsOf({ examples })).toEqual(['match 1: ok', 'match 2: ok', 'no-match 1: ok', 'no-match 2: ok']);
});

test('every way to break a promise is told', () => {
  const examples = {
    match: [
      'acme_{lower-alnum:19}',
      'acme_{lower-alnum:20} acme_{lower-alnum:20}',
      { text: 'a{secret}', secret: ' acme_{lower-alnum:20}' },
      'acme_aaaaaaaaaaaaaaaaaaaa',
      'acme_{nope:3}',
    ],
    'no-match': ['acme_{lower-alnum:20}', { text: '{secret}', secret: 'acme_aaaaaaaaaaaaaaaaaaaa' }],
  };
  expect(resultsOf({ examples })).toEqual([
    'match 1: does not match',
    'match 2: matches 2 times; it must match once',
    'match 3: matches, but reports another part of the text as the secret',
    expect.stringMatching(/^match 4: is (lowered to a placeholder|dropped): /),
    expect.stringMatching(/^match 5: unknown placeholder/),
    'no-match 1: matches, and no check drops or lowers it',
    'no-match 2: ok',
  ]);
});

test('context words count only inside their distance', () => {
  const secret = '{lower-alnum:20}';
  const examples = {
    match: [
      { text: 'ACME: {secret}', secret },
      { text: '{secret} # acme', secret },
    ],
    'no-match': [
      { text: 'acme          : {secret}', secret },
      { text: '{secret}     # acme', secret },
    ],
  };
  const pattern = '(?<![a-z0-9])(?<secret>[a-z0-9]{20})(?![a-z0-9])';
  const context = { words: ['acme'], before: 10, after: 8 };
  expect(resultsOf({ pattern, context, examples })).toEqual([
    'match 1: ok',
    'match 2: ok',
    'no-match 1: ok',
    'no-match 2: ok',
  ]);
});

test('a required companion must stand within its lines', () => {
  const companion = makeRule({ id: 'acme-id', pattern: 'id=(?<secret>[0-9]{6})' });
  const examples = {
    match: [{ text: 'id={digits:6}\n\nkey={secret}', secret: 'acme_{lower-alnum:20}' }],
    'no-match': [
      { text: 'id={digits:6}\n\n\nkey={secret}', secret: 'acme_{lower-alnum:20}' },
      { text: 'key={secret}', secret: 'acme_{lower-alnum:20}' },
    ],
  };
  const companions = [{ rule: 'acme-id', as: 'id', 'within-lines': 2, required: true }];
  expect(resultsOf({ companions, examples }, [companion])).toEqual(['match 1: ok', 'no-match 1: ok', 'no-match 2: ok']);
});

test('text is matched as bytes and given back as UTF-8', () => {
  const rule = makeRule({ pattern: 'acme=(?<secret>[\\x80-\\xff]{2}[a-z]{3})' });
  const catalogue = makeCatalogue({ detection: [headOf(rule)], posture: [], packs: [] });
  const [match] = judgeText(rule, catalogue, 'ü acme=éabc', undefined, NOW);
  expect(match).toMatchObject({ secret: 'éabc', start: 3, end: 13, secretStart: 8 });
});

test('paths limit where a rule looks', () => {
  const rule = makeRule({ paths: { only: ['*.env'], not: ['docs/'] } });
  const catalogue = makeCatalogue({ detection: [headOf(rule)], posture: [], packs: [] });
  const count = (path: string | undefined): number =>
    judgeText(rule, catalogue, `acme_${'k7'.repeat(10)}`, path, NOW).length;
  expect([count('a/b.env'), count('docs/b.env'), count('b.txt'), count(undefined)]).toEqual([1, 0, 0, 0]);
});

test('the time budget notices a pattern that backtracks', () => {
  const bad = /(?<secret>(?:[a-z]{1,40}){1,40}!)/g;
  const [text = ''] = adversarialTexts([]).map((entry) => entry.text.slice(0, 20));
  expect(fastestRun(() => Array.from(text.matchAll(bad)), 5)).toBeGreaterThan(5);
  const good = /(?<secret>[a-z]{1,40}!)/g;
  expect(fastestRun(() => Array.from(text.matchAll(good)), 5)).toBeLessThan(5);
});
