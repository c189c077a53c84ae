import type { PostureOutcome } from '../model/finding.ts';
import type { Identity } from '../model/identity.ts';
import { ANY_TYPE, kindOfType } from '../model/identity-kinds.ts';
import type { PostureCount } from '../model/report.ts';
import type { Condition, PostureHead, PostureRule } from '../model/rule.ts';
import type { Operator, OperatorContext, Truth } from './contract.ts';

export { checkPostureRules } from './check-rules.ts';
export { renderMessage } from './message.ts';

/** A rule that fails for an identity. */
export interface PostureFailure {
  readonly rule: PostureRule;
  readonly identity: Identity;
}

/** Failures in the order of the rules, then of the identities; one count per rule, also where nothing applied. */
export interface PostureResult {
  readonly failures: readonly PostureFailure[];
  readonly counts: readonly PostureCount[];
}

/** Hears of a rule that threw on an identity. */
export type FailureListener = (ruleId: string, error: unknown) => void;

/** Applies every rule to every identity of its types. Unknown facts give "not assessed", never "pass". */
export function evaluatePosture(
  rules: readonly PostureHead[],
  identities: readonly Identity[],
  operators: readonly Operator[],
  context: OperatorContext,
  onFailure: FailureListener = () => undefined,
): PostureResult {
  const byId = new Map(operators.map((operator) => [operator.id, operator]));
  const byType = groupByType(identities);
  const failures: PostureFailure[] = [];
  const counts: PostureCount[] = [];
  for (const head of rules) {
    const tally = { fail: 0, pass: 0, 'not-assessed': 0 };
    for (const members of membersOf(byType, head.types)) {
      for (const identity of members) {
        const rule = head.rule();
        const outcome = OUTCOMES[judge(rule, identity, byId, context, onFailure)];
        tally[outcome] += 1;
        if (outcome === 'fail') failures.push({ rule, identity });
      }
    }
    counts.push({ ruleId: head.id, fail: tally.fail, pass: tally.pass, notAssessed: tally['not-assessed'] });
  }
  return dropYielding(failures, counts);
}

/** A general rule that yields to narrower ones says nothing about an identity for which one of these fails. */
function dropYielding(failures: readonly PostureFailure[], counts: readonly PostureCount[]): PostureResult {
  const yielding = failures.filter((failure) => !isNarrow(failure));
  if (yielding.length === 0) return { failures, counts };
  const about = new Set(yielding.map(({ identity }) => identity.id));
  const narrow = failures.filter((failure) => isNarrow(failure) && about.has(failure.identity.id));
  const named = new Set(narrow.flatMap(({ rule, identity }) => keysOf(rule.owasp, identity)));
  const dropped = yielding.filter(({ rule, identity }) =>
    keysOf(rule.yieldsTo ?? [], identity).some((key) => named.has(key)),
  );
  if (dropped.length === 0) return { failures, counts };
  const silent = new Set(dropped);
  const fewer = counts.map((count) => {
    const less = dropped.filter(({ rule }) => rule.id === count.ruleId).length;
    return { ...count, fail: count.fail - less, pass: count.pass + less };
  });
  return { failures: failures.filter((failure) => !silent.has(failure)), counts: fewer };
}

function isNarrow({ rule }: PostureFailure): boolean {
  return rule.yieldsTo === undefined;
}

function keysOf(owasp: readonly string[], { id }: Identity): string[] {
  return owasp.map((word) => `${word}\n${id}`);
}

/**
 * A rule that cannot cope with what an identity holds does not know: it must not cost the other rules and identities.
 */
function judge(
  rule: PostureRule,
  identity: Identity,
  operators: ReadonlyMap<string, Operator>,
  context: OperatorContext,
  onFailure: FailureListener,
): Truth {
  try {
    return evaluateCondition(rule.when, identity, operators, context);
  } catch (error) {
    onFailure(rule.id, error);
    return 'unknown';
  }
}

/** Truth of a condition for one identity, in Kleene's three-valued logic. */
export function evaluateCondition(
  condition: Condition,
  identity: Identity,
  operators: ReadonlyMap<string, Operator>,
  context: OperatorContext,
): Truth {
  if ('not' in condition) return negate(evaluateCondition(condition.not, identity, operators, context));
  if ('all' in condition) return evaluateParts(condition.all, 'false', identity, operators, context);
  if ('any' in condition) return evaluateParts(condition.any, 'true', identity, operators, context);
  const operator = operators.get(condition.operator);
  // Loading refuses unknown operators; a rule that came in another way is not assessed.
  if (operator === undefined) return 'unknown';
  const value = Object.hasOwn(identity.attributes, condition.attribute)
    ? identity.attributes[condition.attribute]?.value
    : undefined;
  if (value === undefined && operator.absence !== true) return 'unknown';
  return operator.evaluate(value, condition.operand, context);
}

/** The first false part decides over all of them, the first true part over any. */
function evaluateParts(
  parts: readonly Condition[],
  deciding: 'true' | 'false',
  identity: Identity,
  operators: ReadonlyMap<string, Operator>,
  context: OperatorContext,
): Truth {
  let truth: Truth = negate(deciding);
  for (let index = 0; index < parts.length; index += 1) {
    const inner = evaluateCondition(parts[index] as Condition, identity, operators, context);
    if (inner === deciding) return inner;
    if (inner === 'unknown') truth = 'unknown';
  }
  return truth;
}

const OUTCOMES: Readonly<Record<Truth, PostureOutcome>> = { true: 'fail', false: 'pass', unknown: 'not-assessed' };

function negate(truth: Truth): Truth {
  if (truth === 'unknown') return 'unknown';
  return truth === 'true' ? 'false' : 'true';
}

type Groups = ReadonlyMap<string, readonly Identity[]>;

function groupByType(identities: readonly Identity[]): Groups {
  const groups = new Map<string, Identity[]>();
  for (const identity of identities) {
    const group = groups.get(identity.type) ?? [];
    group.push(identity);
    groups.set(identity.type, group);
  }
  return groups;
}

/** Lists of the types. They are not joined: there are hundreds of rules, and can be a hundred thousand identities. */
function membersOf(groups: Groups, types: readonly string[]): readonly (readonly Identity[])[] {
  const asked = types.includes(ANY_TYPE) ? [...groups.keys()].filter(isJudged) : [...new Set(types)];
  return asked.map((type) => groups.get(type) ?? []);
}

/** Consumers and support nodes hold no power of their own. */
function isJudged(type: string): boolean {
  const kind = kindOfType(type);
  return kind !== 'consumer' && kind !== 'support';
}
