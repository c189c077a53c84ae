import { defineOperator } from '../contract.ts';
import { ageInDays, amountOf, checkAmount, truthOf } from '../shared/values.ts';

/** `within-days: 30` or a threshold's name: a date in the coming so many days. `never` is not. */
export default defineOperator({
  id: 'within-days',
  title: 'is a date in the coming so many days',
  checkOperand: (operand) => checkAmount(operand, 'days'),
  evaluate(value, operand, context) {
    if (value === 'never') return 'false';
    const age = ageInDays(value, context.now);
    const limit = amountOf(operand, context);
    return age === undefined || limit === undefined ? 'unknown' : truthOf(age <= 0 && -age <= limit);
  },
});
