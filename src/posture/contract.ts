import type { Json } from '../model/json.ts';

/** What an operator may know beside the value. */
export interface OperatorContext {
  readonly now: Date;
  /** Thresholds of the configuration, by dotted name: `rotation.max_age_days`. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** `unknown` when the value cannot answer (wrong type, unreadable date): the rule is then not assessed. */
export type Truth = 'true' | 'false' | 'unknown';

/** One condition operator. Never called for an absent attribute, except `exists`: absence is `unknown` by itself. */
export interface Operator {
  /** Kebab-case, the file's name and the key in the rule file: `older-than: 90`. */
  readonly id: string;
  readonly title: string;
  /** True: called also when the attribute is absent (then `value` is undefined). */
  readonly absence?: boolean;
  /** Says what is wrong with an operand, or undefined. Called when a rule is loaded. */
  checkOperand(operand: Json): string | undefined;
  evaluate(value: Json | undefined, operand: Json, context: OperatorContext): Truth;
}

/** Gives an operator its type. */
export function defineOperator(operator: Operator): Operator {
  return operator;
}
