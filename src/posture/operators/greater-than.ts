import { defineOperator } from '../contract.ts';
import { amountOf, checkAmount, truthOf } from '../shared/values.ts';

/** `greater-than: 1` or a threshold's name. */
export default defineOperator({
  id: 'greater-than',
  title: 'is a number above the operand',
  checkOperand: (operand) => checkAmount(operand, 'things'),
  evaluate(value, operand, context) {
    const limit = amountOf(operand, context);
    return typeof value !== 'number' || limit === undefined ? 'unknown' : truthOf(value > limit);
  },
});
