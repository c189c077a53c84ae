import newerThan from '../../../src/posture/operators/newer-than.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  newerThan,
  [
    ['2026-05-30T00:00:00Z', 7, 'true'],
    ['2026-05-01T00:00:00Z', 7, 'false'],
    ['2026-06-30T00:00:00Z', 7, 'false'],
    ['soon', 7, 'unknown'],
  ],
  { good: [7, 'unused.days'], bad: [-1, 'unused', null] },
);
