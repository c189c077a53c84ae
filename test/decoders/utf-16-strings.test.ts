import fc from 'fast-check';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/utf-16-strings.ts';
import { createLocator } from '../../src/detect/locate.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { tries } from '../property/runs.ts';

const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

decoderContract(decoder, (text) => Buffer.concat([Buffer.from([1, 2, 3]), wide(text), Buffer.from([255, 255])]));

/** The same in the plainest way. */
function stringsOf(bytes: Buffer): string[] {
  const found = bytes.toString('latin1').matchAll(/[\t\n\r -~](?:\0[\t\n\r -~]){11,}/g);
  return [...found].map(([run]) => run.replaceAll('\0', ''));
}

const byte = fc.constantFrom(0, 0, 1, 65, 200);
const piece = fc.oneof(
  fc.array(byte, { maxLength: 30 }).map((list) => Buffer.from(list)),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map(wide),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map((text) => wide(text).swap16()),
);
const bytesOf = fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.concat(pieces));

it('gives the strings that its definition names, at any offset and in either byte order', async () => {
  await fc.assert(
    fc.asyncProperty(bytesOf, async (bytes) => {
      const texts = textsOf(await decodeAll(decoder, artifactOf(bytes)));
      expect(texts.join('')).toBe(
        stringsOf(bytes)
          .map((text) => `${text}\0`)
          .join(''),
      );
      expect(decoder.accepts(artifactOf(bytes)) || texts.length === 0).toBe(true);
    }),
    tries(3_000),
  );
});

it('places each part of a string where it stands, whatever stands before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 40 }), fc.nat(20), async (before, at) => {
      const bytes = Buffer.concat([
        before,
        Buffer.from([255, 255]),
        wide('first of two strings'),
        Buffer.alloc(7, 255),
        wide('the second of them'),
      ]);
      const [decoded] = await decodeAll(decoder, artifactOf(bytes));
      if (decoded?.kind !== 'artifact') throw new Error('nothing was decoded');
      const { artifact } = decoded;
      const text = Buffer.from(artifact.bytes).toString('latin1');
      for (const word of ['of two', 'second'].slice(at % 2)) {
        const start = text.indexOf(word);
        const place = artifact.derivation?.placeOf?.({ start, end: start + word.length });
        expect(bytes.subarray(place?.start, place?.end).toString('latin1').replaceAll('\0', '')).toBe(word);
        const line = bytes.subarray(0, place?.start).toString('latin1').split('\n').length;
        expect(createLocator(artifact).locate({ start, end: start + word.length })).toMatchObject({ startLine: line });
      }
    }),
  );
});

it('gives all strings of a version where a change is near one, and none where it is not', async () => {
  const bytes = Buffer.concat([wide('the first of the strings'), Buffer.alloc(5000), wide('and another one of them')]);
  const changed = (start: number) => decodeAll(decoder, { ...artifactOf(bytes), ranges: [{ start, end: start + 1 }] });
  expect(textsOf(await changed(60))).toEqual(['the first of the strings\0and another one of them\0']);
  expect(textsOf(await changed(2500))).toEqual([]);
});

it('joins strings up to a size, and says where the budget ends', async () => {
  const bytes = Buffer.concat(
    Array.from({ length: 5000 }, () => Buffer.concat([wide('one string of many'), Buffer.from([255])])),
  );
  const all = textsOf(await decodeAll(decoder, artifactOf(bytes)));
  expect(all.join('')).toBe('one string of many\0'.repeat(5000));
  expect(all.length).toBe(2);
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes), budgetOf({ bytes: 20_000 })))).toEqual(['limit']);
});

it.each([
  ['text', Buffer.from('a text without any of them, and long enough')],
  ['zeros', Buffer.alloc(1000)],
  ['nothing', Buffer.alloc(0)],
])('does not take %s', (_, bytes) => {
  expect(decoder.accepts(artifactOf(bytes))).toBe(false);
});
