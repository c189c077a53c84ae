import { defineOperator } from '../contract.ts';
import { ageInDays, checkBoolean, truthOf } from '../shared/values.ts';

/** `before-now: true`: a date in the past. `never` is not. */
export default defineOperator({
  id: 'before-now',
  title: 'is a date in the past',
  checkOperand: checkBoolean,
  evaluate(value, operand, context) {
    if (value === 'never') return truthOf(operand === false);
    const age = ageInDays(value, context.now);
    return age === undefined ? 'unknown' : truthOf(age > 0 === operand);
  },
});
