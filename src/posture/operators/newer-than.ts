import { defineOperator } from '../contract.ts';
import { ageInDays, amountOf, checkAmount, truthOf } from '../shared/values.ts';

/** `newer-than: 7` or a threshold's name: a date in the last so many days. */
export default defineOperator({
  id: 'newer-than',
  title: 'is a date in the last so many days',
  checkOperand: (operand) => checkAmount(operand, 'days'),
  evaluate(value, operand, context) {
    const age = ageInDays(value, context.now);
    const limit = amountOf(operand, context);
    return age === undefined || limit === undefined ? 'unknown' : truthOf(age >= 0 && age <= limit);
  },
});
