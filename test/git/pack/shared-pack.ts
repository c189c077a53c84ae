import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { TestRepository } from '../../collectors/shared-git.ts';

/** A pack entry: header, base id of a REF_DELTA, deflated data. */
export function packEntry(type: number, data: Buffer, base?: Buffer, claimed = data.length): Buffer {
  const header = [(type << 4) | (claimed % 16)];
  for (let rest = Math.floor(claimed / 16); rest > 0; rest = Math.floor(rest / 128)) {
    header.push(rest % 128);
  }
  const flagged = header.map((byte, i) => (i < header.length - 1 ? byte | 128 : byte));
  return Buffer.concat([Buffer.from(flagged), base ?? Buffer.alloc(0), deflateSync(data)]);
}

/** Writes a pack and its index as the only ones of a repository. Ids need not be right: git checks them only on demand. */
export function writePack(repository: TestRepository, entries: readonly Buffer[], ids: readonly Buffer[]): void {
  const head = Buffer.alloc(12);
  head.write('PACK');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(entries.length, 8);
  const body = Buffer.concat([head, ...entries]);
  const checksum = createHash('sha1').update(body).digest();
  let at = 12;
  const rows = entries.map((bytes, i) => {
    at += bytes.length;
    return { id: ids[i] as Buffer, offset: at - bytes.length };
  });
  rows.sort((a, b) => a.id.compare(b.id));
  const index = Buffer.alloc(8 + 1024 + rows.length * 28);
  index.writeUInt32BE(0xff744f63, 0);
  index.writeUInt32BE(2, 4);
  for (let i = 0; i < 256; i += 1)
    index.writeUInt32BE(rows.filter(({ id }) => (id[0] as number) <= i).length, 8 + i * 4);
  for (const [i, { id, offset }] of rows.entries()) {
    id.copy(index, 1032 + i * 20);
    index.writeUInt32BE(offset, 1032 + rows.length * 24 + i * 4);
  }
  const sealed = Buffer.concat([index, checksum]);
  const folder = join(repository.folder, '.git/objects/pack');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pack-test.pack'), Buffer.concat([body, checksum]));
  writeFileSync(join(folder, 'pack-test.idx'), Buffer.concat([sealed, createHash('sha1').update(sealed).digest()]));
}

/** The distance back to the base of an OFS_DELTA, in the offset encoding of packs. */
export function offsetBase(distance: number): Buffer {
  const bytes = [distance % 128];
  for (let rest = Math.floor(distance / 128); rest > 0; rest = Math.floor(rest / 128)) {
    rest -= 1;
    bytes.unshift(128 + (rest % 128));
  }
  return Buffer.from(bytes);
}
