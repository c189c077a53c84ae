import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { OPEN_LINKED } from '../../lib/files/tree-file.ts';
import { isPackHeader, PACK_HEADER_BYTES } from './format.ts';
import { PackError } from './pack-error.ts';

const WINDOW_BYTES = 128 * 1024;
const MAX_WINDOWS = 128;

/**
 * Reads a pack at any place, in windows of 128 KiB with at most 16 MiB in memory, because a pack can be larger than any
 * buffer. The operating system caches the rest; larger windows, or new memory for each window, made reading slower. The
 * file stays open, so a repack of the repository meanwhile does no harm (on POSIX). Close it after use.
 */
export class PackFile {
  /** Size in bytes, trailer included. */
  readonly size: number;
  readonly path: string;
  /** The checksum at the end of the pack, of everything before it. */
  readonly checksum: Uint8Array;
  readonly #file: number;
  /** Windows by number, the least recently used first. */
  readonly #windows = new Map<number, Buffer>();
  #lastNumber = -1;
  #last: Buffer = Buffer.alloc(0);

  /**
   * @throws PackError unless the file is a pack of version 2 or 3 with this many objects and this checksum at its end
   */
  constructor(path: string, expected: { readonly count: number; readonly checksum: Uint8Array }) {
    this.path = path;
    this.checksum = expected.checksum;
    this.#file = openSync(path, OPEN_LINKED);
    try {
      this.size = fstatSync(this.#file).size;
      this.#check(expected);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#file);
    this.#windows.clear();
  }

  /**
   * Returns the bytes `[start, end)` as a view that must not be kept.
   * @throws PackError outside of the file
   */
  read(start: number, end: number): Buffer {
    const number = Math.floor(start / WINDOW_BYTES);
    const from = start - number * WINDOW_BYTES;
    if (end < start || start < 0 || end > this.size) throw new PackError('an object lies outside of the pack');
    if (from + end - start > WINDOW_BYTES) return this.#fill(Buffer.allocUnsafe(end - start), start);
    return this.#window(number).subarray(from, from + end - start);
  }

  #window(number: number): Buffer {
    if (number === this.#lastNumber) return this.#last;
    let window = this.#windows.get(number);
    if (window === undefined) {
      const start = number * WINDOW_BYTES;
      window = this.#fill(this.#takeRoom().subarray(0, this.size - start), start);
    } else {
      this.#windows.delete(number);
    }
    this.#windows.set(number, window);
    this.#lastNumber = number;
    this.#last = window;
    return window;
  }

  /** Returns memory for a window. Where the limit is reached, it takes that of the least recently used one. */
  #takeRoom(): Buffer {
    if (this.#windows.size >= MAX_WINDOWS) {
      for (const [oldest, window] of this.#windows) {
        this.#windows.delete(oldest);
        if (window.length === WINDOW_BYTES) return window;
      }
    }
    return Buffer.allocUnsafeSlow(WINDOW_BYTES);
  }

  #fill(bytes: Buffer, start: number): Buffer {
    for (let filled = 0; filled < bytes.length; ) {
      const count = readSync(this.#file, bytes, filled, bytes.length - filled, start + filled);
      if (count === 0) throw new PackError('the pack ends too early');
      filled += count;
    }
    return bytes;
  }

  #check(expected: { readonly count: number; readonly checksum: Uint8Array }): void {
    const width = expected.checksum.length;
    if (this.size < PACK_HEADER_BYTES + width) throw new PackError('the pack is too short');
    const header = this.read(0, PACK_HEADER_BYTES);
    if (!isPackHeader(header)) throw new PackError('the pack is not of version 2 or 3');
    if (header.readUInt32BE(8) !== expected.count)
      throw new PackError('pack and index differ in their number of objects');
    if (!this.read(this.size - width, this.size).equals(expected.checksum)) {
      throw new PackError('pack and index do not belong together');
    }
  }
}
