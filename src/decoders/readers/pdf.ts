import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';
import { undoPredictor } from './pdf-predictor.ts';
import { unpackZlib } from './zlib.ts';

/** Longest list of filters that is applied. */
const MOST_FILTERS = 4;
const STREAM = 'stream';
/** A filter whose name the dictionary does not tell: it stands in another object, or is not written as a name. */
const UNTOLD = '';

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
  const heads = new ObjectHeads(buffer);
  const find = (at: number): number => buffer.indexOf(STREAM, at, 'latin1');
  /** Where the last stream ended. */
  let from = 0;
  for (let keyword = find(0); keyword >= 0; keyword = find(Math.max(from, keyword + STREAM.length))) {
    if (!endsDictionary(buffer, keyword)) continue;
    const head = heads.lastBefore(keyword, from);
    const dictionary = plainNames(buffer.toString('latin1', head?.end ?? from, keyword));
    const start = startOfData(bytes, keyword + STREAM.length);
    from = findEnd(buffer, start, dictionary);
    yield { object: head?.number ?? 0, dictionary, data: bytes.subarray(start, from) };
  }
}

/** Where an object begins: `12 0 obj`. */
interface ObjectHead {
  readonly number: number;
  /** Where its keyword ends. */
  readonly end: number;
}

/** Follows the heads of objects through a file. Every byte is looked at once. */
class ObjectHeads {
  readonly #buffer: Buffer;
  #last: ObjectHead | undefined;
  #next: number;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
    this.#next = buffer.indexOf('obj', 0, 'latin1');
  }

  /** The last head between two places. Must be asked in order. */
  lastBefore(place: number, from: number): ObjectHead | undefined {
    while (this.#next >= 0 && this.#next < place) {
      const text = this.#buffer.toString('latin1', Math.max(0, this.#next - 30), this.#next);
      const end = this.#next + 3;
      const [, number] = /(\d{1,10})\s+\d+\s*$/.exec(text) ?? [];
      if (number !== undefined) this.#last = { number: Number(number), end };
      this.#next = this.#buffer.indexOf('obj', end, 'latin1');
    }
    return this.#last !== undefined && this.#last.end > from ? this.#last : undefined;
  }
}

function endsDictionary(buffer: Buffer, keyword: number): boolean {
  let end = keyword;
  while (end > 0 && WHITE_SPACE.includes(buffer[end - 1] as number)) end -= 1;
  return buffer[end - 1] === CLOSES && buffer[end - 2] === CLOSES;
}

const CLOSES = 0x3e;
const WHITE_SPACE: readonly number[] = [0, 9, 10, 12, 13, 32];

/** Names may be written with numbers of their characters: `/#46lateDecode`. */
function plainNames(dictionary: string): string {
  if (!dictionary.includes('#')) return dictionary;
  return dictionary.replace(/#([0-9a-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** Behind the keyword stands one line end. */
function startOfData(bytes: Uint8Array, at: number): number {
  const start = bytes[at] === 13 ? at + 1 : at;
  return bytes[start] === 10 ? start + 1 : start;
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
  const [, list] = /\/Filter\s*(\[[^\]]{0,200}\]|\/\w+|null\b)/.exec(dictionary) ?? [];
  if (list === undefined) return /\/Filter\b/.test(dictionary) ? [UNTOLD] : [];
  return list === 'null' ? [] : (list.match(/\w+/g) ?? []);
}

/** Undoes the filters of a stream. Throws `UnpackError`. */
export function unpackStream({ dictionary, data }: PdfStream, newSink: () => ByteSink): Uint8Array {
  const filters = filtersOf(dictionary);
  if (filters.length > MOST_FILTERS) throw new UnpackError('unsupported', 'has too many filters');
  let bytes = data;
  for (const name of filters) {
    const sink = newSink();
    const filter = FILTERS[name];
    if (name === UNTOLD) throw new UnpackError('unsupported', 'does not tell how it is packed');
    if (filter === undefined) throw new UnpackError('unsupported', `is packed by ${name}`);
    filter(bytes, sink);
    bytes = PREDICTED.has(name) ? undoPredictor(sink.view(), dictionary) : sink.view();
  }
  return bytes;
}

/** Filters whose result may be differences. */
const PREDICTED = new Set(['FlateDecode', 'Fl']);

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
