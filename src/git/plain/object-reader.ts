import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { applyDelta, readDeltaHeader } from '../pack/delta.ts';
import { PackError } from '../pack/pack-error.ts';
import { expectPlain, NotPlain } from './not-plain.ts';

/** Largest object that is read here, bytes: above it, git takes longer for the object than to start. */
export const LARGEST = 4 * 1024 * 1024;
/** Objects, and bytes of them, that one reader gives. */
const MOST_OBJECTS = 4_000;
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_PACKS = 50;
const LONGEST_CHAIN = 100;

/** Bytes that inflating makes room for: the least that Node takes, and what most files fit into. */
const LEAST_CHUNK = 64;
const CHUNK = 16 * 1024;

const OID_BYTES = 20;
const INDEX_HEADER = 8 + 256 * 4;
const INDEX_MAGIC = 0xff744f63;
/** Longest list of ids with the same first byte, bytes. */
const LARGEST_BUCKET = 4 * 1024 * 1024;
/** Type, size and place of the base of a packed object. */
const LONGEST_HEADER = 64;
const OFFSET_DELTA = 6;
const REFERENCE_DELTA = 7;
const TYPES: ReadonlyMap<number, ObjectKind> = new Map([
  [1, 'commit'],
  [2, 'tree'],
  [3, 'blob'],
]);

export type ObjectKind = 'commit' | 'tree' | 'blob';

interface StoredObject {
  readonly kind: ObjectKind;
  readonly bytes: Buffer;
}

interface PackFile {
  readonly name: string;
  readonly index: number;
  /** For each first byte of an id, how many ids come up to it. */
  readonly counts: Buffer;
  pack?: number;
}

/**
 * Reads single objects of an object folder with SHA-1 ids: loose ones and those of packs, without git. `read` throws `NotPlain` for
 * what is absent (it may be borrowed from another folder, or missing), damaged or large: git then says what is to be said.
 */
export class ObjectReader {
  readonly #folder: string;
  readonly #opened: number[] = [];
  #packs: readonly PackFile[] | undefined;
  #objects = 0;
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Gives the object's bytes. */
  read(oid: string, kind: ObjectKind): Buffer {
    this.#objects += 1;
    const found = this.#readPacked(oid, 0) ?? this.#readLoose(oid);
    this.#bytes += found.bytes.length;
    expectPlain(found.kind === kind, `${oid} is a ${found.kind}`);
    expectPlain(this.#objects <= MOST_OBJECTS && this.#bytes <= MOST_BYTES, 'many objects');
    return found.bytes;
  }

  close(): void {
    for (const opened of this.#opened.splice(0)) closeSync(opened);
  }

  #readLoose(oid: string): StoredObject {
    const opened = this.#open(join(this.#folder, oid.slice(0, 2), oid.slice(2)));
    const { size } = fstatSync(opened);
    expectPlain(size <= LARGEST, 'a large object');
    const bytes = inflate(readAt(opened, 0, size), LARGEST + LONGEST_HEADER, CHUNK);
    const end = bytes.indexOf(0);
    const [kind = '', length = ''] = bytes.toString('latin1', 0, Math.min(end, LONGEST_HEADER)).split(' ');
    const content = bytes.subarray(end + 1);
    expectPlain(end > 0 && String(content.length) === length, `header of ${oid}`);
    for (const known of TYPES.values()) if (known === kind) return { kind: known, bytes: content };
    throw new NotPlain(`${oid} is a ${kind}`);
  }

  #readPacked(oid: string, depth: number): StoredObject | undefined {
    const wanted = Buffer.from(oid, 'hex');
    this.#packs ??= this.#openIndexes();
    for (const pack of this.#packs) {
      const offset = findOffset(pack, wanted);
      if (offset !== undefined) return this.#readEntry(pack, offset, depth);
    }
    return undefined;
  }

  #openIndexes(): readonly PackFile[] {
    const names = readdirSync(join(this.#folder, 'pack')).filter((name) => name.endsWith('.idx'));
    expectPlain(names.length <= MOST_PACKS, 'many packs');
    return names.map((name) => {
      const index = this.#open(join(this.#folder, 'pack', name));
      const header = readAt(index, 0, INDEX_HEADER);
      const isKnown = header.readUInt32BE(0) === INDEX_MAGIC && header.readUInt32BE(4) === 2;
      expectPlain(isKnown, `version of ${name}`);
      return { name, index, counts: header.subarray(8) };
    });
  }

  #readEntry(pack: PackFile, offset: number, depth: number): StoredObject {
    expectPlain(depth < LONGEST_CHAIN, 'a long chain of deltas');
    pack.pack ??= this.#open(join(this.#folder, 'pack', pack.name.replace(/idx$/, 'pack')));
    const file = pack.pack;
    const head = readSome(file, offset, LONGEST_HEADER);
    const { type, size, end } = readEntryHead(head);
    expectPlain(size <= LARGEST, 'a large object');
    const kind = TYPES.get(type);
    if (kind !== undefined) return { kind, bytes: inflateFrom(file, offset + end, size) };
    const base = this.#readBase(pack, offset, type, head.subarray(end), depth + 1);
    const delta = inflateFrom(file, offset + end + base.headBytes, size);
    return { kind: base.object.kind, bytes: applyTo(base.object.bytes, delta) };
  }

