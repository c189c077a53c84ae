import { expect, it } from 'vitest';
import decoder from '../../src/decoders/tar.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { type TarEntry, tarOf } from '../make-archives.ts';

const filesOf = (files: Readonly<Record<string, string>>): Buffer =>
  tarOf(Object.entries(files).map(([name, content]) => ({ name, content })));
const namesOf = async (bytes: Uint8Array): Promise<(string | undefined)[]> =>
  (await decodeAll(decoder, artifactOf(bytes))).flatMap((one) =>
    one.kind === 'artifact' ? [one.artifact.derivation?.entry] : [],
  );

decoderContract(decoder, (text) => filesOf({ 'app/.env': text }));

it('gives every file with its name, also a hostile one', async () => {
  const decoded = await decodeAll(decoder, artifactOf(filesOf({ 'a.txt': 'one', '../../etc/x': 'two' })));
  expect(textsOf(decoded)).toEqual(['one', 'two']);
});

it('stops at the entry limit and says so', async () => {
  const archive = filesOf({ a: '1', b: '2', c: '3' });
  const decoded = await decodeAll(decoder, artifactOf(archive), budgetOf({ entries: 2 }));
  expect(textsOf(decoded)).toEqual(['1', '2']);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('says that a truncated archive is truncated', async () => {
  const archive = filesOf({ a: 'x'.repeat(5000) });
  expect(gapsOf(await decodeAll(decoder, artifactOf(archive.subarray(0, 2000))))).toEqual(['corrupt']);
});

it.each<[string, TarEntry]>([
  ['a contiguous file', { name: 'a', type: '7', content: 'TOKEN' }],
  ['an unknown type', { name: 'a', type: 'Q', content: 'TOKEN' }],
  ['a continued file of GNU', { name: 'a', type: 'M', content: 'TOKEN' }],
  ['a NUL as type', { name: 'a', type: '\0', content: 'TOKEN' }],
  ['a folder with data', { name: 'a/', type: '5', content: 'TOKEN' }],
  ['a hard link with data', { name: 'a', type: '1', content: 'TOKEN' }],
  ['an archive of V7', { name: 'a', magic: '', content: 'TOKEN' }],
  ['a size of 256 as base', { name: 'a', content: 'TOKEN', fields: { 124: '\x80\0\0\0\0\0\0\0\0\0\0\x05' } }],
  [
    'a sparse file of GNU',
    { name: 'a', type: 'S', content: 'TOKEN', fields: { 386: '00000000000', 398: '00000000005' } },
  ],
])('reads %s', async (_, entry) => {
  const bytes = tarOf([entry, { name: 'next', content: 'next' }]);
  expect(decoder.accepts(artifactOf(bytes))).toBe(true);
  const decoded = await decodeAll(decoder, artifactOf(bytes));
  expect(textsOf(decoded)).toEqual(['TOKEN', 'next']);
  expect(gapsOf(decoded)).toEqual([]);
});

it('reads headers whose checksum ends in a space, as star writes them', async () => {
  const bytes = filesOf({ a: 'one', b: 'two' });
  for (const at of [0, 1024]) bytes.write(`0${bytes.toString('latin1', at + 148, at + 154)} `, at + 148, 'latin1');
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['one', 'two']);
  expect(gapsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual([]);
});

it('skips the blocks with the rest of the map of a sparse file', async () => {
  const map = Buffer.alloc(1024);
  map[504] = 1;
  const sparse: TarEntry = { name: 'a', type: 'S', content: 'TOKEN', blocks: map, fields: { 482: '\x01' } };
  expect(textsOf(await decodeAll(decoder, artifactOf(tarOf([sparse, { name: 'b', content: 'next' }]))))).toEqual([
    'TOKEN',
    'next',
  ]);
});

it('takes a size that a folder states, and that nothing stands for, as nothing', async () => {
  const bytes = tarOf([
    { name: 'folder/', type: '5', claims: 4096 },
    { name: 'a', content: 'text' },
  ]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual(['text']);
});

it('takes names from headers of pax and GNU, and gives the records of pax as text', async () => {
  const record = '17 path=long/name\n24 comment=password=abcde\n';
  const bytes = tarOf([
    { name: 'PaxHeaders/a', type: 'x', content: record },
    { name: 'a', content: 'one' },
    { name: '././@LongLink', type: 'L', content: 'another/long/name\0' },
    { name: 'b', content: 'two' },
    { name: 'c', content: 'three', fields: { 345: 'folder' } },
  ]);
  expect(textsOf(await decodeAll(decoder, artifactOf(bytes)))).toEqual([record, 'one', 'two', 'three']);
  expect(await namesOf(bytes)).toEqual(['PaxHeaders/a', 'long/name', 'another/long/name', 'folder/c']);
});

it('goes on behind a damaged header and behind the end of an archive', async () => {
  const bytes = Buffer.concat([filesOf({ a: 'one', b: 'two' }), filesOf({ c: 'three' })]);
  bytes[1024] = 0x7a;
  const decoded = await decodeAll(decoder, artifactOf(bytes));
  expect(textsOf(decoded)).toEqual(['one', 'three']);
  expect(gapsOf(decoded)).toEqual(['corrupt']);
});

it('goes on behind an entry that is too large', async () => {
  const archive = filesOf({ a: 'x'.repeat(2000), b: 'small' });
  const decoded = await decodeAll(decoder, artifactOf(archive), budgetOf({ bytes: 1000 }));
  expect(textsOf(decoded)).toEqual(['small']);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('leaves texts alone', () => {
  expect(decoder.accepts(artifactOf(`${'0'.repeat(600)}\n`))).toBe(false);
});
