import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringifyJson } from '../../src/lib/text/escape.ts';
import { JsonFragments } from '../../src/reporters/shared/json-fragments.ts';
import { tries } from '../property/runs.ts';

it('writes what JSON.stringify writes, however often a part comes again', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 4 }), fc.array(fc.nat(3), { maxLength: 20 }), (parts, picks) => {
      const fragments = new JsonFragments();
      const shared = parts.map((part) => [part, { part, absent: undefined }, [undefined, part]]);
      for (const pick of picks) {
        const element = {
          id: `\u202e${pick}`,
          parts: shared[pick],
          nested: { list: shared[pick], first: parts[pick] },
        };
        expect(fragments.textOf(element)).toBe(stringifyJson(element));
      }
    }),
    tries(200),
  );
});

it('leaves the text of what says itself what it is', () => {
  const date = new Date(0);
  expect(new JsonFragments().textOf({ dates: [date, [date]], none: undefined })).toBe(
    stringifyJson({ dates: [date, [date]] }),
  );
});

it('quotes each kind of text as JSON does', () => {
  const texts = fc.string({
    unit: fc.oneof(fc.constantFrom('"', '\\', '\u007f', '\u2028', ' ', '~', '[', ']'), fc.string()),
  });
  fc.assert(
    fc.property(texts, (text) => {
      expect(new JsonFragments().textOf({ [text]: text })).toBe(stringifyJson({ [text]: text }));
    }),
    tries(300),
  );
});
