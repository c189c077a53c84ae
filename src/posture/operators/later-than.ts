import { defineOperator } from '../contract.ts';
import { ageInDays, amountOf, checkAmount, truthOf } from '../shared/values.ts';

/** `later-than: 365` or a threshold's name: a date more than so many days ahead. `never` is later than any. */
export default defineOperator({
  id: 'later-than',
  title: 'is a date more than so many days ahead',
  checkOperand: (operand) => checkAmount(operand, 'days'),
  evaluate(value, operand, context) {
    if (value === 'never') return 'true';
    const age = ageInDays(value, context.now);
    const limit = amountOf(operand, context);
    return age === undefined || limit === undefined ? 'unknown' : truthOf(-age > limit);
  },
});
