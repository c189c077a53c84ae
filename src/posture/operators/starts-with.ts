import { defineOperator } from '../contract.ts';
import { checkText, textsOf, truthOf } from '../shared/values.ts';

/** `starts-with: 'http://'`: a text, or an entry of a list, that starts with the operand. */
export default defineOperator({
  id: 'starts-with',
  title: 'starts with the operand',
  checkOperand: checkText,
  evaluate(value, operand) {
    const texts = textsOf(value);
    if (texts === undefined || typeof operand !== 'string') return 'unknown';
    return truthOf(texts.some((text) => text.startsWith(operand)));
  },
});