  #readBase(
    pack: PackFile,
    offset: number,
    type: number,
    head: Buffer,
    depth: number,
  ): { readonly object: StoredObject; readonly headBytes: number } {
    if (type === REFERENCE_DELTA) {
      const object = this.#readPacked(head.toString('hex', 0, OID_BYTES), depth);
      if (object === undefined) throw new NotPlain('the base of a delta is elsewhere');
      return { object, headBytes: OID_BYTES };
    }
    expectPlain(type === OFFSET_DELTA, `type ${type} in a pack`);
    const { distance, length } = readDistance(head);
    expectPlain(distance > 0 && distance < offset, 'place of a base');
    return { object: this.#readEntry(pack, offset - distance, depth), headBytes: length };
  }

  #open(file: string): number {
    const opened = openSync(file, 'r');
    this.#opened.push(opened);
    return opened;
  }
}

/** Where an object lies in its pack; undefined where the pack does not have it. */
function findOffset({ index, counts }: PackFile, oid: Buffer): number | undefined {
  const first = oid[0] as number;
  const from = first === 0 ? 0 : counts.readUInt32BE((first - 1) * 4);
  const to = counts.readUInt32BE(first * 4);
  const total = counts.readUInt32BE(255 * 4);
  const length = (to - from) * OID_BYTES;
  expectPlain(from <= to && to <= total && length <= LARGEST_BUCKET, 'counts of a pack');
  const ids = readAt(index, INDEX_HEADER + from * OID_BYTES, length);
  let at = ids.indexOf(oid);
  while (at > 0 && at % OID_BYTES !== 0) at = ids.indexOf(oid, at + 1);
  if (at < 0) return undefined;
  const offsets = INDEX_HEADER + total * (OID_BYTES + 4);
  const near = readAt(index, offsets + (from + at / OID_BYTES) * 4, 4).readUInt32BE(0);
  if (near < 2 ** 31) return near;
  return Number(readAt(index, offsets + total * 4 + (near - 2 ** 31) * 8, 8).readBigUInt64BE(0));
}

function readEntryHead(head: Buffer): { readonly type: number; readonly size: number; readonly end: number } {
  let byte = head[0] ?? 0;
  let size = byte & 15;
  const type = (byte >> 4) & 7;
  let end = 1;
  for (let factor = 16; byte & 0x80; factor *= 128) {
    byte = head[end++] ?? 0;
    size += (byte & 0x7f) * factor;
  }
  return { type, size, end };
}

/** How far before a delta its base lies. */
function readDistance(head: Buffer): { readonly distance: number; readonly length: number } {
  let length = 1;
  let byte = head[0] ?? 0;
  let distance = byte & 0x7f;
  while (byte & 0x80) {
    byte = head[length++] ?? 0;
    distance = (distance + 1) * 128 + (byte & 0x7f);
  }
  return { distance, length };
}

function applyTo(base: Buffer, delta: Buffer): Buffer {
  try {
    const header = readDeltaHeader(delta);
    expectPlain(header.resultSize <= LARGEST, 'a large object');
    const result = Buffer.alloc(header.resultSize);
    applyDelta(base, delta, header, result, 0);
    return result;
  } catch (error) {
    if (error instanceof PackError) throw new NotPlain(error.message);
    throw error;
  }
}

/** What zlib makes of bytes that do not compress is hardly longer; longer streams are left to git. */
function inflateFrom(file: number, offset: number, size: number): Buffer {
  const bytes = inflate(readSome(file, offset, size + (size >> 8) + LONGEST_HEADER), size, size + 1);
  expectPlain(bytes.length === size, 'size of an object');
  return bytes;
}

/** `chunk`: bytes that are made room for at a time; all of them at once is fastest. */
function inflate(compressed: Buffer, most: number, chunk: number): Buffer {
  return inflateSync(compressed, { chunkSize: Math.max(chunk, LEAST_CHUNK), maxOutputLength: Math.max(most, 1) });
}

function readAt(file: number, offset: number, length: number): Buffer {
  const bytes = readSome(file, offset, length);
  expectPlain(bytes.length === length, 'a file is cut');
  return bytes;
}

/** Less where the file ends before. */
function readSome(file: number, offset: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}
