import { expect, test } from 'vitest';
import gitlabRoutable from '../../../src/detect/checks/gitlab-routable.ts';
import { evaluate, factsOf, make, spoil, stateOf } from './evaluate.ts';

const token = make('{gitlab-routable:glpat-}');

test.each([
  ['two dots', token, 'pass'],
  ['one dot', make('{gitlab-routable:glpat-:one-dot}'), 'pass'],
  ['a runner token', make('{gitlab-routable:glrt-t1_}'), 'pass'],
  ['a wrong payload', spoil(token, 10), 'lower to placeholder'],
  ['a wrong checksum', spoil(token, -1), 'lower to placeholder'],
  ['the old form', make('glpat-{base62:20}'), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(gitlabRoutable, value))).toBe(state);
});

test('reads the routing payload', () => {
  expect(factsOf(evaluate(gitlabRoutable, token))).toEqual({
    organisationId: expect.any(Number),
    userId: expect.any(Number),
  });
});
