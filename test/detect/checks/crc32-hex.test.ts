import { expect, test } from 'vitest';
import crc32Hex from '../../../src/detect/checks/crc32-hex.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const token = make('zpka_{zuplo-crc}');
const options = { 'prefix-length': 5, 'body-length': 32, 'separator-length': 1 };
const bitbucket = make('{bitbucket-app-password:ATBB}');
const covering = { 'prefix-length': 4, 'body-length': 24, 'covers-prefix': true };

test.each([
  ['right, with a separator', token, options, 'pass'],
  ['right, in upper case over the prefix too', bitbucket, covering, 'pass'],
  ['wrong', spoil(token, 8), options, 'lower to placeholder'],
  ['no hex at the end', `${token.slice(0, -1)}z`, options, 'not-applicable'],
  ['another length', token.slice(1), options, 'not-applicable'],
])('%s', (_, value, given, state) => {
  expect(stateOf(evaluate(crc32Hex, value, { options: given }))).toBe(state);
});
