import beforeNow from '../../../src/posture/operators/before-now.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  beforeNow,
  [
    ['2026-05-31T00:00:00Z', true, 'true'],
    ['2026-06-02T00:00:00Z', true, 'false'],
    ['2026-06-02T00:00:00Z', false, 'true'],
    ['never', true, 'false'],
    ['never', false, 'true'],
    ['yesterday', true, 'unknown'],
  ],
  { good: [true, false], bad: ['now', 0, null] },
);
