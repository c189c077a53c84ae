import containsAll from '../../../src/posture/operators/contains-all.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  containsAll,
  [
    [['a', 'b', 'c'], ['a', 'c'], 'true'],
    [['a'], ['a', 'c'], 'false'],
    ['a', ['a'], 'unknown'],
  ],
  { good: [['a', 'b']], bad: [[], 'a', null] },
);
