import { expect, test } from 'vitest';
import crc32Base62 from '../../../src/detect/checks/crc32-base62.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const token = make('acme_{github-crc:36}');
const options = { 'prefix-length': 5, 'body-length': 30 };

test.each([
  ['right', token, options, 'pass'],
  ['a wrong body', spoil(token, 9), options, 'lower to placeholder'],
  ['a wrong checksum', spoil(token, -1), options, 'lower to placeholder'],
  ['a wrong one, only a hint', spoil(token, -1), { ...options, hint: true }, 'lower to low-confidence'],
  ['another length', `${token}a`, options, 'not-applicable'],
  ['shorter than a checksum', 'abc', {}, 'not-applicable'],
  ['any length where none is given', make('{vercel-crc:56}'), {}, 'pass'],
  ['prefix not covered', token, { ...options, 'covers-prefix': true }, 'lower to placeholder'],
])('%s', (_, value, given, state) => {
  expect(stateOf(evaluate(crc32Base62, value, { options: given }))).toBe(state);
});
