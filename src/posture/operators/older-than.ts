import { defineOperator } from '../contract.ts';
import { ageInDays, amountOf, checkAmount, truthOf } from '../shared/values.ts';

/** `older-than: 90` or a threshold's name: a date more than that many days ago. */
export default defineOperator({
  id: 'older-than',
  title: 'is a date more than so many days ago',
  checkOperand: (operand) => checkAmount(operand, 'days'),
  evaluate(value, operand, context) {
    const age = ageInDays(value, context.now);
    const limit = amountOf(operand, context);
    return age === undefined || limit === undefined ? 'unknown' : truthOf(age > limit);
  },
});
