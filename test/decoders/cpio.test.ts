import { expect, it } from 'vitest';
import decoder from '../../src/decoders/cpio.ts';
import { artifactOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { cpioBinaryOf, cpioNewOf, cpioOdcOf } from '../make-documents.ts';

decoderContract(decoder, (text) => Buffer.concat([cpioNewOf('app/.env', text), cpioNewOf('TRAILER!!!', '')]));

it.each([
  ['the new form', cpioNewOf],
  ['the portable form', cpioOdcOf],
  ['the binary form', cpioBinaryOf],
])('reads %s', async (_, make) => {
  const bytes = Buffer.concat([make('one', 'first text'), make('two', 'second'), make('TRAILER!!!', '')]);
  expect(decoder.accepts(artifactOf(bytes))).toBe(true);
  const decoded = await decodeAll(decoder, artifactOf(bytes));
  expect(textsOf(decoded)).toEqual(['first text', 'second']);
  expect(gapsOf(decoded)).toEqual([]);
});

it('says that an archive is cut off', async () => {
  const bytes = cpioNewOf('one', 'x'.repeat(500));
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['corrupt']);
});

it('leaves numbers alone', () => {
  expect(decoder.accepts(artifactOf(`070707 is a number${'.'.repeat(200)}`))).toBe(false);
});
