import { UnpackError } from '../shared/byte-sink.ts';

/** Ids of properties (7zFormat.txt of the LZMA SDK). */
const ID = {
  end: 0,
  header: 1,
  archive: 2,
  additional: 3,
  streams: 4,
  files: 5,
  pack: 6,
  unpack: 7,
  subStreams: 8,
  size: 9,
  crc: 10,
  folder: 11,
  sizes: 12,
  counts: 13,
  emptyStream: 14,
  emptyFile: 15,
  names: 17,
  encoded: 23,
} as const;
/** Files and folders of files that an archive may have here: a limit before anything is allocated. */
const MOST = 1_000_000;
const MOST_CODERS = 8;

/** One step of unpacking. */
export interface Coder {
  /** Id of the method, hexadecimal. */
  readonly method: string;
  readonly properties: Uint8Array;
}

/** Data that is packed together: one stream of packed bytes, unpacked by some coders. */
export interface Folder {
  readonly coders: readonly Coder[];
  /** Unpacked bytes after each coder. */
  readonly sizes: readonly number[];
  /** Indexes of the coders in the order in which they unpack; empty where they are no chain (BCJ2). */
  readonly order: readonly number[];
  readonly start: number;
  readonly end: number;
  /** Unpacked bytes of each file in it, in order. */
  readonly files: readonly number[];
}

/** What a header says. */
export interface Header {
  readonly folders: readonly Folder[];
  /** Names of the files that have data, in order. */
  readonly names: readonly string[];
  /** The header is packed itself: its one folder unpacks to the header. */
  readonly isPacked: boolean;
}

/** Reads bytes of a header; throws `UnpackError` beyond its end. */
class Reader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new UnpackError('corrupt');
    this.at += 1;
    return byte;
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new UnpackError('corrupt');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A number whose first byte says by its leading ones how many follow. */
  number(): number {
    const first = this.byte();
    let [value, mask] = [0, 0x80];
    for (let index = 0; index < 8; index += 1, mask >>= 1) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 256 ** index;
      value += this.byte() * 256 ** index;
    }
    return value;
  }

  count(): number {
    const count = this.number();
    if (count > MOST) throw new UnpackError('limit');
    return count;
  }

  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, at) => ((bytes[at >> 3] as number) & (0x80 >> (at & 7))) !== 0);
  }

  /** Passes checksums; returns which there are. The bits that say it are left out where all are 1. */
  digests(count: number): boolean[] {
    if (this.byte() === 0) {
      const defined = this.bits(count);
      this.take(defined.filter(Boolean).length * 4);
      return defined;
    }
    this.take(count * 4);
    return Array.from({ length: count }, () => true);
  }
}

/** Reads a header of 7z. `base` is where packed streams are counted from: behind the signature header. */
export function readHeader(bytes: Uint8Array, base: number): Header {
  const reader = new Reader(bytes);
  const id = reader.byte();
  if (id === ID.encoded) return { folders: readStreams(reader, base), names: [], isPacked: true };
  if (id !== ID.header) throw new UnpackError('corrupt');
  let [folders, names]: [Folder[], string[]] = [[], []];
  for (let part = reader.byte(); part !== ID.end; part = reader.byte()) {
    if (part === ID.streams) folders = readStreams(reader, base);
    else if (part === ID.files) names = readFiles(reader);
    else if (part === ID.archive) skipProperties(reader);
    else if (part === ID.additional) readStreams(reader, base);
    else throw new UnpackError('corrupt');
  }
  return { folders, names, isPacked: false };
}

function skipProperties(reader: Reader): void {
  while (reader.byte() !== ID.end) reader.take(reader.number());
}

/** Bytes that come out at the end. */
function unpackedSize({ sizes, order }: Pick<Folder, 'sizes' | 'order'>): number {
  return sizes[order.at(-1) ?? 0] ?? 0;
}

type Packed = Omit<Folder, 'start' | 'end' | 'files'> & { readonly streams: number; readonly hasDigest: boolean };

function readStreams(reader: Reader, base: number): Folder[] {
  let [position, packedSizes, packed]: [number, number[], Packed[]] = [base, [], []];
  let files: number[][] | undefined;
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.pack) [position, packedSizes] = readPackInfo(reader, base);
    else if (id === ID.unpack) packed = readFolders(reader);
    else if (id === ID.subStreams) files = readSubStreams(reader, packed);
    else throw new UnpackError('corrupt');
  }
  let next = 0;
  return packed.map(({ streams, hasDigest: _, ...folder }, index) => {
    const start = position;
    for (const size of packedSizes.slice(next, next + streams)) position += size;
    next += streams;
    return { ...folder, start, end: position, files: files?.[index] ?? [unpackedSize(folder)] };
  });
}

