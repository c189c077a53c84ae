import { describe, expect, test } from 'vitest';
import { testDetectionRule } from '../../src/engine/ask/rule-examples.ts';
import type { CompiledRule } from '../../src/model/rule.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { expandExample, matchPlainly } from '../../src/ruleset/examples.ts';
import { formatProblem } from '../../src/ruleset/problems.ts';
import { itRarely } from '../it-rarely.ts';
import { adversarialTexts, fastestRun } from './adversarial.ts';
import { builtIn, inspectBuiltIn } from './built-in.ts';

const NOW = new Date('2026-11-22T00:00:00Z');
const BUDGET_MS = 150;

const { catalogue, problems } = await inspectBuiltIn();
const rules = readRules(catalogue.detection);
const positives = new Map(
  rules.map((rule) => [
    rule,
    rule.examples.match.map((example, index) => expandExample(rule, 'match', index, example)),
  ]),
);

test('every rule file is valid, complete and bounded', () => {
  expect(problems.map(formatProblem), 'each line says what to write instead').toEqual([]);
});

test('the other tests try the same rules', () => {
  expect(builtIn.hash, 'run "npm run build"').toBe(catalogue.hash);
  expect(readRules(builtIn.detection)).toEqual(rules);
  expect(readRules(builtIn.posture)).toEqual(readRules(catalogue.posture));
});

test('a pattern never matches the empty text', () => {
  const empty = rules.filter((rule) => new RegExp(rule.pattern).test('')).map((rule) => rule.id);
  expect(empty, 'write a pattern that needs at least one character: these match the empty text').toEqual([]);
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  test('every example does what it promises', () => {
    const failed = testDetectionRule(rule, catalogue, NOW).filter((result) => result.problem !== undefined);
    expect(failed.map(({ kind, number, problem }) => `${rule.source}: ${kind} ${number} ${problem}`)).toEqual([]);
  });

  test('one of the given literals stands in every match', () => {
    if (rule.literals.length === 0) return;
    for (const example of positives.get(rule) ?? []) {
      for (const match of matchPlainly(rule, example.text, example.path)) {
        const text = Buffer.from(example.text).toString('latin1').slice(match.start, match.end).toLowerCase();
        const advice = `${rule.source}: no match may lack all of "literals"; leave "literals" out, or name what every match has`;
        expect(
          rule.literals.some((literal) => text.includes(literal)),
          advice,
        ).toBe(true);
      }
    }
  });

  test('is quick on hostile text', () => {
    const pattern = new RegExp(rule.pattern, rule.ignoreCase ? 'dgi' : 'dg');
    for (const { name, text } of adversarialTexts((positives.get(rule) ?? []).map((example) => example.text))) {
      const ms = fastestRun(() => Array.from(text.matchAll(pattern)).length, BUDGET_MS);
      expect(
        ms,
        `${rule.source}: ${ms} ms on 16 KiB of ${name}; bound quantifiers, and part neighbouring runs`,
      ).toBeLessThan(BUDGET_MS);
    }
  });
});

itRarely('no rule matches the example of another provider, unless that is declared', () => {
  const crossed: string[] = [];
  for (const [owner, examples] of positives) {
    for (const other of rules) {
      if (other.provider === owner.provider || isDeclared(owner, other)) continue;
      for (const [index, example] of examples.entries()) {
        const start = Buffer.byteLength(example.text.slice(0, example.text.indexOf(example.secret)));
        const end = start + Buffer.byteLength(example.secret);
        const hits = matchPlainly(other, example.text, example.path).filter(
          (match) => match.secretStart < end && match.secretStart + Buffer.byteLength(match.secret) > start,
        );
        if (hits.length > 0)
          crossed.push(`${other.id} matches example ${index + 1} of ${owner.id}; declare "overlaps"`);
      }
    }
  }
  expect(crossed).toEqual([]);
});

/** Rules tagged `generic` look for any secret by its surroundings: they may meet every provider's. */
function isDeclared(a: CompiledRule, b: CompiledRule): boolean {
  if (a.tags.includes('generic') || b.tags.includes('generic')) return true;
  return (a.overlaps?.includes(b.id) ?? false) || (b.overlaps?.includes(a.id) ?? false);
}
