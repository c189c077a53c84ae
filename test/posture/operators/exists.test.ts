import exists from '../../../src/posture/operators/exists.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  exists,
  [
    ['x', true, 'true'],
    [false, true, 'true'],
    [undefined, true, 'false'],
    [undefined, false, 'true'],
    ['x', false, 'false'],
  ],
  { good: [true, false], bad: ['yes', 1, null] },
);
