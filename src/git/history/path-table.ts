/** Numbers paths from 0 in the order they are added. A history has many more blobs than paths. */
export class PathTable {
  readonly #numbers = new Map<string, number>();
  readonly #paths: string[] = [];

  /** All paths, by number. */
  get paths(): readonly string[] {
    return this.#paths;
  }

  /** Returns the number of a path, and adds the path if it is new. */
  add(path: string): number {
    const number = this.#numbers.get(path);
    if (number !== undefined) return number;
    this.#numbers.set(path, this.#paths.length);
    return this.#paths.push(path) - 1;
  }
}
