import { close, open, read } from 'node:fs';
import { OPEN_FLAGS } from './read.ts';

/** A file as the system opens it. */
export type Place = string | Buffer;

/** Brings a file into the system's cache. Resolves when it is there or cannot be had; never rejects. */
export type Warm = (place: Place, scratch: Buffer) => Promise<void>;

/** Files that are fetched at the same time. The thread pool runs four of them unless the user gives it more threads. */
export const IN_FLIGHT = 16;
/** Bytes fetched per file; for the rest of a larger one the system reads ahead by itself. */
const SCRATCH = 128 * 1024;

/**
 * Fetches the files of a list ahead of whoever reads them one by one, at most `IN_FLIGHT` at once. Only a hint to the
 * system: what it fetches is thrown away and read again from the cache, so that it cannot change what is found.
 */
export class ReadAhead {
  readonly #places: readonly (Place | undefined)[];
  readonly #warm: Warm;
  readonly #pending: (Promise<void> | undefined)[] = [];
  #next: number;

  /** Begins at `places[from]`. Undefined: not to be fetched. */
  constructor(places: readonly (Place | undefined)[], from: number, warm: Warm = warmFile) {
    this.#places = places;
    this.#warm = warm;
    this.#next = from;
    for (let count = 0; count < IN_FLIGHT; count++) this.#pull(Buffer.allocUnsafeSlow(SCRATCH));
  }

  /** Resolves when `places[index]` is there; to be asked in order. */
  async ready(index: number): Promise<void> {
    await this.#pending[index];
    this.#pending[index] = undefined;
  }

  /** Resolves when nothing is under way; no further file is fetched. */
  async stop(): Promise<void> {
    this.#next = this.#places.length;
    await Promise.all(this.#pending);
  }

  #pull(scratch: Buffer): void {
    const places = this.#places;
    while (this.#next < places.length && places[this.#next] === undefined) this.#next += 1;
    const index = this.#next;
    const place = places[index];
    if (place === undefined) return;
    this.#next = index + 1;
    this.#pending[index] = this.#warm(place, scratch).then(() => this.#pull(scratch));
  }
}

/** Opens and reads in the thread pool. A file that cannot be read is reported by whoever reads it in earnest. */
function warmFile(place: Place, scratch: Buffer): Promise<void> {
  return new Promise((resolve) => {
    open(place, OPEN_FLAGS, (failed, descriptor) => {
      if (failed !== null) return resolve();
      read(descriptor, scratch, 0, scratch.length, null, () => close(descriptor, () => resolve()));
    });
  });
}

/** Files looked at together. */
const WINDOW = 16;
/** So many slow ones of them call the disk slow: one alone may be another program's turn on the processor. */
const SLOW_ONES = 8;
/** A file out of the system's cache takes 10 to 30 microseconds, and 1 ms for a few megabytes. */
const SLOW = { base: 0.2, perByte: 1 / 1_000_000 };

/** Tells from how long reads take whether files come from a disk or from the system's cache. */
export class DiskWatch {
  #seen = 0;
  #slow = 0;
  #isSlow = false;

  /** True from the end of a window of slow reads on. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Notes one read: milliseconds, bytes. */
  note(took: number, bytes: number): void {
    this.#seen += 1;
    if (took > SLOW.base + bytes * SLOW.perByte) this.#slow += 1;
    if (this.#seen < WINDOW) return;
    this.#isSlow = this.#slow >= SLOW_ONES;
    this.#seen = 0;
    this.#slow = 0;
  }

  /** Forgets what was seen: the disk is to be looked at again. */
  reset(): void {
    this.#isSlow = false;
    this.#seen = 0;
    this.#slow = 0;
  }
}
