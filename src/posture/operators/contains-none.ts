import { defineOperator } from '../contract.ts';
import { checkScalars, truthOf } from '../shared/values.ts';

/** `contains-none: [a, b]`: a list without any of these entries. */
export default defineOperator({
  id: 'contains-none',
  title: 'is a list with none of the operands',
  checkOperand: checkScalars,
  evaluate(value, operand) {
    if (!Array.isArray(value) || !Array.isArray(operand)) return 'unknown';
    return truthOf(!operand.some((item) => value.includes(item)));
  },
});
