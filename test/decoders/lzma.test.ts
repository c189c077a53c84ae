import { expect, it } from 'vitest';
import decoder from '../../src/decoders/lzma.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { lzmaOf } from '../make-packed.ts';

decoderContract(decoder, lzmaOf);

/** What `xz --format=lzma` made of forty lines. */
const REAL = Buffer.from(
  [
    'XQAAgAD//////////wA2GkofCKAmA00Gne/tjKE/yDjPbYUv7NJMc5HCqZGV+D0EANUmjTiEFAbduD07RwLa1StMdYR/BLPz/OjR',
    'eBlBNg/xMBiBPKwrfaLFUG8bXHigxlYbawjunDWqd7a4SAEAZbJH93pQN5RGYwo0JVdhEbNtVym06Xg1VMoHnvd0cPI7w5gjb2QE',
    'aKKTNrA5DUPCbnp6IAP0YDB6fWpp49LONtQDlmeXtZ1hOsgYTyEu4ELqTNCOQhKW7rVj3rykVLzBsKZ9tiiPTl2DDxt3Kf1SqLnq',
    'nf4DDYdwyCE9rY+L+qy9cGWLrl4lZyGND5a6VIKBxObr/oGQ3fDygjcBG8TicnrpM9rY/7VCLwA=',
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
  const decoded = await decodeAll(decoder, artifactOf(lzmaOf('x'.repeat(1000))), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded)[0]?.length).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('gives bytes behind the end, too, since something else can be packed there', async () => {
  const bytes = Buffer.concat([lzmaOf('the first text'), Buffer.alloc(512), Buffer.from('TOKEN behind the padding')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['the first text', 'TOKEN behind the padding']);
});
