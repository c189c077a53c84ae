import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/png.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { itxtOf, pngChunkOf, pngOf, ztxtOf } from '../make-documents.ts';

decoderContract(decoder, (text) => pngOf(pngChunkOf('zTXt', ztxtOf(text))));

it('reads packed texts of both kinds, in order, and names them', async () => {
  const bytes = pngOf(pngChunkOf('zTXt', ztxtOf('one')), pngChunkOf('iTXt', itxtOf('two')));
  const decoded = await decodeAll(decoder, artifactOf(bytes));
  expect(textsOf(decoded)).toEqual(['one', 'two']);
  const entries = decoded.flatMap((item) => (item.kind === 'artifact' ? [item.artifact.derivation?.entry] : []));
  expect(entries).toEqual(['zTXt Comment', 'iTXt Comment']);
});

it('reads a text behind a keyword that is longer than any may be', async () => {
  const long = Buffer.concat([Buffer.from('k'.repeat(100)), ztxtOf('hidden').subarray('Comment'.length)]);
  expect(textsOf(await decodeAll(decoder, artifactOf(pngOf(pngChunkOf('zTXt', long)))))).toEqual(['hidden']);
});

it.each([
  ['no text', pngOf()],
  ['texts that are not packed', pngOf(pngChunkOf('tEXt', 'Comment\0a'), pngChunkOf('iTXt', 'Comment\0\0\0\0\0a'))],
  ['a chunk without keyword', pngOf(pngChunkOf('zTXt', 'x'.repeat(90)))],
])('leaves a picture alone that holds %s', (_, bytes) => {
  expect(decoder.accepts(artifactOf(bytes))).toBe(false);
});

it('returns what a text that is cut off still holds, and says so', async () => {
  const text = Array.from({ length: 4000 }, (_, at) => `line ${(at * 7919) % 10007}`).join('\n');
  const whole = pngOf(pngChunkOf('zTXt', ztxtOf(text)));
  const decoded = await decodeAll(decoder, artifactOf(whole.subarray(0, whole.length / 2)));
  expect(gapsOf(decoded)).toEqual(['corrupt']);
  expect(textsOf(decoded)[0]).toContain('line 7919');
});

it('stops at the budget of each text, reads the next, and says so', async () => {
  const bomb = Buffer.concat([Buffer.from('Bomb\0\0'), deflateSync(Buffer.alloc(1_000_000))]);
  const bytes = pngOf(pngChunkOf('zTXt', bomb), pngChunkOf('zTXt', ztxtOf('behind it')));
  const decoded = await decodeAll(decoder, artifactOf(bytes), budgetOf({ ratio: 2 }));
  expect(gapsOf(decoded)).toEqual(['limit']);
  expect(textsOf(decoded).at(-1)).toBe('behind it');
});
