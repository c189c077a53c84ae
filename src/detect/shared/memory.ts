/** Entries that are remembered at a time. */
const MOST = 4_096;

/** Remembers what a pure function gave. Forgets everything when it is full. */
export class Memory<Value> {
  readonly #values = new Map<string, Value>();

  get(key: string, make: () => Value): Value {
    const remembered = this.#values.get(key);
    if (remembered !== undefined) return remembered;
    if (this.#values.size >= MOST) this.#values.clear();
    const value = make();
    this.#values.set(key, value);
    return value;
  }
}
