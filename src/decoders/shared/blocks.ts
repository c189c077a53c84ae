import type { Artifact, ByteRange } from '../../model/artifact.ts';

/** How bytes are written as digits. */
export interface Digits {
  /** A 256-entry table: 1 for a digit. */
  readonly table: Uint8Array;
  /** The first three bytes that the digits from a place on stand for, as one number. There are enough digits. */
  readonly firstThree: (bytes: Uint8Array, at: number) => number;
  /** Decodes digits. */
  readonly toBytes: (text: string) => Uint8Array;
  readonly perByte: number;
}

/** Lines of digits that go on with each other: from where to where, and where each begins. */
export interface Block extends ByteRange {
  readonly lines: readonly number[];
  /** Digits of a line; the last may have fewer. */
  readonly width: number;
}

/** As many digits in one line hold a file of any kind, and no hash or key. They are read whatever they begin with. */
const LONG = 512;
/**
 * Lines of fewer digits are not read together: `base64`, `xxd -p` and the API of GitHub write 60 and more, and lists of
 * tokens, whose texts would run into each other, hardly as many.
 */
const LEAST_WIDTH = 56;

/** The first three bytes of formats that hide what they hold, and of documents. */
const BEGINNINGS = new Set(
  [
    '\x1f\x8b\x08', // gzip
    'PK\x03', // zip
    'PK\x05',
    'BZh', // bzip2
    '\xfd7z', // xz
    '\x28\xb5\x2f', // Zstandard
    '7z\xbc',
    'LZI', // lzip
    '\x04\x22\x4d', // LZ4
    'Rar',
    ']\0\0', // LZMA
    '%PD', // PDF
    'SQL', // SQLite
    '\x89PN', // PNG
    '!<a', // ar
    '070', // cpio
    '\xed\xab\xee', // RPM
  ].map((mark) => Buffer.from(mark, 'latin1').readUIntBE(0, 3)),
);
/** The first two bytes of zlib at its usual levels (RFC 1950), and the marks of UTF-16. */
const SHORT_BEGINNINGS = new Set([0x7801, 0x785e, 0x789c, 0x78da, 0xfffe, 0xfeff]);
/** 1 for the first byte of some beginning: told without a set for nearly all runs. */
const FIRST = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(
    [...BEGINNINGS].some((three) => three >> 16 === byte) || [...SHORT_BEGINNINGS].some((two) => two >> 8 === byte),
  ),
);

const [TAB, NEW_LINE, RETURN, SPACE, EQUALS, BACKSLASH, N] = [9, 10, 13, 32, 61, 92, 110] as const;

/**
 * Returns the lines that a run of digits belongs to, as `base64` and `xxd -p` write them. In a version of a text the
 * run may be any of them; else it is the first.
 */
export function findBlock({ bytes, ranges }: Artifact, run: ByteRange, { table }: Digits): Block {
  const first = ranges === undefined ? run.start : findFirstLine(bytes, run, table);
  return growDown(bytes, first === run.start ? run : { start: first, end: digitsEnd(bytes, first, table) }, table);
}

/** Whether a file is written there: the digits begin like something packed, a document or UTF-16, or a line is long. */
export function isFile(bytes: Uint8Array, { start, end }: ByteRange, { firstThree }: Digits): boolean {
  return end - start >= LONG || isBeginning(firstThree(bytes, start));
}

/** Whether a run can be another line than the first. Cheap: most runs are words, and hardly a line ends in digits. */
export function mayGoOn({ bytes, ranges }: Artifact, { start }: ByteRange, { table }: Digits): boolean {
  if (ranges === undefined) return false;
  const end = lineEndBefore(bytes, start);
  return end >= LEAST_WIDTH && isDigit(bytes, end - 1, table) && isDigit(bytes, end - LEAST_WIDTH, table);
}

function isDigit(bytes: Uint8Array, at: number, table: Uint8Array): boolean {
  return table[bytes[at] as number] === 1;
}

/** Decodes a block. */
export function decodeBlock(bytes: Uint8Array, { start, end, lines }: Block, { toBytes }: Digits): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  return toBytes(lines.length === 1 ? text : text.replaceAll(/\\[nr]|\s+/g, ''));
}

