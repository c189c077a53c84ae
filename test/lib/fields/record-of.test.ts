import { expect, it } from 'vitest';
import { fieldsInOrder, recordOf } from '../../../src/lib/fields/record-of.ts';

it('makes of entries what Object.fromEntries makes', () => {
  const entries = [['b', 1] as const, ['a', 2] as const, ['__proto__', 3] as const, ['b', 4] as const];
  const record = recordOf(entries);
  expect(Object.entries(record)).toEqual(Object.entries(Object.fromEntries(entries)));
  expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
});

it('puts fields in an order', () => {
  expect(Object.entries(fieldsInOrder({ b: 1, a: 2 }, ['a', 'b']))).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});
