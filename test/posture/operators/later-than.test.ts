import laterThan from '../../../src/posture/operators/later-than.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  laterThan,
  [
    ['2028-06-01T00:00:00Z', 365, 'true'],
    ['2027-05-01T00:00:00Z', 'expiry.max_days', 'false'],
    ['2020-01-01T00:00:00Z', 365, 'false'],
    ['never', 365, 'true'],
    ['soon', 365, 'unknown'],
    ['2028-06-01T00:00:00Z', 'no.such_threshold', 'unknown'],
  ],
  { good: [365, 'expiry.max_days'], bad: [-1, 'far', null] },
);
