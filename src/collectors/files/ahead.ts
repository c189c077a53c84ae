import { close, open, read } from 'node:fs';
import { OPEN_FLAGS } from '../../lib/files/tree-file.ts';

/** The path of a file in the form that the system takes. */
export type Place = string | Buffer;

/**
 * Brings a file into the cache of the operating system. Resolves when it is there, or cannot be read. Never rejects.
 */
export type Warm = (place: Place, scratch: Buffer) => Promise<void>;

/**
 * Most files that are fetched at the same time. Node's thread pool works on four of them, unless the user gives it more
 * threads.
 */
export const IN_FLIGHT = 16;
/** Bytes that are fetched of each file. For a larger file the operating system reads ahead by itself. */
const SCRATCH = 128 * 1024;

/**
 * Fetches the files of a list before the reader needs them, at most `IN_FLIGHT` at once. This only fills the cache of
 * the operating system: the bytes are thrown away and read again, so it cannot change what is found.
 */
export class ReadAhead {
  readonly #places: readonly (Place | undefined)[];
  readonly #warm: Warm;
  readonly #pending: (Promise<void> | undefined)[] = [];
  #next: number;

  /** Begins at `places[from]`. Places that are undefined are not fetched. */
  constructor(places: readonly (Place | undefined)[], from: number, warm: Warm = warmFile) {
    this.#places = places;
    this.#warm = warm;
    this.#next = from;
    for (let count = 0; count < IN_FLIGHT; count++) this.#pull(Buffer.allocUnsafeSlow(SCRATCH));
  }

  /** Resolves when `places[index]` is fetched. Must be called in order. */
  async ready(index: number): Promise<void> {
    await this.#pending[index];
    this.#pending[index] = undefined;
  }

  /** Fetches no further file, and resolves when none is being fetched. */
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

/** Opens and reads a file in the thread pool. If that fails, the real reader reports it. */
function warmFile(place: Place, scratch: Buffer): Promise<void> {
  return new Promise((resolve) => {
    open(place, OPEN_FLAGS, (failed, descriptor) => {
      if (failed !== null) return resolve();
      read(descriptor, scratch, 0, scratch.length, null, () => close(descriptor, () => resolve()));
    });
  });
}

/** Reads that are judged together. */
const WINDOW = 16;
/**
 * Slow reads among them from which on the disk counts as slow. A single one may only show that another program was
 * busy.
 */
const SLOW_ONES = 8;
/**
 * A file from the cache takes 0.01 ms and one from a fast disk 0.1 ms: a thread gains nothing there. Rotating disks and
 * network disks take a millisecond and more.
 */
const SLOW = { base: 0.5, perByte: 1 / 1_000_000 };
/** Waits that are judged together. */
const WAITS = 64;
/** Judgements after which the disk is measured again by plain reads. */
const LOOKS = 32;
/** Fetching ahead pays if waiting takes at most this share of the time of a plain read. */
const WORTH = 0.75;

/** Measures reads to tell whether the disk is slow, and whether fetching ahead helps. Times in ms. */
export class DiskWatch {
  #count = 0;
  #slow = 0;
  #sum = 0;
  #plain = 0;
  #looks = 0;
  #isSlow = false;
  #isHopeless = false;

  /** True after a window of slow reads, unless fetching ahead proved to be no faster. */
  get isSlow(): boolean {
    return this.#isSlow;
  }

  /** Records one plain read: milliseconds and bytes. */
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

  /** Records how long the reader waited for a file that was fetched ahead. */
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
