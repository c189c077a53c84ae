import { pack } from 'tar-stream';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/tar.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

decoderContract(decoder, (text) => tarOf({ 'app/.env': text }));

it('gives every file with its name, also a hostile one', async () => {
  const decoded = await decodeAll(decoder, artifactOf(await tarOf({ 'a.txt': 'one', '../../etc/x': 'two' })));
  expect(textsOf(decoded)).toEqual(['one', 'two']);
});

it('stops at the entry limit and says so', async () => {
  const archive = await tarOf({ a: '1', b: '2', c: '3' });
  const decoded = await decodeAll(decoder, artifactOf(archive), budgetOf({ entries: 2 }));
  expect(textsOf(decoded)).toEqual(['1', '2']);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('says that a truncated archive is truncated', async () => {
  const archive = await tarOf({ a: 'x'.repeat(5000) });
  expect(gapsOf(await decodeAll(decoder, artifactOf(archive.subarray(0, 2000))))).toEqual(['corrupt']);
});
