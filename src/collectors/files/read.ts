import { closeSync, fstatSync, readSync } from 'node:fs';
import { SHARED_FROM } from '../../lib/bytes/shared-array.ts';
import type { NoFile } from '../../lib/files/no-file.ts';
import { openTreeFile } from '../../lib/files/tree-file.ts';
import { errorCode } from '../../lib/files/walk.ts';

/** The result of reading one file. `bytes` are valid until the next file is read. */
export type FileRead =
  | { readonly state: 'read'; readonly bytes: Uint8Array }
  | { readonly state: 'empty' | 'symlink' | 'special-file' | 'folder' | 'absent' }
  | { readonly state: 'too-large'; readonly size: number }
  | { readonly state: 'unreadable'; readonly code: string };

/** Bytes of memory for files, if the caller provides none. */
const OWN_ROOM = 1024 * 1024;
/** Size of a block. A read that returns less than requested and ends inside a block has reached the end of the file. */
const BLOCK = 512;

/**
 * Reads whole files of at most `limit` bytes, all into the same memory: `room` if the file fits, else memory of its own
 * that grows to the largest file. It is synchronous on purpose: for many small files that is several times faster than
 * promises. It asks the system nothing that the read itself tells.
 */
export class FileReader {
  readonly #limit: number;
  readonly #room: Uint8Array;
  #large: Uint8Array = new Uint8Array(0);

  constructor(limit: number, room?: Uint8Array) {
    this.#limit = limit;
    this.#room = room ?? Buffer.allocUnsafeSlow(OWN_ROOM);
  }

  /** Never throws. It does not follow links, because the tree may have changed since it was listed. */
  read(file: string | Buffer): FileRead {
    const descriptor = openTreeFile(file);
    if (typeof descriptor !== 'number') return fromNoFile(descriptor);
    try {
      return this.#readOpen(descriptor);
    } catch (error) {
      return fromReadError(descriptor, errorCode(error));
    } finally {
      closeSync(descriptor);
    }
  }

  #readOpen(descriptor: number): FileRead {
    const room = this.#room;
    const asked = Math.min(room.length, this.#limit + 1);
    const length = fill(descriptor, room, 0, asked);
    if (length === asked) return this.#readOn(descriptor, room.subarray(0, length));
    if (length > 0) return { state: 'read', bytes: room.subarray(0, length) };
    return { state: fstatSync(descriptor).isFile() ? 'empty' : 'special-file' };
  }

  /**
   * The size that `stat` returns is only a hint: the file may grow or shrink meanwhile, and some file systems say
   * nothing.
   */
  #readOn(descriptor: number, begun: Uint8Array): FileRead {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) return { state: 'special-file' };
    const limit = this.#limit;
    const tooLarge = (length: number): FileRead => ({ state: 'too-large', size: Math.max(stat.size, length) });
    if (stat.size > limit || begun.length > limit) return tooLarge(begun.length);
    let length = begun.length;
    let bytes = this.#reserve(Math.max(stat.size, length) + 1, begun);
    for (;;) {
      length = fill(descriptor, bytes, length, bytes.length);
      if (length < bytes.length) return { state: 'read', bytes: bytes.subarray(0, length) };
      if (length > limit) return tooLarge(length);
      bytes = this.#reserve(Math.min(2 * length, limit + 1), bytes);
    }
  }

  /** Returns memory of exactly `size` bytes that begins with `begun`. */
  #reserve(size: number, begun: Uint8Array): Uint8Array {
    const large = this.#large.length >= size ? this.#large : allocate(size);
    if (large.buffer !== begun.buffer) large.set(begun);
    this.#large = large;
    return large.subarray(0, size);
  }
}

/** Memory for a file; other threads can read it where it is large. */
function allocate(size: number): Buffer {
  return size < SHARED_FROM ? Buffer.allocUnsafeSlow(size) : Buffer.from(new SharedArrayBuffer(size));
}

/** Reads to the end of the file or of `[from, to)`, and returns the position reached. */
function fill(descriptor: number, bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const read = readSync(descriptor, bytes, at, to - at, null);
    at += read;
    if (read === 0 || read % BLOCK !== 0) break;
  }
  return at;
}

function fromNoFile(missing: NoFile): FileRead {
  if (missing.state === 'too-large' || missing.state === 'unreadable') return missing;
  return { state: missing.state === 'outside' ? 'absent' : missing.state };
}

/** A folder can be opened but not read. A pipe with a writer and without bytes answers EAGAIN. */
function fromReadError(descriptor: number, code: string): FileRead {
  if (code === 'EISDIR') return { state: 'folder' };
  try {
    if (!fstatSync(descriptor).isFile()) return { state: 'special-file' };
  } catch {
    return { state: 'unreadable', code };
  }
  return { state: 'unreadable', code };
}
