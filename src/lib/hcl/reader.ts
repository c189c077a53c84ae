import { Scanner } from './scanner.ts';

/** A scanner that counts how deep it is nested. */
export class Reader extends Scanner {
  private depth = 0;
  readonly maxDepth: number;

  constructor(text: string, start: number, end: number, maxDepth: number) {
    super(text, start, end);
    this.maxDepth = maxDepth;
  }

  /** A reader of a part of the text, one level deeper. */
  inside(start: number, end: number): Reader {
    const inner = new Reader(this.text, start, end, this.maxDepth);
    inner.depth = this.depth;
    return inner;
  }

  /** Runs `read` one level deeper. Throws where the limit is passed. */
  nested<T>(read: () => T): T {
    if (this.depth >= this.maxDepth) this.fail(`nested deeper than ${this.maxDepth} levels`);
    this.depth += 1;
    const value = read();
    this.depth -= 1;
    return value;
  }
}
