import { close, open, read } from 'node:fs';
import { OPEN_FLAGS } from '../../lib/files/tree-file.ts';

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
/**
 * A file out of the system's cache takes 0.01 ms, one from a fast disk 0.1 ms: too little to gain by a thread. Disks
 * that turn and disks behind a network take a millisecond and more.
 */
const SLOW = { base: 0.5, perByte: 1 / 1_000_000 };
/** Waits looked at together. */
const WAITS = 64;
/** Such looks after which the disk is looked at again by plain reads. */
const LOOKS = 32;
/** Share of the time of a plain read that waiting for a file fetched ahead may take; else it is not worth it. */
const WORTH = 0.75;

/** Tells from how long reads take whether the disk is slow, and whether fetching ahead helps. Times in ms. */
export class DiskWatch {
  #count = 0;
  #slow = 0;
  #sum = 0;
  #plain = 0;
  #looks = 0;
  #isSlow = false;
  #isHopeless = false;

  /** True from the end of a window of slow reads on, unless fetching ahead has been found to be no faster. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Notes one plain read: milliseconds, bytes. */
  noteRead(took: number, bytes: number): void {
    if (took > SLOW.base + bytes * SLOW.perByte) this.#slow += 1;
    this.#sum += took;
    this.#count += 1;
    if (this.#count < WINDOW) return;
    this.#plain = this.#sum / this.#count;
    this.#isSlow = this.#slow >= SLOW_ONES && !this.#isHopeless;
    this.#looks = 0;
    this.#restart();
  }

  /** Notes how long a file that was fetched ahead was waited for. */
  noteWait(took: number): void {
    this.#sum += took;
    this.#count += 1;
    if (this.#count < WAITS) return;
    const isWorth = this.#sum / this.#count < this.#plain * WORTH;
    if (!isWorth) this.#isHopeless = true;
    this.#looks += 1;
    this.#isSlow = isWorth && this.#looks < LOOKS;
    this.#restart();
  }

  #restart(): void {
    this.#count = 0;
    this.#slow = 0;
    this.#sum = 0;
  }
}