function readPackInfo(reader: Reader, base: number): [number, number[]] {
  const position = base + reader.number();
  const count = reader.count();
  let sizes: number[] = [];
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.size) sizes = Array.from({ length: count }, () => reader.number());
    else if (id === ID.crc) reader.digests(count);
    else throw new UnpackError('corrupt');
  }
  return [position, sizes];
}

function readFolders(reader: Reader): Packed[] {
  if (reader.byte() !== ID.folder) throw new UnpackError('corrupt');
  const count = reader.count();
  if (reader.byte() !== 0) throw new UnpackError('unsupported', 'keeps its folders elsewhere');
  const folders = Array.from({ length: count }, () => readFolder(reader));
  if (reader.byte() !== ID.sizes) throw new UnpackError('corrupt');
  const sizes = folders.map((folder) => folder.coders.map(() => reader.number()));
  let digests: boolean[] = [];
  for (let id = reader.byte(); id !== ID.end; id = reader.byte()) {
    if (id === ID.crc) digests = reader.digests(count);
    else throw new UnpackError('corrupt');
  }
  return folders.map((folder, index) => ({ ...folder, sizes: sizes[index] ?? [], hasDigest: digests[index] === true }));
}

function readFolder(reader: Reader): Omit<Packed, 'sizes' | 'hasDigest'> {
  const count = reader.number();
  if (count === 0 || count > MOST_CODERS) throw new UnpackError('corrupt');
  let inputs = 0;
  const coders = Array.from({ length: count }, (): Coder => {
    const flags = reader.byte();
    const method = Buffer.from(reader.take(flags & 15)).toString('hex');
    const [own, outputs] = (flags & 16) === 0 ? [1, 1] : [reader.number(), reader.number()];
    inputs += own;
    if (outputs !== 1 || own > MOST_CODERS) throw new UnpackError('unsupported', 'has coders that are not known');
    return { method, properties: (flags & 32) === 0 ? new Uint8Array() : reader.take(reader.number()) };
  });
  const bonds = new Map(Array.from({ length: count - 1 }, () => [reader.number(), reader.number()] as const));
  const streams = inputs - (count - 1);
  if (streams > 1) for (let index = 0; index < streams; index += 1) reader.number();
  return { coders, streams, order: streams === 1 && inputs === count ? orderCoders(count, bonds) : [] };
}

/**
 * From the coder that reads what is packed to the one whose output nobody reads. Bonds lead from an input to an output.
 */
function orderCoders(count: number, bonds: ReadonlyMap<number, number>): number[] {
  const readers = new Map([...bonds].map(([input, output]) => [output, input]));
  const order: number[] = [];
  let coder = Array.from({ length: count }, (_, index) => index).find((index) => !bonds.has(index));
  while (coder !== undefined && order.length < count) {
    order.push(coder);
    coder = readers.get(coder);
  }
  return order.length === count && order.every((index) => index < count) ? order : [];
}

/** Sizes of the files in each folder. The last of a folder is what the others leave. */
function readSubStreams(reader: Reader, folders: readonly Packed[]): number[][] {
  let counts = folders.map(() => 1);
  let id = reader.byte();
  if (id === ID.counts) {
    counts = folders.map(() => reader.count());
    id = reader.byte();
  }
  const withSizes = id === ID.size;
  const files = folders.map((folder, index) => {
    const count = counts[index] ?? 0;
    const first = withSizes ? Array.from({ length: Math.max(0, count - 1) }, () => reader.number()) : [];
    const rest = unpackedSize(folder) - first.reduce((sum, size) => sum + size, 0);
    return count === 0 ? [] : [...first, rest];
  });
  if (withSizes) id = reader.byte();
  // A file that is alone in its folder has the folder's checksum.
  const digests = folders.map(({ hasDigest }, index) => (hasDigest && counts[index] === 1 ? 0 : (counts[index] ?? 0)));
  for (; id !== ID.end; id = reader.byte()) {
    if (id !== ID.crc) throw new UnpackError('corrupt');
    reader.digests(digests.reduce((sum, count) => sum + count, 0));
  }
  return files;
}

function readFiles(reader: Reader): string[] {
  const count = reader.count();
  let names: string[] = [];
  let isEmpty: boolean[] = [];
  for (let id = reader.number(); id !== ID.end; id = reader.number()) {
    const part = new Reader(reader.take(reader.number()));
    if (id === ID.emptyStream) isEmpty = part.bits(count);
    else if (id === ID.names && part.byte() === 0)
      names = Buffer.from(part.take(part.bytes.length - 1))
        .toString('utf16le')
        .split('\0');
  }
  return names.slice(0, count).filter((_, index) => isEmpty[index] !== true);
}
