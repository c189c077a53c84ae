import containsOtherThan from '../../../src/posture/operators/contains-other-than.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  containsOtherThan,
  [
    [['GITHUB_TOKEN', 'NPM_TOKEN'], ['GITHUB_TOKEN'], 'true'],
    [['GITHUB_TOKEN'], ['GITHUB_TOKEN'], 'false'],
    [[], ['GITHUB_TOKEN'], 'false'],
    ['NPM_TOKEN', ['GITHUB_TOKEN'], 'unknown'],
  ],
  { good: [['a', 'b']], bad: [[], 'a', null] },
);
