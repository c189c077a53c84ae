import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PlacePacker, unpackPlaces } from '../../../../src/engine/gather/incremental/packed-places.ts';
import type { Location } from '../../../../src/model/location.ts';

const id = fc.constantFrom('a'.repeat(40), 'b'.repeat(40));
const word = fc.constantFrom('one', 'two');
const head = fc.record({ collector: fc.constant('git'), path: word }, { noNullPrototype: true });
const rest = fc.record(
  {
    part: fc.constant('content'),
    repository: word,
    commit: id,
    blob: id,
    author: word,
    date: word,
    present: fc.boolean(),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const lines = fc.record(
  { startLine: fc.nat(3), startColumn: fc.nat(3), endLine: fc.nat(3), endColumn: fc.nat(3) },
  { noNullPrototype: true },
);
const decoded = fc.option(fc.array(word, { maxLength: 2 }), { nil: undefined });
const place = fc.tuple(head, rest, lines, decoded).map(([first, second, third, last]) => {
  return { ...second, ...first, ...third, ...(last === undefined ? {} : { decoded: last }) } as Location;
});

it('places come back as they were', () => {
  fc.assert(
    fc.property(fc.array(fc.array(place)), (groups) => {
      const packer = new PlacePacker();
      const packed = groups.map((places) => packer.pack(places));
      const [holders, numbers] = JSON.parse(JSON.stringify([packer.holders, packed]));
      const back = (numbers as number[][]).map((one) => unpackPlaces(one, holders));
      expect(back).toEqual(groups);
    }),
  );
});

it('versions of a file are named once', () => {
  const packer = new PlacePacker();
  const one = {
    collector: 'git',
    blob: 'a'.repeat(40),
    path: 'a',
    startLine: 1,
    startColumn: 1,
    endLine: 1,
    endColumn: 2,
  };
  const other = { ...one, blob: 'b'.repeat(40) };
  expect(packer.pack([one, { ...one, startLine: 2 }, other])).toEqual([0, 1, 1, 1, 2, 0, 2, 1, 1, 2, 1, 1, 1, 1, 2]);
  expect(packer.holders).toHaveLength(2);
});
