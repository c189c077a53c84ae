import { expect, it } from 'vitest';
import decoder from '../../src/decoders/xz.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { xzOf } from '../make-packed.ts';

decoderContract(decoder, xzOf);

/** What `xz` made of forty lines. */
const REAL = Buffer.from(
  [
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AZ/AQVdADYaSh8IoCYDTQad7+2MoT/IOM9thS/s0kxzkcKpkZX4PQQA1SaNOIQUBt24',
    'PTtHAtrVK0x1hH8Es/P86NF4GUE2D/EwGIE8rCt9osVQbxtceKDGVhtrCO6cNap3trhIAQBlskf3elA3lEZjCjQlV2ERs21XKbTp',
    'eDVUygee93Rw8jvDmCNvZARoopM2sDkNQ8JuenogA/RgMHp9amnj0s421AOWZ5e1nWE6yBhPIS7gQupM0I5CEpbutWPevKRUvMGw',
    'pn22KI9OXYMPG3cp/VKoueqd/gMNh3DIIT2tj4v6rL1wZYuuXiVnIY0PlrpUgoHE5uv+gZDd8PKCNwEbxOJyeiJOAAAAAABDZ5ys',
    '3fCXxgABoQKADQAAnmBUjrHEZ/sCAAAAAARZWg==',
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
  const decoded = await decodeAll(decoder, artifactOf(xzOf('x'.repeat(1000))), budgetOf({ bytes: 999 }));
  expect(textsOf(decoded)[0]?.length).toBeLessThanOrEqual(999);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('gives bytes behind the end, too, since something else can be packed there', async () => {
  const bytes = Buffer.concat([xzOf('the first text'), Buffer.alloc(512), Buffer.from('TOKEN behind the padding')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['the first text', 'TOKEN behind the padding']);
});

it('reads files that follow each other', async () => {
  const bytes = Buffer.concat([xzOf('first '), xzOf('second')]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['first second']);
});
