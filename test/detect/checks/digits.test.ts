import { expect, test } from 'vitest';
import digits from '../../../src/detect/checks/digits.ts';
import { evaluate, stateOf } from './evaluate.ts';

test.each([
  ['abc', {}, 'drop'],
  ['abc1', {}, 'not-applicable'],
  ['abc12', { min: 3 }, 'drop'],
  ['abc123', { min: 3 }, 'not-applicable'],
  ['123', { letters: 1 }, 'drop'],
  ['123a', { letters: 1 }, 'not-applicable'],
  ['abc123', { classes: 3 }, 'drop'],
  ['abC123', { classes: 3 }, 'not-applicable'],
  ['abc-123', { classes: 3 }, 'not-applicable'],
])('%s with %o: %s', (value, options, state) => {
  expect(stateOf(evaluate(digits, value, { options }))).toBe(state);
});
