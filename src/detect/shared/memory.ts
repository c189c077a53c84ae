/** Entries that are remembered at a time. */
const MOST = 4_096;

/** Remembers what a pure function gave. Forgets everything when it is full. */
export class Memory<Value> {
  readonly #known = new Map<string, Value>();

  get(key: string, make: () => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MOST) this.#known.clear();
    const made = make();
    this.#known.set(key, made);
    return made;
  }
}
