import type { ObjectType } from '../objects/cat-file.ts';
import { SingleReader } from '../pack/single-reader.ts';
import { expectPlain, NotPlain } from './not-plain.ts';

/** Largest object that is read here, in bytes. Git takes longer for a larger object than it takes to start. */
const LARGEST = 4 * 1024 * 1024;
/** Most objects that one reader returns, and most bytes of them. */
const MOST_OBJECTS = 4_000;
const MOST_BYTES = 64 * 1024 * 1024;
const SHA1_BYTES = 20;

/**
 * Reads single objects with SHA-1 ids for a hook, while a commit waits. It is `SingleReader` with small limits. `read`
 * throws for an object that is absent (missing, or borrowed from another folder), damaged or large. Then git reports
 * what is wrong.
 */
export class ObjectReader {
  readonly #folder: string;
  #reader: SingleReader | undefined;
  #objects = 0;
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the bytes of an object. They are shared and must not be changed. */
  read(oid: string, kind: ObjectType): Buffer {
    this.#reader ??= new SingleReader(this.#folder, SHA1_BYTES, LARGEST);
    const place = this.#reader.find(oid);
    if (place === undefined) throw new NotPlain(`${oid} is elsewhere`);
    const object = this.#reader.read(place);
    if ('failure' in object) throw new NotPlain('a large object');
    this.#objects += 1;
    this.#bytes += object.bytes.length;
    expectPlain(object.type === kind, `${oid} is a ${object.type}`);
    expectPlain(this.#objects <= MOST_OBJECTS && this.#bytes <= MOST_BYTES, 'many objects');
    return object.bytes;
  }

  close(): void {
    this.#reader?.close();
  }
}
