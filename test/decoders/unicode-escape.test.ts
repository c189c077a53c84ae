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
