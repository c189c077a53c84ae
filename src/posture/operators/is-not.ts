import { defineOperator, type Truth } from '../contract.ts';
import { checkScalar, compareScalars } from '../shared/values.ts';

const OPPOSITE: Readonly<Record<Truth, Truth>> = { true: 'false', false: 'true', unknown: 'unknown' };

/** `is-not: value`: of the same type and not equal. */
export default defineOperator({
  id: 'is-not',
  title: 'differs from the operand',
  checkOperand: checkScalar,
  evaluate: (value, operand) => OPPOSITE[compareScalars(value, operand)],
});
