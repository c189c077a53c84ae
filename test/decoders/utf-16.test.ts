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

it.each([
  ['UTF-8', Buffer.from('plain text')],
  ['binary', Buffer.from([0, 0, 0, 1, 0, 0, 2, 0, 9, 9, 9, 9])],
  ['an empty file', Buffer.alloc(0)],
])('does not take %s', (_, bytes) => {
  expect(decoder.accepts(artifactOf(bytes))).toBe(false);
});
