import { defineCheck } from '../contract.ts';
import { readNumber } from '../shared/options.ts';

const CLASSES = [/[0-9]/, /[a-z]/, /[A-Z]/, /[^0-9A-Za-z]/];

/** Drawn values of some length hold digits and several kinds of characters; words and names often do not. */
export default defineCheck({
  id: 'digits',
  title: 'Digits, letters and kinds of characters',
  applies: 'named',
  reads: 'value',
  options: {
    min: 'least number of digits, default 1',
    letters: 'least number of letters, default 0',
    classes: 'least number of kinds among digits, lower case, upper case, others; default 1',
  },
  evaluate({ value, options }) {
    const digits = value.replace(/[^0-9]/g, '').length;
    const letters = value.replace(/[^A-Za-z]/g, '').length;
    const kinds = CLASSES.filter((kind) => kind.test(value)).length;
    if (digits < readNumber(options, 'min', 1))
      return { state: 'drop', reason: `The value holds only ${digits} digits` };
    if (letters < readNumber(options, 'letters', 0))
      return { state: 'drop', reason: `The value holds only ${letters} letters` };
    if (kinds < readNumber(options, 'classes', 1))
      return { state: 'drop', reason: `The value has only ${kinds} kinds of characters` };
    return { state: 'not-applicable' };
  },
});
