import endsWith from '../../../src/posture/operators/ends-with.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  endsWith,
  [
    ['contents:write', ':write', 'true'],
    ['contents:read', ':write', 'false'],
    [['contents:read', 'issues:write'], ':write', 'true'],
    [true, ':write', 'unknown'],
  ],
  { good: ['a'], bad: ['', ['a'], null] },
);
