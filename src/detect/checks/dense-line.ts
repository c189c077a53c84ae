import { defineCheck } from '../contract.ts';

const AROUND = 300;

/** Lines of minified code and of data are hundreds of characters long; names in them say little. */
export default defineCheck({
  id: 'dense-line',
  title: 'Minified code and data: lowers confidence',
  applies: 'named',
  options: {},
  evaluate({ before, after }) {
    const left = before.slice(-AROUND);
    const right = after.slice(0, AROUND);
    const isDense = left.length === AROUND && right.length === AROUND && !/[\r\n]/.test(left + right);
    if (!isDense) return { state: 'not-applicable' };
    return { state: 'lower', to: 'low-confidence', reason: 'The line is minified code or data' };
  },
});
