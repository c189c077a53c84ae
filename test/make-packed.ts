/** Small writers of packed formats. They pack badly; what they write is what the formats' specifications say. */

/** Zstandard (RFC 8878): one frame with one raw block. */
export function zstdOf(text: string | Uint8Array): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x80 | 0x20, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 5);
  header.writeUIntLE((content.length << 3) | 1, 9, 3);
  return Buffer.concat([header, content]);
}

/** xz: one block with an LZMA2 chunk that is not packed, and no checksums worth the name. */
export function xzOf(text: string | Uint8Array): Buffer {
  const content = Buffer.from(text);
  const chunk = Buffer.from([1, 0, 0]);
  chunk.writeUInt16BE(content.length - 1, 1);
  const block = Buffer.concat([Buffer.from([2, 0, 0x21, 1, 0, 0, 0, 0, 0, 0, 0, 0]), chunk, content, Buffer.from([0])]);
  const padded = Buffer.concat([block, Buffer.alloc((4 - (block.length % 4)) % 4)]);
  const index = Buffer.from([
    0,
    1,
    (block.length & 127) | 128,
    block.length >> 7,
    (content.length & 127) | 128,
    content.length >> 7,
  ]);
  const footer = Buffer.from([0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x59, 0x5a]);
  const start = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([start, padded, index, Buffer.alloc(2 + 4), footer]);
}

/** The range coder of LZMA, and the contexts of literals that follow literals (lc 3, lp 0, pb 2). */
class LzmaWriter {
  readonly #out: number[] = [];
  readonly #match = new Uint16Array(192).fill(1024);
  readonly #literals = new Uint16Array(0x300 << 3).fill(1024);
  readonly #rest = new Map<string, number>();
  #low = 0;
  #range = 0xffffffff;

  literals(content: Uint8Array): void {
    for (const [at, byte] of content.entries()) {
      this.#bit(this.#match, at & 3, 0);
      const start = 0x300 * ((at === 0 ? 0 : (content[at - 1] as number)) >> 5);
      let node = 1;
      for (let bit = 7; bit >= 0; bit -= 1) {
        this.#bit(this.#literals, start + node, (byte >> bit) & 1);
        node = node * 2 + ((byte >> bit) & 1);
      }
    }
  }

  /** A match of the longest distance: the end. */
  marker(position: number): void {
    this.#bit(this.#match, position & 3, 1);
    this.#once('rep', 0);
    this.#once('choice', 0);
    for (const name of ['l1', 'l2', 'l3']) this.#once(name, 0);
    for (let bit = 0; bit < 6; bit += 1) this.#once(`slot${bit}`, 1);
    for (let bit = 0; bit < 26; bit += 1) {
      this.#range >>>= 1;
      this.#low += this.#range;
      this.#normalize();
    }
    for (let bit = 0; bit < 4; bit += 1) this.#once(`align${bit}`, 1);
  }

