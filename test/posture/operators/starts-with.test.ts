import startsWith from '../../../src/posture/operators/starts-with.ts';
import { describeOperator } from './truths.ts';

describeOperator(
  startsWith,
  [
    ['http://example.org', 'http://', 'true'],
    ['https://example.org', 'http://', 'false'],
    [['a', 'http://b'], 'http://', 'true'],
    [true, 'http://', 'unknown'],
  ],
  { good: ['a'], bad: ['', ['a'], null] },
);
