const SMALLEST_BITS = 12;
const MAX_KEPT = 64 * 1024 * 1024;

/**
 * Memory for rebuilt objects, used again and again: a history of gigabytes would otherwise be as much garbage. Sizes are
 * rounded up to a power of two (at least 4 KiB); at most 64 MiB of free memory is kept.
 */
export class BufferPool {
  readonly #free: Uint8Array[][] = [];
  #kept = 0;

  /** A slab that holds at least `size` bytes. Its content is undefined. */
  take(size: number): Uint8Array {
    const bits = Math.max(SMALLEST_BITS, Math.ceil(Math.log2(Math.max(size, 1))));
    const slab = this.#free[bits]?.pop();
    if (slab === undefined) return new Uint8Array(2 ** bits);
    this.#kept -= slab.length;
    return slab;
  }

  /** Gives a slab back. Nobody may use it or a view of it any more. */
  give(slab: Uint8Array): void {
    if (this.#kept + slab.length > MAX_KEPT) return;
    const bits = Math.round(Math.log2(slab.length));
    const list = this.#free[bits] ?? [];
    this.#free[bits] = list;
    list.push(slab);
    this.#kept += slab.length;
  }
}
