import containsNone from '../../../src/posture/operators/contains-none.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  containsNone,
  [
    [['a', 'b'], ['c'], 'true'],
    [['a', 'b'], ['b', 'c'], 'false'],
    [[], ['b'], 'true'],
    ['c', ['b'], 'unknown'],
  ],
  { good: [['a', 'b']], bad: [[], 'a', null] },
);
