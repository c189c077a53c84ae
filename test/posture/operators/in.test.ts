import inOperator from '../../../src/posture/operators/in.ts';
import { describeOperator } from './truths.ts';

describeOperator(
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
