import { defineCheck } from '../contract.ts';
import { readNumber, readText } from '../shared/options.ts';
import { shannonEntropy } from '../shared/shape.ts';

const CHARSETS: Readonly<Record<string, RegExp>> = {
  hex: /^[0-9A-Fa-f]+$/,
  base64: /^[0-9A-Za-z+/_=-]+$/,
};

/** Words and names have little entropy for their length, drawn values much. */
export default defineCheck({
  id: 'entropy',
  title: 'Entropy of the value',
  applies: 'named',
  reads: 'value',
  options: {
    min: 'least Shannon entropy, in bits per character',
    charset: '`hex` or `base64`: values with other characters make the check not applicable; default any',
  },
  evaluate({ value, options }) {
    const charset = CHARSETS[readText(options, 'charset', '')];
    if (value === '' || (charset !== undefined && !charset.test(value))) return { state: 'not-applicable' };
    const bits = shannonEntropy(value);
    const leastBits = readNumber(options, 'min', 0);
    if (bits < leastBits)
      return { state: 'drop', reason: `${bits.toFixed(2)} bits per character, less than ${leastBits}` };
    return { state: 'pass', reason: `${bits.toFixed(2)} bits per character` };
  },
});
