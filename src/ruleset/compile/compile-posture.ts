import { defined } from '../../lib/fields/defined.ts';
import type { Json } from '../../model/json.ts';
import type { Condition, PostureRule, RulePack, RuleSelection } from '../../model/rule.ts';
import type { RawCondition, RawPack, RawPostureRule } from './raw.ts';

/** Turns a posture file into the plain form that the evaluator reads. `source` is `file:line`. */
export function compilePosture(raw: RawPostureRule, source: string): PostureRule {
  return {
    id: raw.id,
    title: raw.title,
    types: raw['applies-to'],
    when: compileCondition(raw.when),
    severity: raw.severity,
    confidence: raw.confidence ?? 'high',
    owasp: raw.owasp ?? [],
    message: raw.message.trim(),
    why: (raw.why ?? '').trim(),
    remediation: (raw.remediation ?? '').trim(),
    references: raw.references ?? [],
    tags: raw.tags ?? [],
    ...defined({ yieldsTo: raw['yields-to'] }),
    examples: {
      fail: raw.examples?.fail ?? [],
      pass: raw.examples?.pass ?? [],
      notAssessed: raw.examples?.['not-assessed'] ?? [],
    },
    source,
  };
}

/** `{attribute: a, older-than: 90}` becomes attribute, operator and operand; `all`, `any` and `not` nest. */
export function compileCondition(raw: RawCondition): Condition {
  if ('all' in raw) return { all: (raw.all as readonly RawCondition[]).map(compileCondition) };
  if ('any' in raw) return { any: (raw.any as readonly RawCondition[]).map(compileCondition) };
  if ('not' in raw) return { not: compileCondition(raw.not as RawCondition) };
  const { attribute, ...rest } = raw as Readonly<Record<string, Json>>;
  const [[operator, operand] = ['', null]] = Object.entries(rest);
  return { attribute: String(attribute), operator, operand };
}

/** Turns a pack file into its plain form. */
export function compilePack(raw: RawPack): RulePack {
  return {
    id: raw.pack,
    title: raw.title,
    ...(raw.detection === undefined ? {} : { detection: compileSelection(raw.detection) }),
    ...(raw.posture === undefined ? {} : { posture: compileSelection(raw.posture) }),
  };
}

function compileSelection(raw: NonNullable<RawPack['detection']>): RuleSelection {
  const { 'not-tags': notTags, ...rest } = raw;
  return notTags === undefined ? rest : { ...rest, notTags };
}
