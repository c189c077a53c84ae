const SMALLEST_BITS = 12;
const MAX_KEPT = 64 * 1024 * 1024;
const CHUNK_BYTES = 16 * 1024 * 1024;
/** Larger slabs get memory of their own. Cut from a chunk, they would leave much of it unused. */
const LARGEST_CUT = CHUNK_BYTES / 8;

/**
 * Reuses memory for rebuilt objects: without it, a history of gigabytes would leave as much garbage. Sizes are rounded
 * up to a power of two (at least 4 KiB), and at most 64 MiB of free memory is kept. Slabs are cut out of chunks, so
 * that most slabs in use lie in the same ArrayBuffer. Within one ArrayBuffer bytes are moved twice as fast
 * (`applyDelta`).
 */
export class BufferPool {
  readonly #free: Uint8Array[][] = [];
  #keptBytes = 0;
  #chunk: ArrayBuffer | undefined;
  #cut = 0;

  /** Returns a slab of at least `size` bytes. Its content is undefined. */
  take(size: number): Uint8Array {
    const bits = Math.max(SMALLEST_BITS, Math.ceil(Math.log2(Math.max(size, 1))));
    const slab = this.#free[bits]?.pop();
    if (slab === undefined) return this.#make(2 ** bits);
    this.#keptBytes -= slab.length;
    return slab;
  }

  #make(length: number): Uint8Array {
    if (length > LARGEST_CUT) return new Uint8Array(length);
    if (this.#chunk === undefined || this.#cut + length > CHUNK_BYTES) {
      this.#chunk = new ArrayBuffer(CHUNK_BYTES);
      this.#cut = 0;
    }
    const slab = new Uint8Array(this.#chunk, this.#cut, length);
    this.#cut += length;
    return slab;
  }

  /** Gives a slab back. Nobody may use it, or a view of it, afterwards. */
  give(slab: Uint8Array): void {
    if (this.#keptBytes + slab.length > MAX_KEPT) return;
    const bits = Math.round(Math.log2(slab.length));
    const list = this.#free[bits] ?? [];
    this.#free[bits] = list;
    list.push(slab);
    this.#keptBytes += slab.length;
  }
}
