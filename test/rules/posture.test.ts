import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { testPostureRule } from '../../src/engine/ask/rule-examples.ts';
import { knownNames } from '../../src/engine/plan/known-names.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { loadCatalogue } from '../../src/ruleset/load.ts';

const RULES = join(import.meta.dirname, '..', '..', 'rules');
const NOW = new Date('2026-11-22T00:00:00Z');

const { posture, detection, packs = [] } = await loadCatalogue({ builtinDir: RULES, known: knownNames() });

describe.each(readRules(posture).map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('has the three outcomes, and each example gives the promised one', () => {
    const results = testPostureRule(rule, NOW);
    expect(new Set(results.map((result) => result.kind))).toEqual(new Set(['fail', 'pass', 'not-assessed']));
    expect(results.filter((result) => result.problem !== undefined)).toEqual([]);
  });
});

test('the packs default, strict and hook exist, and every tag they name is in use', () => {
  expect(packs.map((pack) => pack.id)).toEqual(['default', 'hook', 'strict']);
  const tags = new Set([...detection, ...posture].flatMap((rule) => rule.tags));
  const named = packs.flatMap(({ detection: a, posture: b }) => [a, b].flatMap((selection) => selection?.tags ?? []));
  expect(named.filter((tag) => posture.length > 0 && !tags.has(tag))).toEqual([]);
});
