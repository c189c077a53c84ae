import { defineOperator } from '../contract.ts';
import { checkScalar, truthOf } from '../shared/values.ts';

/** `contains: value`: a list with this entry, or a text with this part. */
export default defineOperator({
  id: 'contains',
  title: 'has the operand as an entry or a part',
  checkOperand: checkScalar,
  evaluate(value, operand) {
    if (Array.isArray(value)) return truthOf(value.includes(operand));
    if (typeof value === 'string' && typeof operand === 'string') return truthOf(value.includes(operand));
    return 'unknown';
  },
});
