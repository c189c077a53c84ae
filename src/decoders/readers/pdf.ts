import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';
import { unpackZlib } from './zlib.ts';

/** Longest dictionary before a stream that is looked at, and longest list of filters that is applied. */
const [LONGEST_DICTIONARY, MOST_FILTERS] = [8192, 4];

/** A stream as it stands in a file. */
export interface PdfStream {
  /** Number of its object. */
  readonly object: number;
  readonly dictionary: string;
  readonly data: Uint8Array;
}

/** Names of filters whose result is a picture. */
const PICTURES = new Set(['DCTDecode', 'DCT', 'JPXDecode', 'CCITTFaxDecode', 'CCF', 'JBIG2Decode']);

/**
 * Finds all streams of a PDF file (ISO 32000-2, 7.3.8) by their keyword, also in parts of a file that no table lists
 * any more: what an editor deletes mostly stays there.
 */
export function* findStreams(bytes: Uint8Array): Generator<PdfStream> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  for (;;) {
    const keyword = buffer.indexOf('stream', at, 'latin1');
    if (keyword < 0) return;
    const head = buffer.toString('latin1', Math.max(at, keyword - LONGEST_DICTIONARY), keyword);
    const start =
      keyword +
      6 +
      (bytes[keyword + 6] === 13 ? 1 : 0) +
      (bytes[keyword + 6] === 10 || bytes[keyword + 7] === 10 ? 1 : 0);
    at = keyword + 6;
    if (!/>>\s*$/.test(head)) continue;
    const object = head.lastIndexOf('obj');
    const dictionary = head.slice(object + 3);
    const number = /(\d{1,10})\s+\d+\s+$/.exec(head.slice(Math.max(0, object - 30), Math.max(0, object)));
    const end = findEnd(buffer, start, dictionary);
    yield { object: Number(number?.[1] ?? 0), dictionary, data: bytes.subarray(start, end) };
    at = end;
  }
}

/** The stated length where a stream ends there, else the keyword that ends it. */
function findEnd(buffer: Buffer, start: number, dictionary: string): number {
  const [, length] = /\/Length\s+(\d{1,10})(?!\d|\s+\d+\s+R)/.exec(dictionary) ?? [];
  const stated = start + Number(length ?? Number.NaN);
  if (/^\s*endstream/.test(buffer.toString('latin1', stated, stated + 12))) return stated;
  const end = buffer.indexOf('endstream', start, 'latin1');
  return end < 0 ? buffer.length : end;
}

/** True for pictures: their pixels hold no text. */
export function isPicture({ dictionary }: PdfStream): boolean {
  return /\/Subtype\s*\/Image\b/.test(dictionary) || filtersOf(dictionary).some((name) => PICTURES.has(name));
}

function filtersOf(dictionary: string): string[] {
  const [, list = ''] = /\/Filter\s*(\[[^\]]{0,200}\]|\/\w+)/.exec(dictionary) ?? [];
  return list.match(/\w+/g) ?? [];
}

/** Undoes the filters of a stream. Throws `UnpackError`. */
export function unpackStream({ dictionary, data }: PdfStream, newSink: () => ByteSink): Uint8Array {
  const filters = filtersOf(dictionary);
  if (filters.length > MOST_FILTERS) throw new UnpackError('unsupported', 'has too many filters');
  let bytes = data;
  for (const name of filters) {
    const sink = newSink();
    const filter = FILTERS[name];
    if (filter === undefined) throw new UnpackError('unsupported', `is packed by ${name}`);
    filter(bytes, sink);
    bytes = sink.view();
  }
  return bytes;
}

const FILTERS: Readonly<Record<string, (bytes: Uint8Array, sink: ByteSink) => void>> = {
  FlateDecode: (bytes, sink) => void unpackZlib(bytes, sink),
  Fl: (bytes, sink) => void unpackZlib(bytes, sink),
  ASCIIHexDecode: (bytes, sink) => sink.writeAll(hexBytes(Buffer.from(bytes).toString('latin1'))),
  AHx: (bytes, sink) => sink.writeAll(hexBytes(Buffer.from(bytes).toString('latin1'))),
  ASCII85Decode: unpack85,
  A85: unpack85,
  RunLengthDecode: unpackRuns,
  RL: unpackRuns,
};

/** Bytes of hexadecimal digits up to `>`; a missing last digit is 0. */
export function hexBytes(text: string): Uint8Array {
  const digits = (text.split('>')[0] ?? '').replace(/[^0-9a-f]/gi, '');
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

/** Base 85: five digits for four bytes, `z` for four zeros. */
function unpack85(bytes: Uint8Array, sink: ByteSink): void {
  let [value, count] = [0, 0];
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && count === 0) sink.writeAll(new Uint8Array(4));
    if (byte < 0x21 || byte > 0x75) continue;
    value = value * 85 + (byte - 0x21);
    count += 1;
    if (count < 5) continue;
    writeWord(sink, value, 4);
    [value, count] = [0, 0];
  }
  if (count < 2) return;
  for (let index = count; index < 5; index += 1) value = value * 85 + 84;
  writeWord(sink, value, count - 1);
}

function writeWord(sink: ByteSink, value: number, count: number): void {
  for (let index = 0; index < count; index += 1) sink.write(Math.floor(value / 256 ** (3 - index)) % 256);
}

/** A length below 128 is followed by that many bytes and one, one above by a byte that is repeated. */
function unpackRuns(bytes: Uint8Array, sink: ByteSink): void {
  for (let at = 0; at < bytes.length && bytes[at] !== 128; ) {
    const length = bytes[at] as number;
    if (length < 128) {
      sink.writeAll(bytes.subarray(at + 1, at + 2 + length));
      at += 2 + length;
    } else {
      for (let count = 0; count < 257 - length; count += 1) sink.write(bytes[at + 1] ?? 0);
      at += 2;
    }
  }
}
