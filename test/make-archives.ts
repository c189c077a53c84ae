import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip file, with what a damaged or hostile one says otherwise. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly encrypted?: boolean;
  /** Size that the directory claims. */
  readonly claims?: number;
  /** False: there is no entry in the directory. */
  readonly listed?: boolean;
  readonly extra?: Buffer;
  readonly comment?: string;
}

/** A minimal zip writer (APPNOTE 4.3): local headers, directory, end record. */
export function zipOf(entries: readonly ZipEntry[], archiveComment = ''): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const local = localOf(entry);
    if (entry.listed !== false) directory.push(listingOf(entry, offset));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(archiveComment.length, 16);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end, Buffer.from(archiveComment)]);
}

/** What stands both before an entry's data and in the directory. */
function commonOf({ name, content, encrypted, extra }: ZipEntry, size: number): Buffer {
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(encrypted ? 1 : 0, 2);
  common.writeUInt16LE(8, 4);
  common.writeUInt32LE(crc32(content) >>> 0, 10);
  common.writeUInt32LE(deflateRawSync(content).length, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(Buffer.byteLength(name), 22);
  common.writeUInt16LE(extra?.length ?? 0, 24);
  return common;
}

function localOf(entry: ZipEntry): Buffer {
  const { name, content, extra = Buffer.alloc(0) } = entry;
  const common = commonOf(entry, content.length);
  return Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), extra, deflateRawSync(content)]);
}

function listingOf(entry: ZipEntry, offset: number): Buffer {
  const { name, content, claims, extra = Buffer.alloc(0), comment = '' } = entry;
  const rest = Buffer.alloc(14);
  rest.writeUInt16LE(comment.length, 0);
  rest.writeUInt32LE(offset, 10);
  const start = Buffer.from('PK\x01\x02\x14\x00', 'latin1');
  const common = commonOf(entry, claims ?? content.length);
  return Buffer.concat([start, common, rest, Buffer.from(name), extra, Buffer.from(comment)]);
}
