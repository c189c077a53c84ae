import { expect, it } from 'vitest';
import decoder from '../../src/decoders/zip.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';
import { zipOf } from '../make-archives.ts';
import { bzip2Of, lzmaOf, xzOf, zstdOf } from '../make-packed.ts';

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
  const archive = zipOf([{ name: 'bomb', content: Buffer.alloc(8_000_000) }]);
  const decoded = await decodeAll(decoder, artifactOf(archive), budgetOf({ bytes: 1e9, ratio: 100 }));
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('does not believe a size', async () => {
  const archive = zipOf([{ name: 'liar', content: Buffer.alloc(8_000_000), claims: 100 }]);
  const decoded = await decodeAll(decoder, artifactOf(archive));
  expect(textsOf(decoded).join('').length).toBeLessThan(1_000_000);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

it('stops at the entry limit', async () => {
  const entries = ['a', 'b', 'c'].map((name) => ({ name, content: Buffer.from(name) }));
  const decoded = await decodeAll(decoder, artifactOf(zipOf(entries)), budgetOf({ entries: 2 }));
  expect(textsOf(decoded)).toEqual(['a', 'b']);
  expect(gapsOf(decoded)).toEqual(['limit']);
});

const content = Buffer.from('a TOKEN that somebody hides');

it.each([
  ['an unpacked size of 0 in the directory', zipOf([{ name: 'a', content, claims: 0 }])],
  ['the name of a folder', zipOf([{ name: 'a/', content }])],
  [
    'no entry in the directory',
    zipOf([
      { name: 'other', content: Buffer.from('') },
      { name: 'a', content, listed: false },
    ]),
  ],
  ['bytes before the archive', Buffer.concat([Buffer.from('PK\x07\x08'), zipOf([{ name: 'a', content }])])],
  ['bytes behind the archive', Buffer.concat([zipOf([{ name: 'a', content }]), Buffer.alloc(700, 'x')])],
  [
    'a program before the archive',
    Buffer.concat([Buffer.from('MZ'), Buffer.alloc(700), zipOf([{ name: 'a', content }], 'setup')]),
  ],
  ['no method', zipOf([{ name: 'a', content, method: 0 }])],
  ['bzip2', zipOf([{ name: 'a', content, method: 12, data: bzip2Of(content) }])],
  ['LZMA', zipOf([{ name: 'a', content, method: 14, data: zippedLzma(content) }])],
  ['Zstandard', zipOf([{ name: 'a', content, method: 93, data: zstdOf(content) }])],
  ['xz', zipOf([{ name: 'a', content, method: 95, data: xzOf(content) }])],
])('reads an entry with %s', async (_, archive) => {
  expect(decoder.accepts(artifactOf(archive))).toBe(true);
  expect(textsOf(await decodeAll(decoder, artifactOf(archive))).join()).toContain('a TOKEN that somebody hides');
});

/** An entry of a zip file has its properties behind a version and their length, and no size: a marker ends it. */
function zippedLzma(bytes: Buffer): Buffer {
  const packed = lzmaOf(bytes);
  return Buffer.concat([Buffer.from([9, 20, 5, 0]), packed.subarray(0, 5), packed.subarray(13)]);
}

it('reads what is there of an archive without directory, and says so', async () => {
  const archive = zipOf([{ name: 'a', content }]);
  const decoded = await decodeAll(decoder, artifactOf(archive.subarray(0, archive.length - 30)));
  expect(textsOf(decoded)).toEqual([content.toString()]);
  expect(gapsOf(decoded)).toEqual(['corrupt']);
});

it('says that entries stand in other files of a spanned archive', async () => {
  const archive = zipOf([{ name: 'a', content }], '', 1);
  expect(gapsOf(await decodeAll(decoder, artifactOf(archive)))).toEqual(['unsupported']);
});

it('does not look for entries inside of an entry that is listed', async () => {
  const inner = zipOf([{ name: 'inner', content }]);
  const archive = zipOf([{ name: 'a.zip', content: inner, method: 0 }]);
  expect(await decodeAll(decoder, artifactOf(archive))).toHaveLength(1);
});

it('names a method that it does not know', async () => {
  const archive = zipOf([{ name: 'a', content, method: 98 }]);
  expect(gapsOf(await decodeAll(decoder, artifactOf(archive)))).toEqual(['unsupported']);
});

it('leaves texts and programs alone', () => {
  expect(decoder.accepts(artifactOf('PK is how a zip file begins'))).toBe(false);
  expect(decoder.accepts(artifactOf(Buffer.concat([Buffer.from('MZ'), Buffer.alloc(3000)])))).toBe(false);
});

it('does not read the same bytes again and again', async () => {
  const big = zipOf([{ name: 'a', content: Buffer.alloc(900, 'a b'), method: 0 }]);
  const twice = Buffer.from(big.subarray(big.length - 22));
  twice.writeUInt16LE(9, 10);
  const row = big.subarray(big.indexOf('PK\x01\x02'), big.length - 22);
  twice.writeUInt32LE(row.length * 9, 12);
  const shared = Buffer.concat([big.subarray(0, big.length - 22 - row.length), ...Array(9).fill(row), twice]);
  expect(gapsOf(await decodeAll(decoder, artifactOf(shared)))).toEqual(['limit']);
});
