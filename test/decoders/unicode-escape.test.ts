import fc from 'fast-check';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/unicode-escape.ts';
import { artifactOf, decodeAll, decoderContract, textsOf } from '../contract/decoder-contract.ts';

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const unicode = (text: string) => [...Buffer.from(text)].map((byte) => `\\u00${hex(byte)}`).join('');
const short = (text: string) => [...Buffer.from(text)].map((byte) => `\\x${hex(byte)}`).join('');

decoderContract(decoder, (text) => Buffer.from(`"${unicode(text)}"`));

it('reads both forms of escapes', async () => {
  expect(textsOf(await decodeAll(decoder, artifactOf(`"${short('hidden password')}"`)))).toEqual(['hidden password']);
});

it('leaves single escapes alone', async () => {
  expect(await decodeAll(decoder, artifactOf('"caf\\u00e9 and cr\\u00e8me"'))).toEqual([]);
});

/** What the decoder looks for, as an expression: slow, and easy to believe. */
const RUN = /(?:\\u00[0-9a-fA-F]{2}|\\x[0-9a-fA-F]{2}){12,}/g;

it('finds the runs that an expression finds', async () => {
  const escapes = fc.array(fc.constantFrom('\\x41', '\\u0042', '\\x6f'), { minLength: 8, maxLength: 40 });
  const between = fc.string({ unit: fc.constantFrom('\\', 'u', 'x', '4', 'g', ' '), maxLength: 60 });
  const pieces = fc.array(
    fc.oneof(
      between,
      escapes.map((list) => list.join('')),
    ),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(pieces, async (parts) => {
      const text = parts.join('');
      const decoded = textsOf(await decodeAll(decoder, artifactOf(text)));
      const expected = [...text.matchAll(RUN)].map(([run]) => run.replace(/\\u00|\\x/g, ''));
      expect(decoded).toEqual(expected.map((digits) => Buffer.from(digits, 'hex').toString('latin1')));
    }),
    { numRuns: 1_000, seed: 7 },
  );
});
