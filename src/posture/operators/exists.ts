import { defineOperator } from '../contract.ts';
import { checkBoolean, truthOf } from '../shared/values.ts';

/** `exists: true` or `exists: false`: whether the attribute could be read. The only operator that sees absence. */
export default defineOperator({
  id: 'exists',
  title: 'is known at all',
  absence: true,
  checkOperand: checkBoolean,
  evaluate: (value, operand) => truthOf((value !== undefined) === operand),
});