/** Where in the text a part of what a block decodes to is written. */
export function placeInBlock({ start, end, lines, width }: Block, part: ByteRange, digitsPerByte: number): ByteRange {
  const placeOf = (digit: number): number => (lines[Math.floor(digit / width)] ?? start) + (digit % width);
  const last = Math.ceil(part.end * digitsPerByte) - 1;
  return { start: placeOf(Math.floor(part.start * digitsPerByte)), end: Math.min(end, placeOf(last) + 1) };
}

function isBeginning(three: number): boolean {
  if (isWide(three)) return true;
  return FIRST[three >> 16] === 1 && (BEGINNINGS.has(three) || SHORT_BEGINNINGS.has(three >> 8));
}

/** Two characters of ASCII with a NUL between them: UTF-16, as `powershell -EncodedCommand` takes it. */
function isWide(three: number): boolean {
  return ((three >> 8) & 255) === 0 && isPlain(three >> 16) && isPlain(three & 255);
}

function isPlain(byte: number): boolean {
  return (byte >= SPACE && byte < 127) || byte === TAB || byte === NEW_LINE || byte === RETURN;
}

/** Where the first of the lines of digits begins that a run goes on with. They are as long as each other. */
function findFirstLine(bytes: Uint8Array, run: ByteRange, table: Uint8Array): number {
  let first = run.start;
  let width = 0;
  for (;;) {
    const end = lineEndBefore(bytes, first);
    let start = end;
    while (start > 0 && table[bytes[start - 1] as number] === 1) start -= 1;
    // The n of a written break is a digit of Base64.
    if (bytes[start] === N && bytes[start - 1] === BACKSLASH) start += 1;
    const length = end - start;
    if (length < LEAST_WIDTH || (width === 0 ? length < run.end - run.start : length !== width)) return first;
    [first, width] = [start, length];
  }
}

/** Where the line before ends, if nothing but a break, also a written one, and indentation stands between; else 0. */
function lineEndBefore(bytes: Uint8Array, at: number): number {
  if (bytes[at - 1] === N && bytes[at - 2] === BACKSLASH) return at - 2;
  let end = at;
  while (end > 0 && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end -= 1;
  if (bytes[end - 1] !== NEW_LINE) return 0;
  end -= 1;
  return bytes[end - 1] === RETURN ? end - 1 : end;
}

/** The lines that go on with a first one: as long as it, and a shorter one at the end. */
function growDown(bytes: Uint8Array, { start, end }: ByteRange, table: Uint8Array): Block {
  const width = end - start;
  const lines = [start];
  let last = end;
  for (let length = width; width >= LEAST_WIDTH && length === width && bytes[last - 1] !== EQUALS; ) {
    const next = behindBreak(bytes, last);
    const stop = digitsEnd(bytes, next, table);
    length = stop - next;
    if (next === last || length === 0 || length > width || !endsLine(bytes, stop)) break;
    lines.push(next);
    last = stop;
  }
  return { start, end: last, lines, width };
}

/** The place behind digits and their padding. */
function digitsEnd(bytes: Uint8Array, from: number, table: Uint8Array): number {
  let end = from;
  while (end < bytes.length && table[bytes[end] as number] === 1) end += 1;
  const most = end > from ? end + 2 : end;
  while (end < most && bytes[end] === EQUALS) end += 1;
  return end;
}

/** The place behind a line break, or one written as `\n`, and indentation; the same place where there is none. */
function behindBreak(bytes: Uint8Array, at: number): number {
  let next = bytes[at] === RETURN ? at + 1 : at;
  if (bytes[next] === BACKSLASH && bytes[next + 1] === N) return next + 2;
  if (bytes[next] !== NEW_LINE) return at;
  next += 1;
  while (bytes[next] === SPACE || bytes[next] === TAB) next += 1;
  return next;
}

/** Not in the middle of a word: `\n`, a quote or the end of the text follows. */
function endsLine(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === undefined || byte === NEW_LINE || byte === RETURN || byte === BACKSLASH || byte === 34 || byte === 39;
}
