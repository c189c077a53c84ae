import { expect, test } from 'vitest';
import atlassianCrc from '../../../src/detect/checks/atlassian-crc.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const token = make('{atlassian-crc:ATATT3xFfGF0:180}');

test.each([
  ['right', token, 'pass'],
  ['right, with an encoded sign', token.replace('=', '%3D'), 'pass'],
  ['right, with an escaped sign', token.replace('=', '\\u003D'), 'pass'],
  ['an app password', make('{bitbucket-app-password:ATBB}'), 'pass'],
  ['wrong', spoil(token, 30), 'lower to placeholder'],
  ['lower-case hex', token.slice(0, -8) + token.slice(-8).toLowerCase(), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(atlassianCrc, value))).toBe(state);
});
