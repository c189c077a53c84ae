import notIn from '../../../src/posture/operators/not-in.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  notIn,
  [
    ['ed25519', ['rsa', 'dsa'], 'true'],
    ['rsa', ['rsa', 'dsa'], 'false'],
    [null, ['rsa'], 'unknown'],
  ],
  { good: [['a'], [1, 2]], bad: [[], 'a', [null]] },
);
