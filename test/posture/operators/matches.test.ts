import matches from '../../../src/posture/operators/matches.ts';
import { operatorContract } from '../../contract/operator-contract.ts';

operatorContract(
  matches,
  [
    ['DEPLOY_PROD_KEY', '*_PROD_*', 'true'],
    ['DEPLOY_KEY', '*_PROD_*', 'false'],
    ['a.b', 'a?b', 'true'],
    ['a(b', 'a(b', 'true'],
    [['x', 'repo:acme/*'], 'repo:*/[*]', 'false'],
    [['x', 'repo:acme/app'], ['nothing', 'repo:acme/*'], 'true'],
    [5, '*', 'unknown'],
    [['a', 5], '*', 'unknown'],
  ],
  { good: ['*', ['a', 'b*']], bad: ['', [], [1], null] },
);
