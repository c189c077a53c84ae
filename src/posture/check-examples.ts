import type { PostureOutcome } from '../model/finding.ts';
import { type Identity, identityId } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { PostureExample, PostureRule } from '../model/rule.ts';
import { postureHeadOf } from '../model/rule-head.ts';
import type { Operator, OperatorContext } from './contract.ts';
import { evaluatePosture } from './evaluate.ts';

const DAY = 86_400_000;

/** Says which examples of the rules give another outcome than they promise. */
export function checkPostureExamples(
  rules: readonly PostureRule[],
  operators: readonly Operator[],
  context: OperatorContext,
): readonly string[] {
  const problems: string[] = [];
  for (const rule of rules) {
    for (const [promised, examples] of promisesOf(rule)) {
      examples.forEach((example, index) => {
        const outcome = outcomeOf(rule, example, operators, context);
        if (outcome === promised) return;
        problems.push(`${rule.source}: ${rule.id}: example ${promised}[${index}] gives "${outcome}"`);
      });
    }
  }
  return problems;
}

/** An identity made of an example. The text `now-90d` or `now+10d` is the date so many days from `now`. */
export function identityOfExample(example: PostureExample, now: Date): Identity {
  const entries = Object.entries(example.attributes).map(
    ([name, value]) => [name, { value: datedValue(value, now), source: 'example' }] as const,
  );
  const attributes = Object.fromEntries(entries);
  const lists = { keys: [], grants: [], evidence: [] };
  return { id: identityId('example'), type: example.type, provider: 'example', name: 'example', attributes, ...lists };
}

function datedValue(value: Json, now: Date): Json {
  const days = typeof value === 'string' ? /^now([+-]\d{1,5})d$/.exec(value)?.[1] : undefined;
  return days === undefined ? value : new Date(now.getTime() + Number(days) * DAY).toISOString();
}

function promisesOf(rule: PostureRule): readonly (readonly [PostureOutcome, readonly PostureExample[]])[] {
  const { fail, pass, notAssessed } = rule.examples;
  return [
    ['fail', fail],
    ['pass', pass],
    ['not-assessed', notAssessed],
  ];
}

function outcomeOf(
  rule: PostureRule,
  example: PostureExample,
  operators: readonly Operator[],
  context: OperatorContext,
): PostureOutcome | 'not applied' {
  const [count] = evaluatePosture(
    [postureHeadOf(rule)],
    [identityOfExample(example, context.now)],
    operators,
    context,
  ).counts;
  if (count === undefined) return 'not applied';
  if (count.fail > 0) return 'fail';
  if (count.pass > 0) return 'pass';
  return count.notAssessed > 0 ? 'not-assessed' : 'not applied';
}
