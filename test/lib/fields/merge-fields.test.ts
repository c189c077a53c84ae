import { expect, it } from 'vitest';
import { mergeFields } from '../../../src/lib/fields/merge-fields.ts';

it('takes all fields of both in a new object, those of the second where both have one', () => {
  const [a, b] = [
    { one: 1, two: 2 },
    { two: 'zwei', three: 3 },
  ];
  expect(mergeFields(a, b)).toEqual({ one: 1, two: 'zwei', three: 3 });
  expect([a, b]).toEqual([
    { one: 1, two: 2 },
    { two: 'zwei', three: 3 },
  ]);
});
