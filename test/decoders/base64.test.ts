import { expect, it } from 'vitest';
import decoder from '../../src/decoders/base64.ts';
import { artifactOf, decodeAll, decoderContract, textsOf } from '../contract/decoder-contract.ts';

const encode = (text: string) => Buffer.from(`key: ${Buffer.from(text).toString('base64')}\n`);

decoderContract(decoder, encode);

it('reads base64url and unpadded text', async () => {
  const text = 'subject?>>?>>? with signs';
  const url = Buffer.from(text).toString('base64url');
  expect(textsOf(await decodeAll(decoder, artifactOf(`x=${url}`)))).toEqual([text]);
});

it('spans the encoded text with its padding', async () => {
  const encoded = Buffer.from('postgres://user:pass').toString('base64');
  const [one] = await decodeAll(decoder, artifactOf(`a: ${encoded} b`));
  expect(one).toMatchObject({ artifact: { derivation: { span: { start: 3, end: 3 + encoded.length } } } });
});

it.each([
  ['a hash', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ['a long word', 'internationalizationandlocalization'],
  ['binary', Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 73) % 256)).toString('base64')],
])('leaves %s alone', async (_, text) => {
  expect(textsOf(await decodeAll(decoder, artifactOf(text)))).toEqual([]);
});

it('decodes only what is new where ranges say so', async () => {
  const [a, b] = ['first text that is encoded', 'second text that is encoded'];
  const one = Buffer.from(a).toString('base64');
  const two = Buffer.from(b).toString('base64');
  const artifact = { ...artifactOf(`${one}\n${two}`), ranges: [{ start: one.length + 2, end: one.length + 5 }] };
  expect(textsOf(await decodeAll(decoder, artifact))).toEqual([b]);
});
