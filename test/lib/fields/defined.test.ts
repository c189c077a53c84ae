import fc from 'fast-check';
import { expect, expectTypeOf, it } from 'vitest';
import { defined } from '../../../src/lib/fields/defined.ts';

it('leaves out what is undefined, and nothing else', () => {
  const values = fc.oneof(fc.constant(undefined), fc.constantFrom(null, false, 0, '', Number.NaN, 'x'));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), values), (fields) => {
      const expected = Object.entries(fields).filter(([, value]) => value !== undefined);
      expect(Object.entries(defined(fields))).toEqual(expected);
    }),
  );
});

it('keeps a field that is called as the prototype is', () => {
  expect(Object.entries(defined({ ['__proto__']: null, a: undefined }))).toEqual([['__proto__', null]]);
});

it('fits optional fields, which exist only with a value', () => {
  const owner = 'someone' as string | undefined;
  const entry: { readonly name: string; readonly owner?: string } = { name: 'a', ...defined({ owner }) };
  expect(entry).toEqual({ name: 'a', owner: 'someone' });
  expectTypeOf(defined({ owner })).toEqualTypeOf<{ owner?: string }>();
});
