import type { ObjectType } from '../objects/cat-file.ts';
import { SingleReader } from '../pack/single-reader.ts';
import { expectPlain, NotPlain } from './not-plain.ts';

/** Largest object that is read here, bytes: above it, git takes longer for the object than to start. */
const LARGEST = 4 * 1024 * 1024;
/** Objects that one reader returns, and bytes of them. */
const MOST_OBJECTS = 4_000;
const MOST_BYTES = 64 * 1024 * 1024;
const SHA1_BYTES = 20;

/**
 * Reads single objects with SHA-1 ids for a commit that waits: `SingleReader` with small limits. `read` throws for
 * whatever is absent (it may be borrowed from another folder, or missing), damaged or large: git then says what is to
 * be said.
 */
export class ObjectReader {
  readonly #folder: string;
  #reader: SingleReader | undefined;
  #objects = 0;
  #bytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the object's bytes: shared, not to be changed. */
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
