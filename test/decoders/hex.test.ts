import { expect, it } from 'vitest';
import decoder from '../../src/decoders/hex.ts';
import { artifactOf, decodeAll, decoderContract, textsOf } from '../contract/decoder-contract.ts';

decoderContract(decoder, (text) => Buffer.from(`key: ${Buffer.from(text).toString('hex')}\n`));

it.each([
  ['a SHA-256', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['an odd number of digits', `${Buffer.from('a text that is encoded').toString('hex')}7`],
])('leaves %s alone', async (_, text) => {
  expect(textsOf(await decodeAll(decoder, artifactOf(text)))).toEqual([]);
});
