import { defineOperator } from '../contract.ts';
import { checkScalars, truthOf } from '../shared/values.ts';

/** `contains-other-than: [a, b]`: a list with an entry that is none of these. */
export default defineOperator({
  id: 'contains-other-than',
  title: 'is a list with an entry beside the operands',
  checkOperand: checkScalars,
  evaluate(value, operand) {
    if (!Array.isArray(value) || !Array.isArray(operand)) return 'unknown';
    return truthOf(value.some((item) => !operand.includes(item)));
  },
});
