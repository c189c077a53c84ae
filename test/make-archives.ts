import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip file, with what a damaged or hostile one says otherwise. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly encrypted?: boolean;
  /** Size that the directory claims. */
  readonly claims?: number;
  /** Packed size that directory and local header claim. */
  readonly claimsPacked?: number;
  /** How it is packed; 8, Deflate, unless it says otherwise, and 0 is not packed. */
  readonly method?: number;
  /** What stands as data, where it is packed by another method. */
  readonly data?: Buffer;
  /** False: there is no entry in the directory. */
  readonly listed?: boolean;
  readonly extra?: Buffer;
  readonly comment?: string;
}

type PackedEntry = ZipEntry & { readonly data: Buffer };

/** A minimal zip writer (APPNOTE 4.3): local headers, directory, end record. */
export function zipOf(entries: readonly ZipEntry[], archiveComment = '', disk = 0): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const sketch of entries) {
    const entry = { ...sketch, data: dataOf(sketch) };
    const local = localOf(entry);
    if (entry.listed !== false) directory.push(listingOf(entry, offset));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(disk, 0);
  end.writeUInt16LE(disk, 2);
  end.writeUInt16LE(directory.length, 4);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  end.writeUInt16LE(archiveComment.length, 16);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06'), end, Buffer.from(archiveComment)]);
}

/** What stands both before an entry's data and in the directory. */
function commonOf(entry: PackedEntry, size: number): Buffer {
  const { name, content, data, encrypted, extra, method = 8, claimsPacked } = entry;
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(encrypted ? 1 : 0, 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(crc32(content) >>> 0, 10);
  common.writeUInt32LE(claimsPacked ?? data.length, 14);
  common.writeUInt32LE(size, 18);
  common.writeUInt16LE(Buffer.byteLength(name), 22);
  common.writeUInt16LE(extra?.length ?? 0, 24);
  return common;
}

function dataOf({ content, method = 8, data }: ZipEntry): Buffer {
  return data ?? (method === 0 ? content : deflateRawSync(content));
}

function localOf(entry: PackedEntry): Buffer {
  const { name, content, data, extra = Buffer.alloc(0) } = entry;
  const common = commonOf(entry, content.length);
  return Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), extra, data]);
}

function listingOf(entry: PackedEntry, offset: number): Buffer {
  const { name, content, claims, extra = Buffer.alloc(0), comment = '' } = entry;
  const rest = Buffer.alloc(14);
  rest.writeUInt16LE(comment.length, 0);
  rest.writeUInt32LE(offset, 10);
  const start = Buffer.from('PK\x01\x02\x14\x00', 'latin1');
  const common = commonOf(entry, claims ?? content.length);
  return Buffer.concat([start, common, rest, Buffer.from(name), extra, Buffer.from(comment)]);
}

/** One entry of a tar archive. */
export interface TarEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** The letter of its type; a regular file unless it says otherwise. */
  readonly type?: string;
  /** The size that its header states. */
  readonly claims?: number;
  /** `ustar` unless it says otherwise; empty for V7. */
  readonly magic?: string;
  /** What else stands in the header, by place. */
  readonly fields?: Readonly<Record<number, string>>;
  /** Whole blocks between header and content. */
  readonly blocks?: Buffer;
}

/** A minimal tar writer (POSIX 1003.1 ustar). */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntryOf), Buffer.alloc(1024)]);
}

function tarEntryOf({
  name,
  content = '',
  type = '0',
  claims,
  magic = 'ustar',
  fields = {},
  blocks,
}: TarEntry): Buffer {
  const data = Buffer.from(content);
  const header = Buffer.alloc(512);
  const octal = (value: number, length: number): string => value.toString(8).padStart(length, '0');
  const values = { 0: name, 100: '0000644', 124: octal(claims ?? data.length, 11), 156: type, 257: magic, ...fields };
  for (const [at, text] of Object.entries(values)) header.write(text, Number(at), 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 8 * 32);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return Buffer.concat([header, blocks ?? Buffer.alloc(0), data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
