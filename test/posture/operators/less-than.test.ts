import lessThan from '../../../src/posture/operators/less-than.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  lessThan,
  [
    [2047, 2048, 'true'],
    [2048, 2048, 'false'],
    ['1024', 2048, 'unknown'],
  ],
  { good: [2048, 'owners.min'], bad: [-1, 'few', null] },
);
