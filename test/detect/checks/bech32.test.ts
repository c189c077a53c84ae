import { expect, test } from 'vitest';
import bech32 from '../../../src/detect/checks/bech32.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const age = make('{bech32:age-secret-key-}');

test.each([
  ['upper case', age, 'pass'],
  ['lower case', make('{bech32:nsec:lower}'), 'pass'],
  ['wrong', spoil(age, -3), 'lower to placeholder'],
  ['mixed case', `${age}q`, 'not-applicable'],
  ['no separator', 'abcdef', 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(bech32, value))).toBe(state);
});
