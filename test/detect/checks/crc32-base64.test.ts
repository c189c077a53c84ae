import { expect, test } from 'vitest';
import crc32Base64 from '../../../src/detect/checks/crc32-base64.ts';
import { evaluate, make, spoil, stateOf } from './evaluate.ts';

const token = make('cflt{confluent-crc:60}');
const options = { 'prefix-length': 4, 'body-length': 54 };

test.each([
  ['right', token, 'pass'],
  ['wrong', spoil(token, 10), 'lower to placeholder'],
  ['another length', `${token}A`, 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(crc32Base64, value, { options }))).toBe(state);
});
