import { defineOperator } from '../contract.ts';
import { checkScalars, isScalar, truthOf } from '../shared/values.ts';

/** `not-in: [a, b]`: equals none of the entries. */
export default defineOperator({
  id: 'not-in',
  title: 'is none of the listed values',
  checkOperand: checkScalars,
  evaluate(value, operand) {
    if (!isScalar(value) || !Array.isArray(operand)) return 'unknown';
    return truthOf(!operand.includes(value));
  },
});
