import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import git from '../../../src/collectors/git/index.ts';
import { gather, TestRepository } from '../../collectors/shared-git.ts';
import { offsetBase, packEntry } from './shared-pack.ts';

const GIB = 2 ** 30;

interface Placed {
  readonly id: Buffer;
  readonly offset: number;
  readonly bytes: Buffer;
}

function blobId(content: Buffer): Buffer {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest();
}

function packHeader(count: number): Buffer {
  const header = Buffer.alloc(12);
  header.write('PACK');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(count, 8);
  return header;
}

/** An index of version 2: offsets from 2 GiB on stand in its table of 64-bit numbers. */
function packIndex(objects: readonly Placed[], checksum: Buffer): Buffer {
  const rows = [...objects].sort((a, b) => a.id.compare(b.id));
  const large = rows.filter(({ offset }) => offset >= 2 * GIB);
  const index = Buffer.alloc(8 + 1024 + rows.length * 28 + large.length * 8);
  index.writeUInt32BE(0xff744f63, 0);
  index.writeUInt32BE(2, 4);
  for (let i = 0; i < 256; i += 1) {
    index.writeUInt32BE(rows.filter(({ id }) => (id[0] as number) <= i).length, 8 + i * 4);
  }
  for (const [i, row] of rows.entries()) {
    row.id.copy(index, 1032 + i * 20);
    const at = large.indexOf(row);
    index.writeUInt32BE(at < 0 ? row.offset : 0x80000000 + at, 1032 + rows.length * 24 + i * 4);
  }
  for (const [i, { offset }] of large.entries()) {
    index.writeBigUInt64BE(BigInt(offset), 1032 + rows.length * 28 + i * 8);
  }
  const body = Buffer.concat([index, checksum]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** Writes a pack that is mostly holes: it takes no room on the disk, whatever its size. */
function writeSparsePack(repository: TestRepository, objects: readonly Placed[], size: number): string {
  const folder = join(repository.folder, '.git/objects/pack');
  mkdirSync(folder, { recursive: true });
  const checksum = createHash('sha1').update('stands for the checksum, which nobody can afford to compute').digest();
  const file = openSync(join(folder, 'pack-large.pack'), 'w');
  writeSync(file, packHeader(objects.length), 0, 12, 0);
  for (const { offset, bytes } of objects) writeSync(file, bytes, 0, bytes.length, offset);
  writeSync(file, checksum, 0, 20, size - 20);
  closeSync(file);
  writeFileSync(join(folder, 'pack-large.idx'), packIndex(objects, checksum));
  return join(folder, 'pack-large.pack');
}

describe('a pack of more than 4 GiB', () => {
  it('is read wherever its objects lie, with the bytes that git reads', async () => {
    const repository = new TestRepository();
    repository.commit('first', { 'a.txt': 'loose\n' });
    const contents = ['before 2 GiB\n', 'after 2 GiB\n', 'after 4 GiB\n'].map((text) => Buffer.from(text));
    const [low, middle, high] = contents as [Buffer, Buffer, Buffer];
    const [far, near] = [Buffer.from('before 2 GiB\nfar\n'), Buffer.from('after 4 GiB\nnear\n')];
    const copyAll = (base: Buffer, more: string) =>
      Buffer.from([base.length, base.length + more.length, 0x90, base.length, more.length, ...Buffer.from(more)]);
    const at = { low: 12, middle: 2 * GIB + 7, high: 4 * GIB + 5, far: 5 * GIB + 3, near: 5 * GIB + 2000 };
    const objects: Placed[] = [
      { id: blobId(low), offset: at.low, bytes: packEntry(3, low) },
      { id: blobId(middle), offset: at.middle, bytes: packEntry(3, middle) },
      { id: blobId(high), offset: at.high, bytes: packEntry(3, high) },
      { id: blobId(far), offset: at.far, bytes: packEntry(6, copyAll(low, 'far\n'), offsetBase(at.far - at.low)) },
      { id: blobId(near), offset: at.near, bytes: packEntry(7, copyAll(high, 'near\n'), blobId(high)) },
    ];
    const pack = writeSparsePack(repository, objects, 6 * GIB);
    expect(statSync(pack).blocks * 512).toBeLessThan(1_000_000);
    const own = await gather(git, { cwd: repository.folder, value: '.', options: { 'full-blobs': true } });
    expect(own.facts).toMatchObject({ reader: 'pack' });
    const texts = own.seen.filter(({ part, blob }) => part === undefined && blob !== undefined).map(({ text }) => text);
    expect(texts.sort()).toEqual([...contents, far, near, Buffer.from('loose\n')].map(String).sort());
    const oracle = await gather(git, { cwd: repository.folder, value: '.', options: { reader: 'cat-file' } });
    expect(own.files).toEqual(oracle.files);
    expect(own.gaps).toEqual([]);
  });

  it('reads no more of a gap between objects than the object in front of it can take', async () => {
    const repository = new TestRepository();
    const text = Buffer.from('in front of 3 GiB of nothing\n');
    const broken = Buffer.concat([Buffer.from([0x30 | 5]), deflateSync(Buffer.from('hello')).subarray(0, -6)]);
    writeSparsePack(
      repository,
      [
        { id: blobId(text), offset: 12, bytes: packEntry(3, text) },
        { id: blobId(Buffer.from('hello')), offset: 3 * GIB, bytes: broken },
      ],
      6 * GIB,
    );
    const before = process.resourceUsage().maxRSS;
    const result = await gather(git, { cwd: repository.folder, value: '.' });
    expect(result.seen.map((one) => one.text)).toContain(text.toString());
    expect(result.gaps.map(({ reason }) => reason)).toContain('corrupt');
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(200_000);
  });
});
