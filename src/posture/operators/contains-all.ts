import { defineOperator } from '../contract.ts';
import { checkScalars, truthOf } from '../shared/values.ts';

/** `contains-all: [a, b]`: a list with every one of these entries. */
export default defineOperator({
  id: 'contains-all',
  title: 'is a list with every one of the operands',
  checkOperand: checkScalars,
  evaluate(value, operand) {
    if (!Array.isArray(value) || !Array.isArray(operand)) return 'unknown';
    return truthOf(operand.every((item) => value.includes(item)));
  },
});
