import inOperator from '../../../src/posture/operators/in.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  inOperator,
  [
    ['rsa', ['rsa', 'dsa'], 'true'],
    ['ed25519', ['rsa', 'dsa'], 'false'],
    [0, [0, 1], 'true'],
    [['rsa'], ['rsa'], 'unknown'],
    [null, ['rsa'], 'unknown'],
  ],
  { good: [['a'], [1, 2]], bad: [[], 'a', [null], [['a']]] },
);
