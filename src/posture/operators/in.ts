import { defineOperator } from '../contract.ts';
import { checkScalars, isScalar, truthOf } from '../shared/values.ts';

/** `in: [a, b]`: equals one of the entries. */
export default defineOperator({
  id: 'in',
  title: 'is one of the listed values',
  checkOperand: checkScalars,
  evaluate(value, operand) {
    if (!isScalar(value) || !Array.isArray(operand)) return 'unknown';
    return truthOf(operand.includes(value));
  },
});
