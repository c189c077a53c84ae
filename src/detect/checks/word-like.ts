import { defineCheck } from '../contract.ts';
import { readNumber } from '../shared/options.ts';
import { wordShare } from '../shared/words.ts';

/** Names and words, such as `getAccessTokenFromStore` or `primary-database-password`: no machine draws them. */
export default defineCheck({
  id: 'word-like',
  title: 'Plain words and identifiers',
  applies: 'named',
  reads: 'value',
  options: { share: 'least share (0 to 1) of the letters that must stand in plausible words, default 0.8' },
  evaluate({ value, options }) {
    if (!/^[A-Za-z0-9 _.,:/@+-]{3,200}$/.test(value)) return { state: 'not-applicable' };
    if ((value.match(/[0-9]/g) ?? []).length > value.length / 5) return { state: 'not-applicable' };
    if (wordShare(value) < readNumber(options, 'share', 0.8) || !/[A-Za-z]/.test(value)) {
      return { state: 'not-applicable' };
    }
    return { state: 'drop', reason: 'The value is made of words, as names and identifiers are' };
  },
});
