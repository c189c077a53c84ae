/** Signatures: of a local header, of an entry of the directory, and of its end. */
const [LOCAL, LISTED, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const [LOCAL_SIZE, LISTED_SIZE, END_SIZE] = [30, 46, 22];
const LONGEST_COMMENT = 65_535;
/** Flag: the data is encrypted. */
const ENCRYPTED = 1;
/** Stands for a number that a zip64 field holds. */
const ELSEWHERE = 0xffffffff;

/** One entry, by its local header and, where it is listed, by the directory. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly isEncrypted: boolean;
  /** False: only its local header is there. */
  readonly isListed: boolean;
  /** Where the packed data begins. */
  readonly start: number;
  /** Packed bytes: the larger of what directory and local header say; undefined where neither says it. */
  readonly packedSize: number | undefined;
}

/** What the directory of an archive says. */
export interface ZipDirectory {
  readonly members: readonly ZipMember[];
  /** False: it is missing or broken, or an entry of it stands in another file. */
  readonly isWhole: boolean;
  /** Entries that stand in another file of a spanned archive. */
  readonly elsewhere: number;
  /** Where it begins; the length of the file where it is missing. */
  readonly start: number;
}

/** Reads numbers of a file; beyond its end there are zeros. */
class Reader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  uint16(at: number): number {
    return at >= 0 && at + 2 <= this.bytes.length ? this.#view.getUint16(at, true) : 0;
  }

  uint32(at: number): number {
    return at >= 0 && at + 4 <= this.bytes.length ? this.#view.getUint32(at, true) : 0;
  }

  uint64(at: number): number {
    return this.uint32(at) + this.uint32(at + 4) * 2 ** 32;
  }

  text(at: number, length: number): string {
    return Buffer.from(this.bytes.subarray(at, at + length))
      .toString('utf8')
      .replaceAll('\\', '/');
  }
}

/** Where the record at the end of the directory stands, or -1: up to a comment before the end of the file. */
export function findZipEnd(bytes: Uint8Array): number {
  const tailStart = Math.max(0, bytes.length - END_SIZE - LONGEST_COMMENT);
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset + tailStart, bytes.length - tailStart);
  const at = tail.lastIndexOf('PK\x05\x06', -1, 'latin1');
  return at < 0 || tail.length - at < END_SIZE ? -1 : tailStart + at;
}

/**
 * Reads the directory of a zip archive (APPNOTE 6.3.10), at most `mostEntries` of it. Offsets count from the first byte
 * of the archive, which may stand behind something else: a program that unpacks it.
 */
export function readDirectory(bytes: Uint8Array, mostEntries: number): ZipDirectory {
  const reader = new Reader(bytes);
  const end = findZipEnd(bytes);
  const missing = { members: [], isWhole: false, elsewhere: 0, start: bytes.length };
  if (end < 0 || reader.uint32(end) !== END) return missing;
  const zip64 = reader.uint32(end - 20) === 0x07064b50 ? findZip64(reader, end) : undefined;
  const size = zip64 === undefined ? reader.uint32(end + 12) : reader.uint64(zip64 + 40);
  const offset = zip64 === undefined ? reader.uint32(end + 16) : reader.uint64(zip64 + 48);
  const count = zip64 === undefined ? reader.uint16(end + 10) : reader.uint64(zip64 + 32);
  const start = (zip64 ?? end) - size;
  const disk = reader.uint16(end + 4);
  if (start < 0 || (count > 0 && reader.uint32(start) !== LISTED)) return { ...missing, start: end };
  return readEntries(reader, { start, shift: start - offset, count: Math.min(count, mostEntries), disk });
}

function findZip64(reader: Reader, end: number): number | undefined {
  for (const at of [reader.uint64(end - 12), end - 20 - 56]) if (reader.uint32(at) === 0x06064b50) return at;
  return undefined;
}

interface Plan {
  readonly start: number;
  /** Bytes before the archive. */
  readonly shift: number;
  readonly count: number;
  readonly disk: number;
}

