import { HclSyntaxError, Scanner } from './scanner.ts';

/** A scanner that counts how deep it is nested. */
export class Reader extends Scanner {
  private depth = 0;
  /** How many characters may still be read a second time, because the first attempt failed. */
  private again: number;
  readonly maxDepth: number;

  constructor(text: string, start: number, end: number, maxDepth: number) {
    super(text, start, end);
    this.maxDepth = maxDepth;
    this.again = 2 * (end - start) + 1_000;
  }

  /** A reader of a part of the text, one level deeper. */
  inside(start: number, end: number): Reader {
    const inner = new Reader(this.text, start, end, this.maxDepth);
    inner.depth = this.depth;
    return inner;
  }

  /**
   * What `read` returns, or undefined where the text is not what it expects; then the cursor is where it began. Throws
   * where too much was read twice.
   */
  attempt<T>(read: () => T | undefined): T | undefined {
    const start = this.at;
    let value: T | undefined;
    try {
      value = read();
    } catch (error) {
      if (!(error instanceof HclSyntaxError)) throw error;
      if (this.again <= 0) throw error;
    }
    if (value !== undefined) return value;
    this.again -= this.at - start;
    this.at = start;
    return undefined;
  }

  /** Runs `read` one level deeper. Throws where the limit is passed. */
  nested<T>(read: () => T): T {
    if (this.depth >= this.maxDepth) this.fail(`nested deeper than ${this.maxDepth} levels`);
    this.depth += 1;
    try {
      return read();
    } finally {
      this.depth -= 1;
    }
  }
}
