import { describe, expect, test } from 'vitest';
import { testPostureRule } from '../../src/engine/ask/rule-examples.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { builtIn } from './built-in.ts';

const NOW = new Date('2026-11-22T00:00:00Z');

const { posture, detection, packs = [] } = builtIn;

describe.each(readRules(posture).map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('has the three outcomes, and each example gives the promised one', () => {
    const results = testPostureRule(rule, NOW);
    const kinds = new Set(results.map((result) => result.kind));
    const missing = (['fail', 'pass', 'not-assessed'] as const).filter((kind) => !kinds.has(kind));
    expect(missing, `add an example of each kind under "examples" of ${rule.id}`).toEqual([]);
    const wrong = results.flatMap(({ kind, number, problem }) =>
      problem === undefined ? [] : [`${kind} ${number} ${problem}`],
    );
    expect(wrong, `change the examples or "when" of ${rule.id}`).toEqual([]);
  });
});

test('the packs exist, and every tag they name is in use', () => {
  expect(packs.map((pack) => pack.id)).toEqual(['auditor', 'default', 'hook', 'pedantic', 'strict']);
  const tags = new Set([...detection, ...posture].flatMap((rule) => rule.tags));
  const named = packs.flatMap(({ detection: a, posture: b }) => [a, b].flatMap((selection) => selection?.tags ?? []));
  expect(
    named.filter((tag) => posture.length > 0 && !tags.has(tag)),
    'no rule has these tags: a pack that names them selects nothing by them',
  ).toEqual([]);
});
