import { expect, test } from 'vitest';
import denseLine from '../../../src/detect/checks/dense-line.ts';
import { evaluate, stateOf } from './evaluate.ts';

const LONG = 'a=1;'.repeat(100);

test.each([
  ['in the middle of a long line', LONG, LONG, 'lower to low-confidence'],
  ['near the start of a line', `${LONG}\nvar token="`, LONG, 'not-applicable'],
  ['near the end of a line', LONG, '";\nnext', 'not-applicable'],
  ['at the start of a file', 'var token="', LONG, 'not-applicable'],
])('a value %s', (_, before, after, expected) => {
  expect(stateOf(evaluate(denseLine, 'value', { before, after }))).toBe(expected);
});
