import { expect, it } from 'vitest';
import decoder from '../../src/decoders/bzip2.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { bzip2Of } from '../make-packed.ts';

decoderContract(decoder, bzip2Of);

/** What `bzip2` made of forty lines. */
const REAL = Buffer.from(
  [
    'QlpoOTFBWSZTWWERF78AAihZgAAQQAR/4C9tzEAwAWmsYGpkzElT1ABkMNPU0gkyaAAAqUJNBiDIG1FVcl866S8q6S3iSTtKcxJZ',
    'hJJPXsBERGoAhAkCQiEAIACBIEggIgICF0SUJ51vlztOrtVVPCdm252nGlVpatKptv4kjuIuEbCNc+vTLC2FtK9dKZsaY14UpXja',
    'nIVxLFpUbucYzeXNXFRRQyFoJbvBe9smcyXMQo1oS4OViVVT27q6gY9nMbfDITWUoyzxcSBvmXVqGjTRFxkXF7NzWsdWWXuWubMW',
    '6ubeLePYRkMcLrQGh/ADQ+wBoeoI2EbiPojURcRQRcRuI3EYCLiMxFRGIiojER+EZCLCSZCP4u5IpwoSDCIi9+A=',
  ].join(''),
  'base64',
);
const LINES = Array.from(
  { length: 40 },
  (_, at) => `line ${at} of a text that tools packed, ${(at * 7919) % 10007}\n`,
).join('');

it('reads what the tool itself writes', async () => {
  expect(textsOf(await decodeAll(decoder, artifactOf(REAL)))).toEqual([LINES]);
});

it('gives what a file that is cut off still holds, and says that it is cut off', async () => {
  const decoded = await decodeAll(decoder, artifactOf(REAL.subarray(0, REAL.length - 20)));
  expect(gapsOf(decoded)).toEqual(['corrupt']);
  expect(LINES.startsWith(textsOf(decoded)[0] ?? '')).toBe(true);
});

it('stops at the budget, gives what fits, and says so', async () => {
  const decoded = await decodeAll(decoder, artifactOf(bzip2Of('x'.repeat(1000))), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded)[0]?.length).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('gives bytes behind the end, too, since something else can be packed there', async () => {
  const bytes = Buffer.concat([bzip2Of('the first text'), Buffer.alloc(512), Buffer.from('TOKEN behind the padding')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['the first text', 'TOKEN behind the padding']);
});

it('reads files that follow each other', async () => {
  const bytes = Buffer.concat([bzip2Of('first '), bzip2Of('second')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['first second']);
});
