import { defineOperator } from '../contract.ts';
import { checkScalar, compareScalars } from '../shared/values.ts';

/** `is: value`: equal and of the same type. */
export default defineOperator({
  id: 'is',
  title: 'equals the operand',
  checkOperand: checkScalar,
  evaluate: (value, operand) => compareScalars(value, operand),
});
