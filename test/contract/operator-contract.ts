import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/model/json.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import type { Operator, Truth } from '../../src/posture/contract.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');
const CONTEXT = { now: NOW, thresholds: DEFAULT_THRESHOLDS };

/** `[value, operand, truth]`. */
export type TruthCase = readonly [Json | undefined, Json, Truth];

/** Operands that the operator takes, and operands that it refuses. */
export interface Operands {
  readonly good: readonly Json[];
  readonly bad: readonly Json[];
}

/**
 * The suite that every operator passes: a table of truths, which operands it takes and refuses, and that no value of an
 * identity makes it throw or answer anything but a truth.
 */
export function operatorContract(operator: Operator, truths: readonly TruthCase[], operands: Operands): void {
  describe(`operator ${operator.id}`, () => {
    it.each(truths)('%j with operand %j is %s', (value, operand, truth) => {
      expect(operator.evaluate(value, operand, CONTEXT)).toBe(truth);
    });

    it.each(operands.good.map((operand) => [operand]))('takes the operand %j', (operand) => {
      expect(operator.checkOperand(operand)).toBeUndefined();
    });

    it.each(operands.bad.map((operand) => [operand]))('refuses the operand %j, and says what it must be', (operand) => {
      const advice = `checkOperand of ${operator.id} must refuse this operand with a text that begins with "must be "`;
      expect(operator.checkOperand(operand), advice).toMatch(/^must be /);
    });

    it('has a line for each way to answer, in its table of truths', () => {
      const answers = new Set(truths.map(([, , truth]) => truth));
      const missing = ['true', 'false'].filter((truth) => !answers.has(truth as Truth));
      expect(missing, `add a line with each of these outcomes to the table of ${operator.id}`).toEqual([]);
    });

    it('answers with a truth whatever the value is, twice the same, and changes nothing', () => {
      fc.assert(
        fc.property(fc.jsonValue(), fc.constantFrom(...operands.good), (json, operand) => {
          const value = json as Json;
          const before = JSON.stringify(value);
          const truth = operator.evaluate(value, operand, CONTEXT);
          const advice = `${operator.id} must answer "true", "false" or "unknown" for the value ${before}`;
          expect(['true', 'false', 'unknown'], advice).toContain(truth);
          expect(operator.evaluate(value, operand, CONTEXT), `${operator.id} must be pure`).toBe(truth);
          expect(JSON.stringify(value), `${operator.id} must not change the value`).toBe(before);
        }),
      );
    });

    it('checks any operand without throwing', () => {
      fc.assert(
        fc.property(fc.jsonValue(), (operand) => {
          const problem = operator.checkOperand(operand as Json);
          if (problem !== undefined)
            expect(problem, `${operator.id}: say what the operand must be`).toMatch(/^must be /);
        }),
      );
    });
  });
}
