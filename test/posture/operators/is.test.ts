import isOperator from '../../../src/posture/operators/is.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  isOperator,
  [
    [true, true, 'true'],
    [true, false, 'false'],
    ['write', 'write', 'true'],
    ['Write', 'write', 'false'],
    [0, 0, 'true'],
    [1, true, 'unknown'],
    ['true', true, 'unknown'],
    [null, 'x', 'unknown'],
    [['write'], 'write', 'unknown'],
  ],
  { good: ['x', 0, false], bad: [null, ['x'], { a: 1 }] },
);
