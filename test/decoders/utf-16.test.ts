import fc from 'fast-check';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/utf-16.ts';
import { artifactOf, decodeAll, decoderContract, textsOf } from '../contract/decoder-contract.ts';

const little = (text: string) => Buffer.from(text, 'utf16le');

decoderContract(decoder, little);

it.each([
  ['little-endian with a mark', Buffer.concat([Buffer.from([0xff, 0xfe]), little('päss = wörd')])],
  ['big-endian with a mark', Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(little('päss = wörd')).swap16()])],
  ['big-endian without', Buffer.from(little('päss = wörd')).swap16()],
])('reads %s', async (_, bytes) => {
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['päss = wörd']);
});

it('takes text without a mark exactly where seven tenths of one half of the bytes are NUL', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(65, 200), fc.constantFrom(0, 0, 0, 7)), { minLength: 2, maxLength: 400 }),
      (pairs) => {
        const bytes = Buffer.from(pairs.flat());
        const looked = pairs.slice(0, 256);
        const share = looked.filter(([, high]) => high === 0).length / looked.length;
        expect(decoder.accepts(artifactOf(bytes))).toBe(share > 0.7);
        expect(decoder.accepts(artifactOf(Buffer.from(bytes).swap16()))).toBe(share > 0.7);
      },
    ),
    { examples: [[lateNuls(10, 90)], [lateNuls(77, 179)], [lateNuls(76, 180)], [lateNuls(120, 136)]] },
  );
});

/** Characters of another script first, then Latin ones. */
function lateNuls(others: number, latin: number): [number, number][] {
  const pair = (high: number) => (): [number, number] => [65, high];
  return [...Array.from({ length: others }, pair(7)), ...Array.from({ length: latin }, pair(0))];
}

it.each([
  ['UTF-8', Buffer.from('plain text')],
  ['binary', Buffer.from([0, 0, 0, 1, 0, 0, 2, 0, 9, 9, 9, 9])],
  ['an empty file', Buffer.alloc(0)],
])('does not take %s', (_, bytes) => {
  expect(decoder.accepts(artifactOf(bytes))).toBe(false);
});
