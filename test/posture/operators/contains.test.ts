import contains from '../../../src/posture/operators/contains.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  contains,
  [
    [['contents:write', 'issues:read'], 'contents:write', 'true'],
    [['contents:read'], 'contents:write', 'false'],
    [[], 'x', 'false'],
    ['arn:aws:iam::1:root', ':root', 'true'],
    ['arn:aws:iam::1:user/a', ':root', 'false'],
    [5, 5, 'unknown'],
  ],
  { good: ['x', 1], bad: [null, ['x']] },
);
