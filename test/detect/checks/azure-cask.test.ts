import { expect, test } from 'vitest';
import azureCask from '../../../src/detect/checks/azure-cask.ts';
import { evaluate, factsOf, make, spoil, stateOf } from './evaluate.ts';

const key = make('{azure-cask:ACOG}');

test.each([
  ['right', key, 'pass'],
  ['wrong', spoil(key, 5), 'lower to placeholder'],
  ['another length', key.slice(1), 'not-applicable'],
  ['without the mark', make('{base62:84}'), 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(azureCask, value))).toBe(state);
});

test('reads provider and month of issue', () => {
  const facts = factsOf(evaluate(azureCask, key));
  expect(facts).toEqual({
    providerSignature: 'ACOG',
    issuedMonth: expect.stringMatching(/^20\d\d-(?:0[1-9]|1[0-2])$/),
  });
});
