import containsNone from '../../../src/posture/operators/contains-none.ts';
import { describeOperator } from './truths.ts';

describeOperator(
  containsNone,
  [
    [['a', 'b'], ['c'], 'true'],
    [['a', 'b'], ['b', 'c'], 'false'],
    [[], ['b'], 'true'],
    ['c', ['b'], 'unknown'],
  ],
  { good: [['a', 'b']], bad: [[], 'a', null] },
);
