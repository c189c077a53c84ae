import { defineOperator } from '../contract.ts';
import { checkText, textsOf, truthOf } from '../shared/values.ts';

/** `ends-with: ':write'`: a text, or an entry of a list, that ends with the operand. */
export default defineOperator({
  id: 'ends-with',
  title: 'ends with the operand',
  checkOperand: checkText,
  evaluate(value, operand) {
    const texts = textsOf(value);
    if (texts === undefined || typeof operand !== 'string') return 'unknown';
    return truthOf(texts.some((text) => text.endsWith(operand)));
  },
});
