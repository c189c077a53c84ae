import containsAny from '../../../src/posture/operators/contains-any.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  containsAny,
  [
    [['a', 'b'], ['b', 'c'], 'true'],
    [['a'], ['b', 'c'], 'false'],
    [[], ['b'], 'false'],
    ['b', ['b'], 'unknown'],
  ],
  { good: [['a', 'b']], bad: [[], 'a', null] },
);
