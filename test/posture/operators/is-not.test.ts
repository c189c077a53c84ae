import isNot from '../../../src/posture/operators/is-not.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
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
