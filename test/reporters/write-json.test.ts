import { expect, it } from 'vitest';
import { writeJson } from '../../src/reporters/shared/write-json.ts';

/** What a document reads back as. */
function readBack(document: object): unknown {
  const pieces: string[] = [];
  writeJson(document, (piece) => void pieces.push(piece));
  return JSON.parse(pieces.join(''));
}

it('writes short and long lists alike', () => {
  const shared = { list: ['a', { b: '\u202e' }], none: undefined };
  for (const length of [0, 1, 999, 1000, 1001, 2500]) {
    const elements = Array.from({ length }, (_, at) => ({
      id: `e${at}`,
      shared,
      first: at % 7 === 0 ? undefined : at,
    }));
    const document = { elements, holes: [undefined, ...elements.map(() => undefined)] };
    expect(readBack(document)).toEqual(JSON.parse(JSON.stringify(document)));
  }
});
