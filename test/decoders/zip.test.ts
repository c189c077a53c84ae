import { expect, it } from 'vitest';
import decoder from '../../src/decoders/zip.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { zipOf } from '../make-archives.ts';

decoderContract(decoder, (text) => zipOf([{ name: 'app/.env', content: Buffer.from(text) }]));

it('gives entries with their names, also a hostile one', async () => {
  const names = ['a.txt', '../../etc/passwd'];
  const decoded = await decodeAll(
    decoder,
    artifactOf(zipOf(names.map((name) => ({ name, content: Buffer.from(name) })))),
  );
  expect(textsOf(decoded)).toEqual(names);
});

it('does not open an encrypted entry, and says so', async () => {
  const archive = zipOf([{ name: 'a', content: Buffer.from('text'), encrypted: true }]);
  expect(gapsOf(await decodeAll(decoder, artifactOf(archive)))).toEqual(['unsupported']);
});

it('stops a bomb by the ratio', async () => {
  const archive = zipOf([{ name: 'bomb', content: Buffer.alloc(40_000_000) }]);
  const decoded = await decodeAll(decoder, artifactOf(archive), budgetOf({ bytes: 1e9, ratio: 100 }));
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('stops a bomb that lies about its size', async () => {
  const archive = zipOf([{ name: 'liar', content: Buffer.alloc(40_000_000), claims: 100 }]);
  const decoded = await decodeAll(decoder, artifactOf(archive));
  expect(textsOf(decoded).join('').length).toBeLessThan(1_000_000);
  expect(gapsOf(decoded)).toEqual(['corrupt']);
});

it('stops at the entry limit', async () => {
  const entries = ['a', 'b', 'c'].map((name) => ({ name, content: Buffer.from(name) }));
  const decoded = await decodeAll(decoder, artifactOf(zipOf(entries)), budgetOf({ entries: 2 }));
  expect(textsOf(decoded)).toEqual(['a', 'b']);
  expect(gapsOf(decoded)).toEqual(['limit']);
});
