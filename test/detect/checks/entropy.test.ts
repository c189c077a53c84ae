import { expect, test } from 'vitest';
import entropy from '../../../src/detect/checks/entropy.ts';
import { evaluate, stateOf } from './evaluate.ts';

test.each([
  ['abcd', { min: 2 }, 'pass'],
  ['abcd', { min: 2.01 }, 'drop'],
  ['aaaa', { min: 0.5 }, 'drop'],
  ['', { min: 1 }, 'not-applicable'],
  ['0123456789abcdef', { min: 4, charset: 'hex' }, 'pass'],
  ['0123456789abcdeg', { min: 4, charset: 'hex' }, 'not-applicable'],
  ['a b c', { min: 9, charset: 'base64' }, 'not-applicable'],
  ['anything', {}, 'pass'],
])('entropy of %s with %o: %s', (value, options, state) => {
  expect(stateOf(evaluate(entropy, value, { options }))).toBe(state);
});
