import { expect, test } from 'vitest';
import uuid from '../../../src/detect/checks/uuid.ts';
import { evaluate, make, stateOf } from './evaluate.ts';

test.each([
  [make('{uuid}'), 'drop'],
  [make('{uuid}').toUpperCase(), 'drop'],
  [`{${make('{uuid}')}}`, 'drop'],
  [make('{uuid}').slice(0, -1), 'not-applicable'],
  [make('{hex:32}'), 'not-applicable'],
])('%s: %s', (value, state) => {
  expect(stateOf(evaluate(uuid, value))).toBe(state);
});
