import isNot from '../../../src/posture/operators/is-not.ts';
import { describeOperator } from './truths.ts';

describeOperator(
  isNot,
  [
    [true, false, 'true'],
    ['read', 'write', 'true'],
    ['write', 'write', 'false'],
    [null, 'write', 'unknown'],
    [3, 'write', 'unknown'],
  ],
  { good: ['x', 0, false], bad: [null, ['x']] },
);
