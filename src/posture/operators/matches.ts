import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import { defineOperator } from '../contract.ts';
import { checkTexts, textsOf, truthOf } from '../shared/values.ts';

/** `matches: '*:admin'` or a list: a text, or an entry of a list, that fits a pattern of `*` and `?`. Never a regex. */
export default defineOperator({
  id: 'matches',
  title: 'fits a pattern with * and ?',
  checkOperand: checkTexts,
  evaluate(value, operand) {
    const texts = textsOf(value);
    const patterns = textsOf(operand);
    if (texts === undefined || patterns === undefined) return 'unknown';
    return truthOf(texts.some((text) => patterns.some((pattern) => matchesWildcard(pattern, text))));
  },
});
