import olderThan from '../../../src/posture/operators/older-than.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  olderThan,
  [
    ['2026-03-02T00:00:00Z', 90, 'true'],
    ['2026-03-04T00:00:00Z', 90, 'false'],
    ['2026-03-03T00:00:00Z', 90, 'false'],
    ['2025-01-01', 'rotation.max_age_days', 'true'],
    ['2026-05-31', 'rotation.max_age_days', 'false'],
    ['2027-01-01', 0, 'false'],
    ['never', 90, 'unknown'],
    ['1', 90, 'unknown'],
    [1700000000, 90, 'unknown'],
    ['2026-01-01', 'no.such_threshold', 'unknown'],
  ],
  { good: [90, 0, 'rotation.max_age_days'], bad: [-1, 'rotation', null, '90', [90]] },
);
