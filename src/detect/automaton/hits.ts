/** A growing list of hits: pairs of (position after the literal, state of the automaton). */
export class HitList {
  #values = new Uint32Array(1024);
  #length = 0;

  /** Number of hits. */
  get size(): number {
    return this.#length >>> 1;
  }

  add(position: number, state: number): void {
    if (this.#length === this.#values.length) this.#grow(this.#length * 2);
    this.#values[this.#length++] = position;
    this.#values[this.#length++] = state;
  }

  /** Adds the first `length` numbers of a list of pairs whose positions count from `origin`. */
  addAll(pairs: Uint32Array, length: number, origin: number): void {
    if (this.#length + length > this.#values.length) this.#grow((this.#length + length) * 2);
    for (let index = 0; index < length; index += 2) {
      this.#values[this.#length++] = (pairs[index] as number) + origin;
      this.#values[this.#length++] = pairs[index + 1] as number;
    }
  }

  clear(): void {
    this.#length = 0;
  }

  positionAt(index: number): number {
    return this.#values[index * 2] as number;
  }

  stateAt(index: number): number {
    return this.#values[index * 2 + 1] as number;
  }

  #grow(length: number): void {
    const grown = new Uint32Array(length);
    grown.set(this.#values.subarray(0, this.#length));
    this.#values = grown;
  }
}
