import { expect, test } from 'vitest';
import { ConfigError, UsageError } from '../../src/model/errors.ts';
import type { CompiledRule, RuleCatalogue } from '../../src/model/rule.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { makeCatalogue } from '../../src/ruleset/catalogue/catalogue.ts';
import { selectRules } from '../../src/ruleset/catalogue/select.ts';
import { compileRule } from '../../src/ruleset/compile/compile-detection.ts';

function rule(id: string, confidence: CompiledRule['confidence'], tags: readonly string[] = []): CompiledRule {
  const file = { provider: 'acme', name: 'Acme', rules: [] };
  return compileRule({ id, title: id, pattern: 'acme(?<secret>x)', confidence, tags }, file, true, 'a:1');
}

const catalogue: RuleCatalogue = makeCatalogue({
  detection: [
    rule('acme-one', 'high', ['token']),
    rule('acme-two', 'low'),
    rule('acme-noise', 'medium', ['noisy', 'token']),
  ].map(headOf),
  posture: [],
  packs: [
    { id: 'calm', title: 'Calm', detection: { notTags: ['noisy'] } },
    { id: 'tokens', title: 'Tokens', detection: { tags: ['token', 'other'], confidence: ['high'] } },
    { id: 'posture', title: 'Posture', posture: {} },
  ],
});

const ids = (selected: RuleCatalogue): readonly string[] => selected.detection.map(({ id }) => id);

test('a pack selects by tag and confidence', () => {
  expect(ids(selectRules(catalogue, {}))).toEqual(['acme-noise', 'acme-one', 'acme-two']);
  expect(ids(selectRules(catalogue, { pack: 'calm' }))).toEqual(['acme-one', 'acme-two']);
  expect(ids(selectRules(catalogue, { pack: 'tokens' }))).toEqual(['acme-one']);
});

test('only overrides the pack, except wins', () => {
  expect(ids(selectRules(catalogue, { pack: 'calm', only: ['acme-noise'] }))).toEqual(['acme-noise']);
  expect(ids(selectRules(catalogue, { except: ['acme-one'] }))).toEqual(['acme-noise', 'acme-two']);
});

test('another selection has another hash', () => {
  expect(selectRules(catalogue, { except: ['acme-one'] }).hash).not.toBe(catalogue.hash);
  expect(selectRules(catalogue, {}).hash).toBe(catalogue.hash);
});

test('unknown names are a usage error that names the nearest', () => {
  expect(() => selectRules(catalogue, { only: ['acme-onee'] })).toThrow(UsageError);
  expect(() => selectRules(catalogue, { only: ['acme-onee'] })).toThrow(/"acme-one"/);
  expect(() => selectRules(catalogue, { except: ['two'] })).toThrow(/did you mean "acme-two"/);
  expect(() => selectRules(catalogue, { pack: 'clam' })).toThrow(/Write one of: calm, posture, tokens/);
});

test('an empty selection is an error, never clean', () => {
  expect(() => selectRules(catalogue, { pack: 'posture' })).toThrow(ConfigError);
  expect(() => selectRules(catalogue, { only: ['acme-one'], except: ['acme-one'] })).toThrow(
    /nothing would be checked/,
  );
});
