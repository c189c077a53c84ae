import { defineOperator } from '../contract.ts';
import { amountOf, checkAmount, truthOf } from '../shared/values.ts';

/** `less-than: 2048` or a threshold's name. */
export default defineOperator({
  id: 'less-than',
  title: 'is a number below the operand',
  checkOperand: (operand) => checkAmount(operand, 'things'),
  evaluate(value, operand, context) {
    const limit = amountOf(operand, context);
    return typeof value !== 'number' || limit === undefined ? 'unknown' : truthOf(value < limit);
  },
});
