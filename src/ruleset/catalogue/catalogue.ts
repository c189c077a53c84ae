import { createHash } from 'node:crypto';
import type { CompiledRule, PostureHead, PostureRule, RuleCatalogue, RuleHead, RulePack } from '../../model/rule.ts';
import { headOf, postureHeadOf, readRules } from '../../model/rule-head.ts';

/** The parts of a catalogue before it is hashed and frozen. */
export interface CatalogueParts {
  readonly detection: readonly RuleHead[];
  readonly posture: readonly PostureHead[];
  readonly packs: readonly RulePack[];
}

/** Sorts rules by id, hashes them and freezes the whole. The hash does not depend on where a rule is written. */
export function makeCatalogue(parts: CatalogueParts): RuleCatalogue {
  const detection = [...parts.detection].sort(byId);
  const posture = [...parts.posture].sort(byId);
  const packs = [...parts.packs].sort(byId);
  const rules = { detection: readRules(detection), posture: readRules(posture) };
  const hash = createHash('sha256').update(canonicalJson(rules)).digest('hex');
  deepFreeze(rules);
  return deepFreeze({ detection, posture, packs, hash });
}

/** JSON with sorted keys, no blanks and no `source`: the same rules give the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (key === 'source') return undefined;
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Freezes plain data all the way down and returns it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) for (let at = 0; at < value.length; at += 1) deepFreeze(value[at]);
  else for (const key of Object.keys(value)) deepFreeze((value as Readonly<Record<string, unknown>>)[key]);
  return Object.freeze(value);
}

/** The text of `examples.json`: rule id to its examples, for `rules test` and `rules show`. */
export function serialiseExamples(catalogue: RuleCatalogue): string {
  const rules = [...readRules(catalogue.detection), ...readRules(catalogue.posture)];
  return `${JSON.stringify(Object.fromEntries(rules.map((rule) => [rule.id, rule.examples])))}\n`;
}

/** Puts examples back into a catalogue that was read without them. */
export function withExamples(catalogue: RuleCatalogue, text: string): RuleCatalogue {
  const examples = JSON.parse(text) as Readonly<Record<string, never>>;
  const restore = <R extends CompiledRule | PostureRule>(rule: R): R => ({
    ...rule,
    examples: examples[rule.id] ?? rule.examples,
  });
  return deepFreeze({
    ...catalogue,
    detection: catalogue.detection.map((head) => headOf(deepFreeze(restore(head.rule())))),
    posture: catalogue.posture.map((head) => postureHeadOf(deepFreeze(restore(head.rule())))),
  });
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
