import { expectPlain, NotPlain } from './not-plain.ts';

const HEADER_BYTES = 12;
/** Bytes in front of the path of an entry: times and numbers of the file on disk, mode, owner, size, id and flags. */
const ENTRY_BYTES = 62;
const CHECKSUM_BYTES = 20;
const OID_BYTES = 20;
const MODE_AT = 24;
const OID_AT = 40;
const FLAGS_AT = 60;
const EXTENDED = 0x4000;
const STAGE = 0x3000;
const LONG_NAME = 0xfff;
const NUL = 0;
const LF = 10;
const SPACE = 32;
const DEEPEST = 128;

/** A file of the index. `path` has one character per byte. */
export interface IndexEntry {
  readonly path: string;
  readonly mode: number;
  readonly oid: string;
}

/** A folder whose tree git knew when it wrote the index. */
export interface CachedTree {
  /** Number of files below it. -1 if something below it changed since. */
  readonly count: number;
  /** Id of the tree. Empty where `count` is -1. */
  readonly oid: string;
  /** By name, one character per byte. */
  readonly folders: ReadonlyMap<string, CachedTree>;
}

/**
 * Reads an index from front to back (https://git-scm.com/docs/index-format): version 2 and 3, with SHA-1 ids. All
 * methods throw `NotPlain` for what only git understands: conflicts, files marked to be added later, split and sparse
 * indexes.
 */
export class IndexReader {
  readonly tree: CachedTree | undefined;
  readonly #bytes: Buffer;
  /** Where each entry begins. The last number is where the last entry ends. */
  readonly #places: Uint32Array;
  #next = 0;
  #current: IndexEntry | undefined;
  #before = '';

  constructor(bytes: Buffer) {
    const isIndex = bytes.length >= HEADER_BYTES + CHECKSUM_BYTES && bytes.toString('latin1', 0, 4) === 'DIRC';
    expectPlain(isIndex, 'no index');
    const version = bytes.readUInt32BE(4);
    expectPlain(version === 2 || version === 3, `index version ${version}`);
    this.#bytes = bytes;
    const count = bytes.readUInt32BE(8);
    expectPlain(count * ENTRY_BYTES < bytes.length, 'the index is cut');
    this.#places = new Uint32Array(count + 1).fill(HEADER_BYTES);
    let at = HEADER_BYTES;
    for (let entry = 0; entry < count; ) {
      at = this.#entryEnd(at);
      this.#places[++entry] = at;
    }
    this.tree = readExtensions(bytes, at);
  }

  /** Returns the next entry without passing it, or undefined at the end. */
  peek(): IndexEntry | undefined {
    if (this.#current !== undefined || this.#next + 1 >= this.#places.length) return this.#current;
    const at = this.#places[this.#next] as number;
    const begin = this.#nameAt(at);
    const path = this.#bytes.toString('latin1', begin, this.#nameEnd(at, begin));
    expectPlain(path > this.#before && !path.startsWith('/') && !path.includes('//'), 'paths of the index');
    const mode = this.#bytes.readUInt32BE(at + MODE_AT);
    const oid = this.#bytes.toString('hex', at + OID_AT, at + OID_AT + OID_BYTES);
    this.#current = { path, mode, oid };
    return this.#current;
  }

  /** Skips entries. */
  skip(count: number): void {
    this.#before = this.#current?.path ?? this.#before;
    this.#current = undefined;
    this.#next += count;
    expectPlain(this.#next < this.#places.length, 'too few entries');
  }

  #entryEnd(at: number): number {
    const begin = this.#nameAt(at);
    // One to eight zero bytes pad the entry to a multiple of eight.
    return at + ((this.#nameEnd(at, begin) - at + 8) & ~7);
  }

  #nameAt(at: number): number {
    expectPlain(at + ENTRY_BYTES <= this.#bytes.length - CHECKSUM_BYTES, 'the index is cut');
    const flags = this.#flags(at);
    expectPlain((flags & STAGE) === 0, 'a conflict');
    if ((flags & EXTENDED) === 0) return at + ENTRY_BYTES;
    throw new NotPlain('an entry with further flags');
  }

  #nameEnd(at: number, begin: number): number {
    const length = this.#flags(at) & LONG_NAME;
    const end = length < LONG_NAME ? begin + length : this.#bytes.indexOf(NUL, begin);
    expectPlain(end >= begin && end < this.#bytes.length - CHECKSUM_BYTES, 'the index is cut');
    return end;
  }

  #flags(at: number): number {
    return ((this.#bytes[at + FLAGS_AT] as number) << 8) | (this.#bytes[at + FLAGS_AT + 1] as number);
  }
}

/**
 * Reads the extensions behind the entries. An extension whose name begins with a small letter changes what entries
 * mean.
 */
function readExtensions(bytes: Buffer, from: number): CachedTree | undefined {
  const end = bytes.length - CHECKSUM_BYTES;
  let tree: CachedTree | undefined;
  let at = from;
  while (at < end) {
    expectPlain(at + 8 <= end, 'the index is cut');
    const name = bytes.toString('latin1', at, at + 4);
    const begin = at + 8;
    at = begin + bytes.readUInt32BE(at + 4);
    expectPlain(at <= end && /^[A-Z]/.test(name), `extension ${name} of the index`);
    if (name === 'TREE') tree = new CachedTreeReader(bytes.subarray(begin, at)).read(0).tree;
  }
  return tree;
}

class CachedTreeReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /**
   * Reads one folder with everything below it: name, NUL, count, space, number of folders, LF, and the id if the count
   * is not negative.
   */
  read(depth: number): { readonly name: string; readonly tree: CachedTree } {
    expectPlain(depth < DEEPEST, 'folders of the index');
    const name = this.#upTo(NUL);
    const count = Number(this.#upTo(SPACE));
    const below = Number(this.#upTo(LF));
    expectPlain(Number.isInteger(count) && Number.isInteger(below) && below >= 0, 'cached trees of the index');
    let oid = '';
    if (count >= 0) {
      oid = this.#bytes.toString('hex', this.#at, this.#at + OID_BYTES);
      this.#at += OID_BYTES;
    }
    const folders = new Map<string, CachedTree>();
    for (let remaining = below; remaining > 0; remaining--) {
      const folder = this.read(depth + 1);
      folders.set(folder.name, folder.tree);
    }
    return { name, tree: { count, oid, folders } };
  }

  #upTo(byte: number): string {
    const end = this.#bytes.indexOf(byte, this.#at);
    expectPlain(end >= 0, 'cached trees of the index');
    const text = this.#bytes.toString('latin1', this.#at, end);
    this.#at = end + 1;
    return text;
  }
}
