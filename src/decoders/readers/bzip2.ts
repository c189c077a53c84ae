import { type ByteSink, UnpackError } from '../shared/byte-sink.ts';

/** First bytes of a block, and of what ends a stream. */
const [BLOCK, END] = [
  [0x314159, 0x265359],
  [0x177245, 0x385090],
] as const;
const LONGEST_CODE = 20;
const GROUP = 50;
const [RUN_A, RUN_B] = [0, 1];
const CRC = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc >>> 0;
});

/** Reads bits, the highest of a byte first. */
class BitReader {
  readonly #bytes: Uint8Array;
  #held = 0;
  #count = 0;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Up to 24 bits. */
  read(count: number): number {
    while (this.#count < count) {
      if (this.at >= this.#bytes.length) throw new UnpackError('corrupt');
      this.#held = ((this.#held << 8) | (this.#bytes[this.at] as number)) >>> 0;
      this.#count += 8;
      this.at += 1;
    }
    this.#count -= count;
    return (this.#held >>> this.#count) & ((1 << count) - 1);
  }

  /** Leaves out what remains of a byte. */
  align(): void {
    this.#count -= this.#count % 8;
  }
}

/** A code of Huffman: for each length, the first code that is longer, and where its symbols stand. */
interface Code {
  readonly limits: readonly number[];
  readonly offsets: readonly number[];
  readonly symbols: readonly number[];
}

/**
 * Unpacks bzip2 streams that follow each other (format: Bzip2 Format Specification of Joe Tsai, 2016). Own code: the
 * libraries of npm (seek-bzip 2.0.0, unbzip2-stream 1.4.3) never end on a run whose length overflows 32 bits.
 */
export function unpackBzip2(bytes: Uint8Array, sink: ByteSink): number {
  let at = 0;
  while (bytes[at] === 0x42 && bytes[at + 1] === 0x5a && bytes[at + 2] === 0x68) {
    at = unpackStream(bytes, at, sink);
  }
  return at;
}

function unpackStream(bytes: Uint8Array, start: number, sink: ByteSink): number {
  const level = (bytes[start + 3] ?? 0) - 0x30;
  if (level < 1 || level > 9) throw new UnpackError('corrupt');
  const bits = new BitReader(bytes, start + 4);
  const block = new Uint32Array(level * 100_000);
  for (;;) {
    const [first, second] = [bits.read(24), bits.read(24)];
    const crc = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
    if (first === END[0] && second === END[1]) break;
    if (first !== BLOCK[0] || second !== BLOCK[1]) throw new UnpackError('corrupt');
    if (unpackBlock(bits, block, sink) !== crc) throw new UnpackError('corrupt');
  }
  bits.align();
  return bits.at;
}

/** Returns the checksum of what it wrote. */
function unpackBlock(bits: BitReader, block: Uint32Array, sink: ByteSink): number {
  if (bits.read(1) === 1) throw new UnpackError('unsupported', 'is of a version before 0.9.5');
  const origin = bits.read(24);
  const used = readUsedBytes(bits);
  const groups = bits.read(3);
  const selectors = readSelectors(bits, groups);
  const codes = Array.from({ length: groups }, () => readCode(bits, used.length + 2));
  const length = readSymbols(bits, { used, selectors, codes }, block);
  if (origin >= length) throw new UnpackError('corrupt');
  sortBack(block, length);
  return writeRuns(block, length, origin, sink);
}

function readUsedBytes(bits: BitReader): number[] {
  const used: number[] = [];
  const rows = bits.read(16);
  for (let row = 0; row < 16; row += 1) {
    if ((rows & (0x8000 >> row)) === 0) continue;
    const columns = bits.read(16);
    for (let column = 0; column < 16; column += 1)
      if ((columns & (0x8000 >> column)) !== 0) used.push(row * 16 + column);
  }
  if (used.length === 0) throw new UnpackError('corrupt');
  return used;
}

/** Which code each group of fifty symbols uses: places in a list whose used element moves to the front. */
function readSelectors(bits: BitReader, groups: number): Uint8Array {
  const count = bits.read(15);
  if (groups < 2 || groups > 6 || count === 0) throw new UnpackError('corrupt');
  const order = Uint8Array.from({ length: groups }, (_, place) => place);
  return Uint8Array.from({ length: count }, () => {
    let place = 0;
    while (bits.read(1) === 1) place += 1;
    if (place >= groups) throw new UnpackError('corrupt');
    return moveToFront(order, place);
  });
}

function moveToFront(order: Uint8Array, place: number): number {
  const value = order[place] as number;
  order.copyWithin(1, 0, place);
  order[0] = value;
  return value;
}

function readCode(bits: BitReader, count: number): Code {
  let length = bits.read(5);
  const lengths = Array.from({ length: count }, () => {
    while (bits.read(1) === 1) length += bits.read(1) === 0 ? 1 : -1;
    if (length < 1 || length > LONGEST_CODE) throw new UnpackError('corrupt');
    return length;
  });
  const [limits, offsets, symbols] = [[0], [0], [] as number[]];
  let next = 0;
  for (let size = 1; size <= LONGEST_CODE; size += 1) {
    offsets.push(symbols.length - next);
    for (const [symbol, own] of lengths.entries()) if (own === size) symbols.push(symbol);
    const codes = symbols.length - (offsets[size] as number);
    limits.push(codes);
    next = codes * 2;
  }
  return { limits, offsets, symbols };
}

function readSymbol(bits: BitReader, { limits, offsets, symbols }: Code): number {
  let code = 0;
  for (let size = 1; size <= LONGEST_CODE; size += 1) {
    code = code * 2 + bits.read(1);
    if (code < (limits[size] as number)) return symbols[code + (offsets[size] as number)] as number;
  }
  throw new UnpackError('corrupt');
}

interface Tables {
  readonly used: readonly number[];
  readonly selectors: Uint8Array;
  readonly codes: readonly Code[];
}

/** Undoes the codes, the runs and the move to front; returns how many bytes the block holds. */
function readSymbols(bits: BitReader, { used, selectors, codes }: Tables, block: Uint32Array): number {
  const order = Uint8Array.from(used);
  const last = used.length + 1;
  let [length, run, weight] = [0, 0, 1];
  for (let read = 0; ; read += 1) {
    const code = codes[selectors[Math.floor(read / GROUP)] ?? -1];
    if (code === undefined) throw new UnpackError('corrupt');
    const symbol = readSymbol(bits, code);
    if (symbol === RUN_A || symbol === RUN_B) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > block.length) throw new UnpackError('corrupt');
      continue;
    }
    if (length + run > block.length) throw new UnpackError('corrupt');
    block.fill(order[0] as number, length, length + run);
    length += run;
    [run, weight] = [0, 1];
    if (symbol === last) return length;
    if (length >= block.length) throw new UnpackError('corrupt');
    block[length] = moveToFront(order, symbol - 1);
    length += 1;
  }
}

