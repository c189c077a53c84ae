import notEmpty from '../../../src/posture/operators/not-empty.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  notEmpty,
  [
    [['a'], true, 'true'],
    [[], true, 'false'],
    [[], false, 'true'],
    ['a', true, 'true'],
    ['', true, 'false'],
    [3, true, 'unknown'],
    [{}, true, 'unknown'],
  ],
  { good: [true, false], bad: ['yes', null] },
);
