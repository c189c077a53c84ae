import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Condition, PostureRule } from '../../src/model/rule.ts';
import { readRules } from '../../src/model/rule-head.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { checkPostureExamples } from '../../src/posture/check-examples.ts';
import { checkPostureRules } from '../../src/posture/evaluate.ts';
import { operators } from '../../src/posture/operators/index.generated.ts';
import { builtIn } from '../rules/built-in.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MODEL = readFileSync(join(ROOT, 'src/model/README.md'), 'utf8');
const NOW = new Date('2026-06-01T00:00:00Z');

const posture = readRules(builtIn.posture);

/** Words that the model README sets in code: identity types and attributes. */
const KNOWN = new Set([...MODEL.matchAll(/`([A-Za-z0-9_]+)`/g)].map((found) => found[1] ?? ''));

function attributesOf(condition: Condition): readonly string[] {
  if ('all' in condition) return condition.all.flatMap(attributesOf);
  if ('any' in condition) return condition.any.flatMap(attributesOf);
  return 'not' in condition ? attributesOf(condition.not) : [condition.attribute];
}

function placeholdersOf(rule: PostureRule): readonly string[] {
  const names = [...rule.message.matchAll(/\{([A-Za-z]+)\}/g)].map((found) => found[1] ?? '');
  return names.filter((name) => !['name', 'account', 'id', 'type'].includes(name));
}

describe('posture rules', () => {
  it('are many, and cover each of the collectors', () => {
    expect(posture.length).toBeGreaterThanOrEqual(25);
    const types = new Set(posture.flatMap((rule) => rule.types));
    for (const type of ['deploy_key', 'workflow', 'iam_role', 'k8s_service_account', 'mcp_server']) {
      expect(types).toContain(type);
    }
  });

  it('use operators and operands as they are meant', () => {
    expect(checkPostureRules(posture, operators)).toEqual([]);
  });

  it.each(posture.map((rule) => [rule.id, rule] as const))('%s: examples and names', (_, rule) => {
    expect(checkPostureExamples([rule], operators, { now: NOW, thresholds: DEFAULT_THRESHOLDS })).toEqual([]);
    const names = [...attributesOf(rule.when), ...placeholdersOf(rule)].filter((name) => !KNOWN.has(name));
    const unknown = 'no line in src/model/README.md; write a name that stands there, or add a line';
    expect(names, `${rule.id}: attributes with ${unknown}`).toEqual([]);
    expect(
      rule.types.filter((type) => !KNOWN.has(type)),
      `${rule.id}: types with ${unknown}`,
    ).toEqual([]);
  });

  it('name an attribute in a message only where the condition or an example has it', () => {
    const wrong = posture.flatMap((rule) => {
      const used = new Set(attributesOf(rule.when));
      for (const example of rule.examples.fail) for (const name of Object.keys(example.attributes)) used.add(name);
      return placeholdersOf(rule)
        .filter((name) => !used.has(name))
        .map((name) => `${rule.id}: ${name}`);
    });
    expect(wrong, 'use the attribute in "when" or in an example, or leave it out of "message"').toEqual([]);
  });
});
