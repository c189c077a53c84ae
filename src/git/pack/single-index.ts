import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OPEN_LINKED } from '../../lib/files/tree-file.ts';
import {
  FANOUT_BYTES,
  INDEX_HEADER_BYTES,
  INDEX_MAGIC,
  isPackHeader,
  LARGE_OFFSET,
  PACK_HEADER_BYTES,
} from './format.ts';
import { PackError } from './pack-error.ts';

const NOTHING = Buffer.alloc(0);
/** An index up to this size is read in one go once it was read in so many pieces: a piece costs as much as 50 KiB. */
const SMALL_INDEX = 4 * 1024 * 1024;
const FEW_PIECES = 24;
/** Longest list of ids with the same first byte, in bytes. */
const LARGEST_BUCKET = 16 * 1024 * 1024;
/**
 * Bytes of the pack that are read in one go, and how many such windows are kept. Chains of deltas lie close together.
 */
const WINDOW = 16 * 1024;
const MOST_WINDOWS = 64;
const MOST_PACKS = 200;

/** A pack and its index, version 2. Reads only what is requested (https://git-scm.com/docs/pack-format). */
export class SinglePack {
  readonly width: number;
  /** Number of objects. */
  readonly #count: number;
  readonly #index: number;
  /** For each first byte: how many ids begin with that byte or a smaller one. */
  readonly #counts: Buffer;
  readonly #path: string;
  readonly #indexBytes: number;
  /** The whole index, if it is small and much of it was asked for. */
  #whole: Buffer | undefined;
  #pieces = 0;
  /** Windows by number, the oldest first. Their memory is reused, because new memory costs more than a system call. */
  readonly #windows = new Map<number, { readonly memory: Buffer; readonly bytes: Buffer }>();
  #longReadMemory = NOTHING;
  #pack: number | undefined;

  /**
   * @param path without its ending
   * @param width bytes of an object id
   */
  constructor(path: string, width: number) {
    this.width = width;
    this.#path = path;
    this.#index = openSync(`${path}.idx`, OPEN_LINKED);
    try {
      this.#indexBytes = fstatSync(this.#index).size;
      const header = this.#readIndex(0, INDEX_HEADER_BYTES + FANOUT_BYTES);
      this.#counts = header.subarray(INDEX_HEADER_BYTES);
      this.#count = this.#countTo(255);
      const smallestSize = INDEX_HEADER_BYTES + FANOUT_BYTES + this.#count * (width + 8) + 2 * width;
      const isKnown = header.readUInt32BE(0) === INDEX_MAGIC && header.readUInt32BE(4) === 2;
      if (!isKnown || this.#indexBytes < smallestSize) throw new PackError('a pack index is not as it should be');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Returns where an object starts in the pack, or undefined if it is not in it. */
  find(id: Uint8Array): number | undefined {
    const first = id[0] as number;
    const from = first === 0 ? 0 : this.#countTo(first - 1);
    const length = (this.#countTo(first) - from) * this.width;
    if (length < 0 || length > LARGEST_BUCKET) throw new PackError('the fan-out table of an index is odd');
    if (length === 0) return undefined;
    const idsAt = INDEX_HEADER_BYTES + FANOUT_BYTES;
    const ids = this.#readIndex(idsAt + from * this.width, length);
    let at = ids.indexOf(id);
    while (at > 0 && at % this.width !== 0) at = ids.indexOf(id, at + 1);
    if (at < 0) return undefined;
    const smallAt = idsAt + this.#count * (this.width + 4);
    const small = this.#readIndex(smallAt + (from + at / this.width) * 4, 4).readUInt32BE(0);
    if (small < LARGE_OFFSET) return small;
    return Number(this.#readIndex(smallAt + this.#count * 4 + (small - LARGE_OFFSET) * 8, 8).readBigUInt64BE(0));
  }

  /** Returns bytes of the pack, fewer at its end. The view is valid until the next call and must not be changed. */
  read(offset: number, length: number): Buffer {
    const number = Math.floor(offset / WINDOW);
    const from = offset - number * WINDOW;
    if (from + length <= WINDOW) return this.#window(number).subarray(from, from + length);
    if (this.#longReadMemory.length < length) this.#longReadMemory = Buffer.allocUnsafeSlow(2 * length);
    return this.#load(offset, this.#longReadMemory.subarray(0, length));
  }

  close(): void {
    closeSync(this.#index);
    if (this.#pack !== undefined) closeSync(this.#pack);
    this.#pack = undefined;
  }

  #readIndex(offset: number, length: number): Buffer {
    this.#pieces += 1;
    if (this.#indexBytes > SMALL_INDEX || this.#pieces <= FEW_PIECES) return readAt(this.#index, offset, length);
    this.#whole ??= readAt(this.#index, 0, this.#indexBytes);
    if (offset + length > this.#whole.length) throw new PackError('an index is cut');
    return this.#whole.subarray(offset, offset + length);
  }

  #window(number: number): Buffer {
    const window = this.#windows.get(number);
    if (window !== undefined) return window.bytes;
    const [oldest, oldestWindow] =
      this.#windows.size < MOST_WINDOWS ? [] : (this.#windows.entries().next().value ?? []);
    if (oldest !== undefined) this.#windows.delete(oldest);
    const memory = oldestWindow?.memory ?? Buffer.allocUnsafeSlow(WINDOW);
    const bytes = this.#load(number * WINDOW, memory);
    this.#windows.set(number, { memory, bytes });
    return bytes;
  }

  #load(offset: number, memory: Buffer): Buffer {
    this.#pack ??= this.#openPack();
    return memory.subarray(0, readSync(this.#pack, memory, 0, memory.length, offset));
  }

  #openPack(): number {
    const pack = openSync(`${this.#path}.pack`, OPEN_LINKED);
    try {
      this.#checkPack(pack);
      return pack;
    } catch (error) {
      closeSync(pack);
      throw error;
    }
  }

  #checkPack(pack: number): void {
    const { size } = fstatSync(pack);
    const header = readAt(pack, 0, PACK_HEADER_BYTES);
    const { width } = this;
    const sum = readAt(pack, size - width, width);
    const expected = this.#readIndex(this.#indexBytes - 2 * width, width);
    const fits = header.readUInt32BE(8) === this.#count && sum.equals(expected);
    if (!isPackHeader(header) || !fits) throw new PackError('pack and index do not belong together');
  }

  #countTo(byte: number): number {
    return this.#counts.readUInt32BE(byte * 4);
  }
}

/**
 * Opens the packs of a folder, the newest first, because it holds most of what is requested.
 * @throws where one is unusual
 */
export function openSinglePacks(folder: string, width: number): SinglePack[] {
  const packs: { readonly pack: SinglePack; readonly time: number }[] = [];
  try {
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.idx')) continue;
      if (packs.length === MOST_PACKS) throw new PackError('many packs');
      const path = join(folder, name);
      const pack = new SinglePack(path.slice(0, -'.idx'.length), width);
      packs.push({ pack, time: statSync(path).mtimeMs });
    }
  } catch (error) {
    for (const { pack } of packs) pack.close();
    throw error;
  }
  return packs.sort((a, b) => b.time - a.time).map(({ pack }) => pack);
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  if (offset < 0 || readSync(file, bytes, 0, length, offset) < length) throw new PackError('a file is cut');
  return bytes;
}