  finish(): Buffer {
    const bytes = [...this.#out];
    bytes.push(Math.floor(this.#low / 2 ** 24));
    for (const shift of [16, 8, 0]) bytes.push(Math.floor(this.#low / 2 ** shift) % 256);
    return Buffer.from(carry(bytes));
  }

  #once(name: string, bit: number): void {
    const odds = new Uint16Array([this.#rest.get(name) ?? 1024]);
    this.#bit(odds, 0, bit);
  }

  #bit(odds: Uint16Array, index: number, bit: number): void {
    const odd = odds[index] as number;
    const bound = (this.#range >>> 11) * odd;
    if (bit === 0) this.#range = bound;
    else {
      this.#low += bound;
      this.#range -= bound;
    }
    odds[index] = bit === 0 ? odd + ((2048 - odd) >> 5) : odd - (odd >> 5);
    this.#normalize();
  }

  /** The byte above the range may still take a carry, which `carry` hands on at the end. */
  #normalize(): void {
    while (this.#range < 0x1000000) {
      this.#out.push(Math.floor(this.#low / 2 ** 24));
      this.#low = (this.#low % 2 ** 24) * 256;
      this.#range = (this.#range * 256) >>> 0;
    }
  }
}

/** Hands on what is above a byte to the one before. The first byte of the packed data is 0. */
function carry(parts: readonly number[]): number[] {
  const bytes = [0, ...parts];
  for (let at = bytes.length - 1; at > 0; at -= 1) {
    bytes[at - 1] = (bytes[at - 1] as number) + Math.floor((bytes[at] as number) / 256);
    bytes[at] = (bytes[at] as number) % 256;
  }
  return bytes;
}

/** An `.lzma` file of literals alone. */
export function lzmaOf(text: string | Uint8Array): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.from([0x5d, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(content.length, 5);
  const writer = new LzmaWriter();
  writer.literals(content);
  return Buffer.concat([header, writer.finish()]);
}

/** An lzip member of literals and the marker of the end. */
export function lzipOf(text: string | Uint8Array): Buffer {
  const content = Buffer.from(text);
  const writer = new LzmaWriter();
  writer.literals(content);
  writer.marker(content.length);
  return Buffer.concat([Buffer.from('LZIP\x01\x17', 'latin1'), writer.finish(), Buffer.alloc(20)]);
}

/** Bits, the highest of a byte first. */
class BitWriter {
  #bits = '';

  write(count: number, value: number): void {
    this.#bits += value.toString(2).padStart(count, '0');
  }

  finish(): Buffer {
    const padded = this.#bits.padEnd(Math.ceil(this.#bits.length / 8) * 8, '0');
    return Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  }
}

/** A bzip2 file of one block whose codes all have nine bits. */
export function bzip2Of(text: string | Uint8Array): Buffer {
  const content = Buffer.from(text);
  const { last, origin } = transform(writeRuns(content));
  const used = [...new Set(last)].sort((a, b) => a - b);
  const symbols = toSymbols(last, used);
  const crc = checksum(content);
  const bits = new BitWriter();
  for (const byte of Buffer.from('BZh1')) bits.write(8, byte);
  for (const byte of [0x31, 0x41, 0x59, 0x26, 0x53, 0x59]) bits.write(8, byte);
  bits.write(32, crc);
  bits.write(1, 0);
  bits.write(24, origin);
  writeMap(bits, used);
  bits.write(3, 2);
  bits.write(15, Math.ceil(symbols.length / 50));
  for (let at = 0; at < symbols.length; at += 50) bits.write(1, 0);
  for (let table = 0; table < 2; table += 1) {
    bits.write(5, 9);
    for (let symbol = 0; symbol < used.length + 2; symbol += 1) bits.write(1, 0);
  }
  for (const symbol of symbols) bits.write(9, symbol);
  for (const byte of [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]) bits.write(8, byte);
  bits.write(32, crc);
  return bits.finish();
}

function writeRuns(content: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < content.length; ) {
    let run = 1;
    while (run < 259 && content[at + run] === content[at]) run += 1;
    for (let count = 0; count < Math.min(run, 4); count += 1) out.push(content[at] as number);
    if (run >= 4) out.push(run - 4);
    at += run;
  }
  return out;
}

function transform(bytes: readonly number[]): { readonly last: number[]; readonly origin: number } {
  const text = String.fromCharCode(...bytes);
  const rotate = (at: number): string => text.slice(at) + text.slice(0, at);
  const order = bytes
    .map((_, at) => at)
    .sort((a, b) => (rotate(a) < rotate(b) ? -1 : rotate(a) > rotate(b) ? 1 : a - b));
  const last = order.map((at) => bytes[(at + bytes.length - 1) % bytes.length] as number);
  return { last, origin: order.indexOf(0) };
}

function toSymbols(last: readonly number[], used: readonly number[]): number[] {
  const order = [...used];
  const symbols: number[] = [];
  let zeros = 0;
  const flush = (): void => {
    for (; zeros > 0; zeros = (zeros - 1) >> 1) symbols.push((zeros - 1) & 1);
  };
  for (const byte of last) {
    const place = order.indexOf(byte);
    order.unshift(...order.splice(place, 1));
    if (place === 0) zeros += 1;
    else {
      flush();
      symbols.push(place + 1);
    }
  }
  flush();
  return [...symbols, used.length + 1];
}

function writeMap(bits: BitWriter, used: readonly number[]): void {
  const row = (index: number): number[] => used.filter((byte) => byte >> 4 === index);
  for (let index = 0; index < 16; index += 1) bits.write(1, row(index).length > 0 ? 1 : 0);
  for (let index = 0; index < 16; index += 1) {
    if (row(index).length === 0) continue;
    for (let column = 0; column < 16; column += 1) bits.write(1, used.includes(index * 16 + column) ? 1 : 0);
  }
}

function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  }
  return ~crc >>> 0;
}

/** A 7z archive of one file that is stored as it is. */
export function sevenZipOf(text: string | Uint8Array, name = 'a.txt'): Buffer {
  const content = Buffer.from(text);
  const number = (value: number): number[] => [0xc0, value & 255, (value >> 8) & 255];
  const names = Buffer.from(`${name}\0`, 'utf16le');
  const header = Buffer.from([
    ...[1, 4, 6, 0, 1, 9, ...number(content.length), 0],
    ...[7, 11, 1, 0, 1, 1, 0, 12, ...number(content.length), 0, 0],
    ...[5, 1, 17, names.length + 1, 0, ...names, 0, 0],
  ]);
  const start = Buffer.alloc(32);
  start.write("7z\xbc\xaf'\x1c\x00\x04", 'latin1');
  start.writeBigUInt64LE(BigInt(content.length), 12);
  start.writeBigUInt64LE(BigInt(header.length), 20);
  return Buffer.concat([start, content, header]);
}
