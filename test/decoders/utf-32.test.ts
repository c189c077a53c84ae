import fc from 'fast-check';
import { expect, it } from 'vitest';
import utf16 from '../../src/decoders/utf-16.ts';
import decoder from '../../src/decoders/utf-32.ts';
import { artifactOf, decodeAll, decoderContract, textsOf } from '../contract/decoder-contract.ts';
import { utf32Of } from '../make-documents.ts';
import { anyText } from '../property/any-text.ts';

decoderContract(decoder, (text) => utf32Of(text, 'little'));

it.each(['little', 'big'] as const)('reads %s-endian text, whatever is in it', async (order) => {
  await fc.assert(
    fc.asyncProperty(anyText({ minLength: 1 }), async (text) => {
      const bytes = utf32Of(text, order);
      expect(utf16.accepts(artifactOf(bytes))).toBe(false);
      expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual([text]);
    }),
    { numRuns: 50 },
  );
});

it('reads what is not a character as a replacement, and leaves out half a code point at the end', async () => {
  const long = utf32Of('a'.repeat(100), 'big');
  const bytes = Buffer.concat([long, Buffer.from([0x00, 0x11, 0, 0, 0, 0, 0xd8, 0, 0, 0])]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual([`${'a'.repeat(100)}\ufffd\ufffd`]);
});

it.each([
  ['UTF-16 with a mark', Buffer.from('\ufeffabcd', 'utf16le')],
  ['a mark alone', Buffer.from([0xff, 0xfe, 0, 0])],
  ['binary behind the same bytes', Buffer.from([0xff, 0xfe, 0, 0, 1, 2, 3, 4])],
  ['an empty file', Buffer.alloc(0)],
])('does not take %s', (_, bytes) => {
  expect(decoder.accepts(artifactOf(bytes))).toBe(false);
});