function readEntries(reader: Reader, { start, shift, count, disk }: Plan): ZipDirectory {
  const members: ZipMember[] = [];
  let [at, isWhole, elsewhere] = [start, true, 0];
  for (let index = 0; index < count; index += 1) {
    if (reader.uint32(at) !== LISTED) return { members, isWhole: false, elsewhere, start };
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => reader.uint16(at + field)) as [
      number,
      number,
      number,
    ];
    const extra = { at: at + LISTED_SIZE + nameLength, length: extraLength };
    const long = readZip64(reader, extra, [at + 24, at + 20, at + 42]);
    const local = long[2] + (disk === 0 ? shift : 0);
    const member = disk !== 0 && reader.uint16(at + 34) !== disk ? undefined : readMember(reader, local, long[1]);
    if (member !== undefined)
      members.push({ ...member, name: reader.text(at + LISTED_SIZE, nameLength), isListed: true });
    else if (disk !== 0) elsewhere += 1;
    else isWhole = false;
    at += LISTED_SIZE + nameLength + extraLength + commentLength;
  }
  return { members, isWhole, elsewhere, start };
}

/** Numbers of 32 bits at some places, or those of 64 that the extra field (id 1) holds for them, in order. */
function readZip64(
  reader: Reader,
  extra: { at: number; length: number },
  fields: readonly [number, number, number],
): [number, number, number] {
  let long = findExtra(reader, extra);
  return fields.map((field) => {
    const value = reader.uint32(field);
    if (value !== ELSEWHERE || long === undefined) return value;
    long += 8;
    return reader.uint64(long - 8);
  }) as [number, number, number];
}

function findExtra(reader: Reader, { at, length }: { at: number; length: number }): number | undefined {
  for (let field = at; field + 4 <= at + length; field += 4 + reader.uint16(field + 2)) {
    if (reader.uint16(field) === 1) return field + 4;
  }
  return undefined;
}

/** The entry whose local header stands at `at`; undefined where none does. */
export function readMember(reader: Reader, at: number, listedSize: number): ZipMember | undefined {
  if (reader.uint32(at) !== LOCAL) return undefined;
  const [nameLength, extraLength] = [reader.uint16(at + 26), reader.uint16(at + 28)];
  const extra = { at: at + LOCAL_SIZE + nameLength, length: extraLength };
  const [, ownSize] = readZip64(reader, extra, [at + 22, at + 18, at + 18]);
  const size = Math.max(listedSize, ownSize === ELSEWHERE ? 0 : ownSize);
  return {
    name: reader.text(at + LOCAL_SIZE, nameLength),
    method: reader.uint16(at + 8),
    isEncrypted: (reader.uint16(at + 6) & ENCRYPTED) !== 0,
    isListed: false,
    start: at + LOCAL_SIZE + nameLength + extraLength,
    packedSize: size === 0 && (reader.uint16(at + 6) & 8) !== 0 ? undefined : size,
  };
}

/** Entries whose local headers stand where no listed entry has its data, in order of place. */
export function* findUnlisted(bytes: Uint8Array, { members }: ZipDirectory): Generator<ZipMember> {
  const reader = new Reader(bytes);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const taken = members
    .map(({ start, packedSize = 0 }) => ({ start, end: start + packedSize }))
    .sort((a, b) => a.start - b.start);
  const starts = new Set(taken.map(({ start }) => start));
  let [next, index] = [0, 0];
  for (;;) {
    const at = buffer.indexOf('PK\x03\x04', next, 'latin1');
    if (at < 0) return;
    while (index < taken.length && (taken[index]?.end ?? 0) <= at) index += 1;
    const around = taken[index];
    const member = readMember(reader, at, 0);
    const isListed = member === undefined || starts.has(member.start);
    if (around !== undefined && around.start <= at) next = around.end;
    else {
      next = at + 4;
      if (!isListed && member !== undefined) {
        const packedSize = member.packedSize ?? sizeUpToNext(buffer, member.start);
        yield { ...member, packedSize };
        next = Math.max(next, member.start + packedSize);
      }
    }
  }
}

/** Of an entry whose size nobody says: up to the next signature of a local header or of the directory. */
function sizeUpToNext(buffer: Buffer, start: number): number {
  const ends = ['PK\x03\x04', 'PK\x01\x02'].map((mark) => buffer.indexOf(mark, start, 'latin1'));
  return Math.min(...ends.map((end) => (end < 0 ? buffer.length : end))) - start;
}
