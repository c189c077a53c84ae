import endsWith from '../../../src/posture/operators/ends-with.ts';
import { describeOperator } from './truths.ts';

describeOperator(
  endsWith,
  [
    ['contents:write', ':write', 'true'],
    ['contents:read', ':write', 'false'],
    [['contents:read', 'issues:write'], ':write', 'true'],
    [true, ':write', 'unknown'],
  ],
  { good: ['a'], bad: ['', ['a'], null] },
);
