import startsWith from '../../../src/posture/operators/starts-with.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  startsWith,
  [
    ['http://example.org', 'http://', 'true'],
    ['https://example.org', 'http://', 'false'],
    [['a', 'http://b'], 'http://', 'true'],
    [true, 'http://', 'unknown'],
  ],
  { good: ['a'], bad: ['', ['a'], null] },
);
