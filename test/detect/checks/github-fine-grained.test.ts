import { expect, test } from 'vitest';
import githubFineGrained from '../../../src/detect/checks/github-fine-grained.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const token = make('{github-fine-grained:github_pat_}');

test.each([
  ['right', token, 'pass'],
  ['a wrong body', spoil(token, 20), 'lower to placeholder'],
  ['the last 8, which no check covers', spoil(token, -1), 'pass'],
  ['another length', token.slice(0, -1), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(githubFineGrained, value))).toBe(state);
});
