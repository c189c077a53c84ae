import type { PostureOutcome } from '../model/finding.ts';
import { type Identity, identityId } from '../model/identity.ts';
import type { PostureExample, PostureRule } from '../model/rule.ts';
import type { Operator, OperatorContext } from './contract.ts';
import { evaluatePosture } from './evaluate.ts';

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

/** An identity made of an example. */
export function identityOfExample(example: PostureExample): Identity {
  const entries = Object.entries(example.attributes).map(
    ([name, value]) => [name, { value, source: 'example' }] as const,
  );
  const attributes = Object.fromEntries(entries);
  const lists = { keys: [], grants: [], evidence: [] };
  return { id: identityId('example'), type: example.type, provider: 'example', name: 'example', attributes, ...lists };
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
  const [count] = evaluatePosture([rule], [identityOfExample(example)], operators, context).counts;
  if (count === undefined) return 'not applied';
  if (count.fail > 0) return 'fail';
  if (count.pass > 0) return 'pass';
  return count.notAssessed > 0 ? 'not-assessed' : 'not applied';
}