/** Undoes the transform of Burrows and Wheeler: above each byte, the place of the one that follows it. */
function sortBack(block: Uint32Array, length: number): void {
  const starts = new Uint32Array(257);
  for (let at = 0; at < length; at += 1)
    starts[(block[at] as number) + 1] = (starts[(block[at] as number) + 1] as number) + 1;
  for (let byte = 0; byte < 256; byte += 1) starts[byte + 1] = (starts[byte + 1] as number) + (starts[byte] as number);
  for (let at = 0; at < length; at += 1) {
    const byte = (block[at] as number) & 255;
    const place = starts[byte] as number;
    block[place] = ((block[place] as number) | (at << 8)) >>> 0;
    starts[byte] = place + 1;
  }
}

/** Four equal bytes are followed by how many more there are. */
function writeRuns(block: Uint32Array, length: number, origin: number, sink: ByteSink): number {
  let crc = 0xffffffff;
  const write = (byte: number): void => {
    crc = ((crc << 8) ^ (CRC[(crc >>> 24) ^ byte] as number)) >>> 0;
    sink.write(byte);
  };
  let [entry, previous, equal] = [block[origin] as number, -1, 0];
  for (let count = 0; count < length; count += 1) {
    entry = block[entry >>> 8] as number;
    const byte = entry & 255;
    if (equal === 4) {
      for (let more = 0; more < byte; more += 1) write(previous);
      [previous, equal] = [-1, 0];
      continue;
    }
    equal = byte === previous ? equal + 1 : 1;
    previous = byte;
    write(byte);
  }
  return ~crc >>> 0;
}
