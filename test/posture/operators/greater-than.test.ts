import greaterThan from '../../../src/posture/operators/greater-than.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  greaterThan,
  [
    [2, 1, 'true'],
    [1, 1, 'false'],
    [2, 'keys.max_active', 'true'],
    [1, 'keys.max_active', 'false'],
    ['2', 1, 'unknown'],
    [2, 'no.such_threshold', 'unknown'],
  ],
  { good: [1, 0, 'keys.max_active'], bad: [-1, 'many', null] },
);
