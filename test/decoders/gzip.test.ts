import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/gzip.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';

decoderContract(decoder, (text) => gzipSync(text));

it('stops a bomb at the ratio, before the memory is used', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000));
  const decoded = await decodeAll(decoder, artifactOf(bomb), budgetOf({ bytes: 1e9, ratio: 100 }));
  expect(textsOf(decoded).join('').length).toBeLessThan(2_500_000);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('scans what a truncated file still holds, and says that it is truncated', async () => {
  const lines = Array.from({ length: 4000 }, (_, at) => `line ${at} ${(at * 7919) % 10007}`).join('\n');
  const whole = gzipSync(lines);
  const decoded = await decodeAll(decoder, artifactOf(whole.subarray(0, whole.length / 2)));
  expect(gapsOf(decoded)).toEqual(['corrupt']);
  expect(textsOf(decoded)[0]).toContain('line 10 ');
});

it('names the content after the file', async () => {
  const [one] = await decodeAll(decoder, artifactOf(gzipSync('some content'), 'backup/app.tgz'));
  expect(one).toMatchObject({ artifact: { derivation: { entry: 'app.tar' } } });
});

it.each([
  ['that follow each other', 0],
  ['behind zeros', 700],
])('reads members %s', async (_, zeros) => {
  const bytes = Buffer.concat([gzipSync('first '), Buffer.alloc(zeros), gzipSync('second')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['first second']);
});

it('gives bytes behind the end', async () => {
  const bytes = Buffer.concat([gzipSync('first'), Buffer.alloc(9), Buffer.from('behind it')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['first', 'behind it']);
});
