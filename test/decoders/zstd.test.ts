import { expect, it } from 'vitest';
import decoder from '../../src/decoders/zstd.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { zstdOf } from '../make-packed.ts';

decoderContract(decoder, zstdOf);

/** What `zstd -19` made of forty lines. */
const REAL = Buffer.from(
  [
    'KLUv/QRoDQcARtAoF5ArHWCgWzqwv+xu7FImKWVKO0//PjgBLAAdAB4ArzkdERXHc5s26vFOQEEChEJiIGggDgWDkSCJ4JAgyaOQ',
    'IALEwEAKUlggFAGsac7SqqKVG/Hsw99qUt2UpnKSw2NbXqFtdqaXTbUTrVXld+hU7dipxXdTstS9K9PeWCy9Vlrk48zUAgC67Fze',
    'XIr1NrMp16/IU+XGNKRt1zVroq/Mi39zF06oEZBgxPd/A9CX1hEkhOH/7xtwgL/+X9+v+5f/03+TXJf0133r99qqq8nkm7NYns/z',
    'eG4zzunlBMgqnJ+DRQ==',
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
  const decoded = await decodeAll(decoder, artifactOf(zstdOf('x'.repeat(1000))), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded)[0]?.length).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('gives bytes behind the end, too, since something else can be packed there', async () => {
  const bytes = Buffer.concat([zstdOf('the first text'), Buffer.alloc(512), Buffer.from('TOKEN behind the padding')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['the first text', 'TOKEN behind the padding']);
});

it('reads files that follow each other', async () => {
  const bytes = Buffer.concat([zstdOf('first '), zstdOf('second')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['first second']);
});
