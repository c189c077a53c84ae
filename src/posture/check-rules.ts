import type { Condition, PostureRule } from '../model/rule.ts';
import type { Operator } from './contract.ts';

const DEEPEST = 12;

/**
 * Lists what is wrong with posture rules: unknown operators, and operands that an operator refuses. Empty if nothing is
 * wrong.
 */
export function checkPostureRules(rules: readonly PostureRule[], operators: readonly Operator[]): readonly string[] {
  const byId = new Map(operators.map((operator) => [operator.id, operator]));
  return rules.flatMap((rule) =>
    checkCondition(rule.when, byId, 0).map((problem) => `${rule.source}: ${rule.id}: ${problem}`),
  );
}

function checkCondition(
  condition: Condition,
  operators: ReadonlyMap<string, Operator>,
  depth: number,
): readonly string[] {
  if (depth > DEEPEST) return [`conditions are nested more than ${DEEPEST} deep`];
  if ('all' in condition) return checkList('all', condition.all, operators, depth);
  if ('any' in condition) return checkList('any', condition.any, operators, depth);
  if ('not' in condition) return checkCondition(condition.not, operators, depth + 1);
  const operator = operators.get(condition.operator);
  if (operator === undefined) return [unknownOperator(condition.operator, condition.attribute, [...operators.keys()])];
  const problem = operator.checkOperand(condition.operand);
  return problem === undefined ? [] : [`the operand of "${operator.id}" on "${condition.attribute}" ${problem}`];
}

function checkList(
  word: string,
  conditions: readonly Condition[],
  operators: ReadonlyMap<string, Operator>,
  depth: number,
): readonly string[] {
  if (conditions.length === 0) return [`"${word}" is empty: name at least one condition`];
  return conditions.flatMap((condition) => checkCondition(condition, operators, depth + 1));
}

function unknownOperator(name: string, attribute: string, operators: readonly string[]): string {
  return `"${attribute}" has the unknown operator "${name}"; use one of ${[...operators].sort().join(', ')}`;
}
