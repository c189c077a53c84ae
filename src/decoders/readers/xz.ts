import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';
import { LzmaDecoder, readProperties } from './lzma.ts';
import { unpackLzma2 } from './lzma2.ts';

const XZ = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];
const HEADER = 12;
const LZMA2 = 0x21;
const DELTA = 3;
/** Filters for programs change the addresses of jumps: text in them stays as it is. */
const BRANCHES = new Set([4, 5, 6, 7, 8, 9, 10, 11]);

/**
 * Unpacks xz streams that follow each other (The .xz File Format 1.2.1). Checksums are not compared: they tell damage,
 * not text.
 */
export function unpackXz(bytes: Uint8Array, sink: ByteSink): number {
  let at = 0;
  while (XZ.every((byte, index) => bytes[at + index] === byte)) {
    at = unpackStream(bytes, at, sink);
    while (isZeros(bytes, at)) at += 4;
  }
  return at;
}

function isZeros(bytes: Uint8Array, at: number): boolean {
  return at + 4 <= bytes.length && bytes.subarray(at, at + 4).every((byte) => byte === 0);
}

function unpackStream(bytes: Uint8Array, start: number, sink: ByteSink): number {
  const check = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64][bytes[start + 7] ?? 16];
  if (check === undefined) throw new UnpackError('corrupt');
  let at = start + HEADER;
  while ((bytes[at] ?? 0) !== 0) at = unpackBlock(bytes, at, check, start, sink);
  return skipIndex(bytes, at, start);
}

function unpackBlock(bytes: Uint8Array, at: number, check: number, start: number, sink: ByteSink): number {
  const size = ((bytes[at] as number) + 1) * 4;
  const delta = readFilters(bytes.subarray(0, at + size - 4), at);
  const from = sink.length;
  const end = unpackLzma2(bytes, at + size, bytes.length, sink);
  if (delta > 0) undoDelta(sink.view().subarray(from), delta);
  return end + ((4 - ((end - start) % 4)) % 4) + check;
}

/** Distance of the delta filter, 0: there is none. */
function readFilters(header: Uint8Array, at: number): number {
  const flags = header[at + 1] ?? 0;
  const reader = new NumberReader(header, at + 2);
  if ((flags & 0x40) !== 0) reader.read();
  if ((flags & 0x80) !== 0) reader.read();
  let delta = 0;
  for (let count = flags & 3; count >= 0; count -= 1) {
    const [id, size] = [reader.read(), reader.read()];
    if (id === DELTA) delta = (header[reader.at] ?? 0) + 1;
    else if (id !== LZMA2 && !BRANCHES.has(id)) throw new UnpackError('unsupported', 'has a filter that is not known');
    reader.at += size;
  }
  return delta;
}

function undoDelta(bytes: Uint8Array, distance: number): void {
  for (let at = distance; at < bytes.length; at += 1)
    bytes[at] = (bytes[at] as number) + (bytes[at - distance] as number);
}

/** The list of blocks and the footer: behind them a stream ends. */
function skipIndex(bytes: Uint8Array, at: number, start: number): number {
  const reader = new NumberReader(bytes, at + 1);
  const records = reader.read();
  if (records > bytes.length) throw new UnpackError('corrupt');
  for (let count = 0; count < records * 2; count += 1) reader.read();
  const end = reader.at + ((4 - ((reader.at - start) % 4)) % 4) + 4 + HEADER;
  if (end > bytes.length || bytes[end - 2] !== 0x59 || bytes[end - 1] !== 0x5a) throw new UnpackError('corrupt');
  return end;
}

/** Numbers of seven bits a byte, the lowest first. */
class NumberReader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  read(): number {
    let [value, weight] = [0, 1];
    for (let count = 0; count < 7; count += 1) {
      if (this.at >= this.#bytes.length) throw new UnpackError('corrupt');
      const byte = this.#bytes[this.at] as number;
      this.at += 1;
      value += (byte & 127) * weight;
      weight *= 128;
      if (byte < 128) return value;
    }
    throw new UnpackError('corrupt');
  }
}

/** Unpacks a file of LZMA alone: properties, size of the dictionary, and the size of what is packed or -1. */
export function unpackLzma(bytes: Uint8Array, sink: ByteSink): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 18) throw new UnpackError('corrupt');
  const [low, high] = [view.getUint32(5, true), view.getUint32(9, true)];
  const decoder = new LzmaDecoder(sink);
  decoder.resetState(readProperties(bytes[0] as number));
  return decoder.decode(bytes, 13, bytes.length, high === 0xffffffff ? undefined : high * 2 ** 32 + low);
}

/**
 * Unpacks members of lzip that follow each other: a header of six bytes, LZMA with a marker at its end, a trailer of
 * twenty.
 */
export function unpackLzip(bytes: Uint8Array, sink: ByteSink): number {
  let at = 0;
  while (bytes[at] === 0x4c && bytes[at + 1] === 0x5a && bytes[at + 2] === 0x49 && bytes[at + 3] === 0x50) {
    const decoder = new LzmaDecoder(sink);
    at = Math.min(bytes.length, decoder.decode(bytes, at + 6, bytes.length) + 20);
  }
  return at;
}

/** Unpacks LZMA as an entry of a zip file: a version, the length of the properties, and those before the data. */
export function unpackZippedLzma(bytes: Uint8Array, sink: ByteSink): number {
  const decoder = new LzmaDecoder(sink);
  decoder.resetState(readProperties(bytes[4] ?? 255));
  return decoder.decode(bytes, 9, bytes.length);
}
