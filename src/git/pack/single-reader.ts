import { statSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { readLinkedFile } from '../../lib/files/tree-file.ts';
import type { ObjectType } from '../objects/cat-file.ts';
import { applyDelta, readDeltaHeader } from './delta.ts';
import {
  ENTRY_TYPES,
  LONGEST_ENTRY_HEADER,
  OFS_DELTA,
  REF_DELTA,
  readBaseDistance,
  readEntryHeader,
} from './entry-header.ts';
import { LONGEST_CHAIN } from './format.ts';
import { createLateInflater } from './inflate.ts';
import { PackError } from './pack-error.ts';
import { openSinglePacks, type SinglePack } from './single-index.ts';

/** Bytes of bases that are kept, so that versions of one file are inflated and rebuilt once. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** Most bytes of the header of a loose object: type and size. */
const LOOSE_HEADER = 64;
/** Text is hardly ever deflated to more than this share of its size. What needs more is read a second time. */
const USUAL_RATIO = 0.4;
/**
 * What a loose object may take beside its content: its header, and the overhead of deflate for files of some hundred
 * megabytes that it cannot make smaller.
 */
const LOOSE_OVERHEAD = 64 * 1024;

/** Where an object is stored. */
export type ObjectPlace = PackedPlace | { readonly loose: string };

interface PackedPlace {
  readonly pack: SinglePack;
  readonly offset: number;
}

/** An object, or the size of one that is over the limit. The bytes are shared and must not be changed. */
export type SingleObject = Built | TooLarge;

interface Built {
  readonly type: ObjectType;
  readonly bytes: Buffer;
}

interface TooLarge {
  readonly failure: 'too-large';
  readonly size: number;
}

/** The header of a packed object. */
interface Entry {
  readonly place: PackedPlace;
  readonly type: number;
  /** Inflated bytes of the object, or of the delta. */
  readonly size: number;
  /** Where the compressed data starts. */
  readonly start: number;
  /** The base of a delta. */
  readonly base?: PackedPlace;
}

/**
 * Reads single objects of an object folder, packed and loose ones, without git: a few hundred out of a history. (To
 * read all of them, `openPackSource` is faster.) Objects that are borrowed, missing, damaged or unusual throw or are
 * not found. Then git must be asked.
 */
export class SingleReader {
  readonly #folder: string;
  readonly #maxBytes: number;
  readonly #inflate = createLateInflater();
  readonly #packs: readonly SinglePack[];
  readonly #builtByPack = new Map<SinglePack, Map<number, Built>>();
  #keptBytes = 0;
  #delta = Buffer.allocUnsafe(16 * 1024);

  /**
   * @param folder the object folder
   * @param width bytes of an object id
   * @param maxBytes larger objects are not built
   * @throws where a pack is unusual
   */
  constructor(folder: string, width: number, maxBytes: number) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
    this.#packs = openSinglePacks(join(folder, 'pack'), width);
  }

  /** Finds an object by its id in hex. Returns undefined if this folder does not have it. */
  find(oid: string): ObjectPlace | undefined {
    const packed = this.#findPacked(Buffer.from(oid, 'hex'));
    if (packed !== undefined) return packed;
    const loose = join(this.#folder, oid.slice(0, 2), oid.slice(2));
    return statSync(loose, { throwIfNoEntry: false }) === undefined ? undefined : { loose };
  }

  /** @throws where only git can tell what the object is */
  read(place: ObjectPlace): SingleObject {
    if ('loose' in place) return readLoose(place.loose, this.#maxBytes);
    const chain: Entry[] = [];
    let built: SingleObject | undefined;
    for (let at: PackedPlace | undefined = place; at !== undefined && built === undefined; at = chain.at(-1)?.base) {
      if (chain.length > LONGEST_CHAIN) throw new PackError('a chain of deltas is too long');
      built = this.#builtByPack.get(at.pack)?.get(at.offset);
      if (built === undefined) chain.push(this.#readEntry(at));
    }
    for (let entry = chain.pop(); entry !== undefined; entry = chain.pop()) {
      built = entry.base === undefined ? this.#whole(entry) : this.#apply(entry, built);
      if ('bytes' in built) this.#keep(entry.place, built);
    }
    if (built === undefined) throw new PackError('there is nothing to build on');
    return built;
  }

  close(): void {
    for (const pack of this.#packs) pack.close();
    this.#builtByPack.clear();
  }

  #findPacked(id: Uint8Array): PackedPlace | undefined {
    for (const pack of this.#packs) {
      const offset = pack.find(id);
      if (offset !== undefined) return { pack, offset };
    }
    return undefined;
  }

  #whole(entry: Entry): SingleObject {
    const { type, size } = entry;
    const name = ENTRY_TYPES[type];
    if (name === undefined) throw new PackError('an object of no known type');
    if (size > this.#maxBytes) return { failure: 'too-large', size };
    const output = Buffer.allocUnsafeSlow(size + 1);
    this.#inflateInto(entry, output);
    return { type: name, bytes: output.subarray(0, size) };
  }

  #apply(entry: Entry, base: SingleObject | undefined): SingleObject {
    if (base === undefined || 'failure' in base) throw new PackError('a base is over the limit');
    if (entry.size > this.#maxBytes) throw new PackError('a delta is over the limit');
    if (this.#delta.length <= entry.size) this.#delta = Buffer.allocUnsafe(2 * entry.size);
    this.#inflateInto(entry, this.#delta);
    const delta = this.#delta.subarray(0, entry.size);
    const header = readDeltaHeader(delta);
    const size = header.resultSize;
    if (size > this.#maxBytes) return { failure: 'too-large', size };
    const bytes = Buffer.allocUnsafeSlow(size);
    applyDelta(base.bytes, delta, header, bytes, 0);
    return { type: base.type, bytes };
  }

  /** Only the whole index tells where an object ends. So the first read may take too much or too little. */
  #inflateInto({ place, start, size }: Entry, output: Uint8Array): void {
    const readLength = Math.ceil(size * 1.15) + 1024;
    const usual = Math.min(readLength, Math.ceil(size * USUAL_RATIO) + 4096);
    try {
      this.#inflate(place.pack.read(start, usual), size, output);
    } catch (error) {
      if (usual === readLength) throw error;
      this.#inflate(place.pack.read(start, readLength), size, output);
    }
  }

  #readEntry(place: PackedPlace): Entry {
    const { pack, offset } = place;
    const bytes = pack.read(offset, LONGEST_ENTRY_HEADER);
    const { type, size, end } = readEntryHeader(bytes);
    if (size === Number.MAX_SAFE_INTEGER) throw new PackError('an object claims an impossible size');
    if (type === OFS_DELTA) {
      const { distance, end: start } = readBaseDistance(bytes, end);
      if (distance <= 0 || distance >= offset) throw new PackError('a base lies outside of the pack');
      return { place, type, size, start: offset + start, base: { pack, offset: offset - distance } };
    }
    if (type !== REF_DELTA) return { place, type, size, start: offset + end };
    const base = pack.find(bytes.subarray(end, end + pack.width));
    if (base === undefined) throw new PackError('the base of a delta is elsewhere');
    return { place, type, size, start: offset + end + pack.width, base: { pack, offset: base } };
  }

  #keep({ pack, offset }: PackedPlace, built: Built): void {
    if (this.#keptBytes + built.bytes.length > KEPT_BYTES) {
      this.#builtByPack.clear();
      this.#keptBytes = 0;
    }
    if (built.bytes.length > KEPT_BYTES) return;
    this.#keptBytes += built.bytes.length;
    const builtHere = this.#builtByPack.get(pack) ?? new Map<number, Built>();
    this.#builtByPack.set(pack, builtHere.set(offset, built));
  }
}

/** A loose object: `<type> <size>`, NUL, and the content, deflated. */
function readLoose(path: string, maxBytes: number): SingleObject {
  // Deflate hardly enlarges anything. For a larger file git tells the real size, without all of it in memory.
  const read = readLinkedFile(path, maxBytes + LOOSE_OVERHEAD);
  if (read.state === 'too-large') throw new PackError('a loose object is over the limit');
  if (read.state !== 'read') throw new PackError('a loose object cannot be read');
  const text = inflateSync(read.bytes, { maxOutputLength: maxBytes + LOOSE_HEADER });
  const end = text.indexOf(0);
  const [name, length] = text.toString('latin1', 0, Math.min(Math.max(end, 0), LOOSE_HEADER)).split(' ');
  const type = ENTRY_TYPES.find((entryType) => entryType === name);
  const bytes = text.subarray(end + 1);
  if (type === undefined || String(bytes.length) !== length) throw new PackError('a loose object has no valid header');
  return bytes.length > maxBytes ? { failure: 'too-large', size: bytes.length } : { type, bytes };
}
