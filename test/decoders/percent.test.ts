import { expect, it } from 'vitest';
import decoder from '../../src/decoders/percent.ts';
import { artifactOf, decodeAll, decoderContract, textsOf } from '../contract/decoder-contract.ts';

const encode = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');

decoderContract(decoder, (text) => Buffer.from(`url=${encode(text)}\n`));

it('decodes a URL in place', async () => {
  const texts = textsOf(
    await decodeAll(decoder, artifactOf('curl https://host/?redirect=https%3A%2F%2Fuser%3Apass%40db')),
  );
  expect(texts).toEqual(['https://host/?redirect=https://user:pass@db']);
});

it('leaves text without escapes alone', async () => {
  expect(await decodeAll(decoder, artifactOf('100% of https://host/path/without/escapes'))).toEqual([]);
});
