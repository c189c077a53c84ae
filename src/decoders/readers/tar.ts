/** Bytes of a header, and what everything is filled up to. */
export const BLOCK = 512;

/** One header of an archive with its data; names are as the headers before it say. */
export interface TarEntry {
  readonly name: string;
  /** The type letter; a NUL of old archives is `0`. */
  readonly type: string;
  readonly data: Uint8Array;
  /** Bytes that the header promises: more than there are in an archive that is cut off. */
  readonly size: number;
  /** False: what stands before the data of this entry is no header. */
  readonly isAligned: boolean;
}

/** What is said about the next entry by headers of their own. */
interface Ahead {
  path?: string;
  size?: number;
}

/**
 * Reads all entries of a tar archive: V7, ustar, pax (POSIX 1003.1-2017, pax) and GNU (tar 1.35, Basic Tar Format), of
 * whatever type. Where a header is damaged the next one is looked for. Sparse files give the parts that are no holes.
 */
export function* readTar(bytes: Uint8Array): Generator<TarEntry> {
  let [at, isAligned, ahead] = [0, true, {} as Ahead];
  while (at + BLOCK <= bytes.length) {
    const header = bytes.subarray(at, at + BLOCK);
    if (!isTarHeader(header)) {
      isAligned &&= isZero(header);
      at += BLOCK;
      continue;
    }
    const entry = readEntry(bytes, at, ahead, isAligned);
    yield entry;
    ahead = lookAhead(entry, ahead);
    at += BLOCK + extensionSize(bytes, at) + Math.ceil(entry.data.length / BLOCK) * BLOCK;
    isAligned = true;
  }
}

/** True for a block whose checksum is right. Older archives have no other mark. */
export function isTarHeader(header: Uint8Array): boolean {
  if (header.length < BLOCK || header[0] === 0) return false;
  const expected = readNumber(header, 148, 8);
  if (Number.isNaN(expected)) return false;
  let [sum, signed] = [0, 0];
  for (let at = 0; at < BLOCK; at += 1) {
    const byte = at >= 148 && at < 156 ? 32 : (header[at] as number);
    sum += byte;
    signed += byte > 127 ? byte - 256 : byte;
  }
  return expected === sum || expected === signed;
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function readEntry(bytes: Uint8Array, at: number, ahead: Ahead, isAligned: boolean): TarEntry {
  const header = bytes.subarray(at, at + BLOCK);
  const type = String.fromCharCode(header[156] || 0x30);
  const start = at + BLOCK + extensionSize(bytes, at);
  const size = ahead.size ?? readNumber(header, 124, 12);
  const stated = Number.isSafeInteger(size) && size >= 0 ? size : 0;
  const hasData = !'23456'.includes(type) || !isTarHeaderOrEnd(bytes, start);
  const data = bytes.subarray(start, hasData ? Math.min(bytes.length, start + stated) : start);
  return { name: ahead.path ?? nameOf(header), type, data, size: hasData ? stated : 0, isAligned };
}

/** Folders and links state a size that means nothing, mostly: then the next header stands right behind theirs. */
function isTarHeaderOrEnd(bytes: Uint8Array, at: number): boolean {
  const next = bytes.subarray(at, at + BLOCK);
  return next.length < BLOCK || isZero(next) || isTarHeader(next);
}

/** Blocks between a header of the type S and its data: more of the map of holes. */
function extensionSize(bytes: Uint8Array, at: number): number {
  if (bytes[at + 156] !== 0x53 || bytes[at + 482] === 0) return 0;
  let size = BLOCK;
  while (at + size + BLOCK <= bytes.length && bytes[at + size + 504] !== 0) size += BLOCK;
  return size;
}

function lookAhead(entry: TarEntry, ahead: Ahead): Ahead {
  if (entry.type === 'L') return { ...ahead, path: textOf(entry.data) };
  if (entry.type === 'K' || entry.type === 'g') return ahead;
  return entry.type === 'x' || entry.type === 'X' ? readRecords(entry.data, ahead) : {};
}

/** Records of a pax header: their length in decimal, a space, `key=value` and a line end. */
function readRecords(data: Uint8Array, ahead: Ahead): Ahead {
  const records = { ...ahead };
  for (const line of Buffer.from(data).toString('utf8').split('\n')) {
    const [, key, value = ''] = /^\d+ (path|GNU\.sparse\.name|size)=(.*)$/.exec(line) ?? [];
    if (key === 'size' && /^\d{1,15}$/.test(value)) records.size = Number(value);
    else if (key !== undefined && key !== 'size') records.path = value;
  }
  return records;
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const isPosix = textOf(header.subarray(257, 263)) === 'ustar';
  const prefix = isPosix ? textOf(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString('utf8');
}

/** Octal digits, or 256 as base where the first bit is set. NaN where it is neither. */
function readNumber(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  if (((field[0] as number) & 0x80) !== 0) {
    return field.subarray(1).reduce((value, byte) => value * 256 + byte, (field[0] as number) & 0x7f);
  }
  const digits = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim();
  return /^[0-7]*$/.test(digits) ? Number.parseInt(`0${digits}`, 8) : Number.NaN;
}
