import { expect, test } from 'vitest';
import natsSeed from '../../../src/detect/checks/nats-seed.ts';
import { evaluate, factsOf, make, spoil, stateOf } from './evaluate.ts';

const seed = make('{nats-seed:U}');

test.each([
  ['right', seed, 'pass'],
  ['wrong', spoil(seed, 20), 'lower to placeholder'],
  ['another length', seed.slice(0, -1), 'not-applicable'],
  ['a character outside of base32', `${seed.slice(0, -1)}1`, 'not-applicable'],
])('%s', (_, value, state) => {
  expect(stateOf(evaluate(natsSeed, value))).toBe(state);
});

test('names the kind of key', () => {
  expect(factsOf(evaluate(natsSeed, make('{nats-seed:O}')))).toEqual({ keyKind: 'operator' });
});
