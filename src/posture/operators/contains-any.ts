import { defineOperator } from '../contract.ts';
import { checkScalars, truthOf } from '../shared/values.ts';

/** `contains-any: [a, b]`: a list with at least one of these entries. */
export default defineOperator({
  id: 'contains-any',
  title: 'is a list with at least one of the operands',
  checkOperand: checkScalars,
  evaluate(value, operand) {
    if (!Array.isArray(value) || !Array.isArray(operand)) return 'unknown';
    return truthOf(operand.some((item) => value.includes(item)));
  },
});
