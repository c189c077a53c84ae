import type { CompiledRule, PostureHead, PostureRule, RuleHead } from './rule.ts';

/** The head of a rule that is already read. */
export function headOf(rule: CompiledRule): RuleHead {
  const { id, confidence, tags, companions, paths } = rule;
  return { id, confidence, tags, companions, ...(paths === undefined ? {} : { paths }), rule: () => rule };
}

/** The head of a posture rule that is already read. */
export function postureHeadOf(rule: PostureRule): PostureHead {
  const { id, confidence, tags, types } = rule;
  return { id, confidence, tags, types, rule: () => rule };
}

/** The whole rules behind heads. Reads those that were not read yet. */
export function readRules<R>(heads: readonly { rule(): R }[]): R[] {
  return heads.map((head) => head.rule());
}
