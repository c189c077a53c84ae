import withinDays from '../../../src/posture/operators/within-days.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  withinDays,
  [
    ['2026-06-10T00:00:00Z', 30, 'true'],
    ['2026-06-10T00:00:00Z', 'expiring_soon.days', 'true'],
    ['2026-08-10T00:00:00Z', 30, 'false'],
    ['2026-05-10T00:00:00Z', 30, 'false'],
    ['never', 30, 'false'],
    ['soon', 30, 'unknown'],
  ],
  { good: [30, 'expiring_soon.days'], bad: [-1, 'soon', null] },
);
