import { defineOperator } from '../contract.ts';
import { checkBoolean, truthOf } from '../shared/values.ts';

/** `not-empty: true`: a list or text with something in it; `not-empty: false`: with nothing in it. */
export default defineOperator({
  id: 'not-empty',
  title: 'is a list or text with something in it',
  checkOperand: checkBoolean,
  evaluate(value, operand) {
    if (typeof value !== 'string' && !Array.isArray(value)) return 'unknown';
    return truthOf(value.length > 0 === operand);
  },
});
