import { expect, it } from 'vitest';
import decoder from '../../src/decoders/lzip.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { lzipOf } from '../make-packed.ts';

decoderContract(decoder, lzipOf);

it('stops at the budget, gives what fits, and says so', async () => {
  const decoded = await decodeAll(decoder, artifactOf(lzipOf('x'.repeat(1000))), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded)[0]?.length).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('gives bytes behind the end, too, since something else can be packed there', async () => {
  const bytes = Buffer.concat([lzipOf('the first text'), Buffer.alloc(512), Buffer.from('TOKEN behind the padding')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['the first text', 'TOKEN behind the padding']);
});

it('reads files that follow each other', async () => {
  const bytes = Buffer.concat([lzipOf('first '), lzipOf('second')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['first second']);
});
