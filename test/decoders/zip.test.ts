import { crc32, deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import decoder from '../../src/decoders/zip.ts';
import { artifactOf, budgetOf, decodeAll, decoderContract, gapsOf, textsOf } from '../contract/decoder-contract.ts';

interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly encrypted?: boolean;
  /** Size that the directory claims. */
  readonly claims?: number;
}

/** A minimal zip writer (APPNOTE 4.3): local headers, directory, end record. */
function zipOf(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, encrypted, claims } of entries) {
    const data = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(encrypted ? 1 : 0, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content) >>> 0, 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(claims ?? content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end]);
}

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
