import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/model/thresholds.ts';
import type { Operator, Truth } from '../../../src/posture/contract.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');

/** `[value, operand, truth]`. */
export type TruthCase = readonly [Json | undefined, Json, Truth];

/** Runs a table of truths, and checks which operands the operator takes and refuses. */
export function describeOperator(
  operator: Operator,
  truths: readonly TruthCase[],
  operands: { readonly good: readonly Json[]; readonly bad: readonly Json[] },
): void {
  describe(operator.id, () => {
    it.each(truths)('%j with operand %j is %s', (value, operand, truth) => {
      expect(operator.evaluate(value, operand, { now: NOW, thresholds: DEFAULT_THRESHOLDS })).toBe(truth);
    });
    it.each(operands.good.map((operand) => [operand]))('takes the operand %j', (operand) => {
      expect(operator.checkOperand(operand)).toBeUndefined();
    });
    it.each(operands.bad.map((operand) => [operand]))('refuses the operand %j', (operand) => {
      expect(operator.checkOperand(operand)).toMatch(/^must be /);
    });
  });
}
