/** What a reader of a format throws: the caller makes a gap of it, with what came out before. */
export class UnpackError extends Error {
  readonly problem: 'limit' | 'corrupt' | 'unsupported';

  constructor(problem: 'limit' | 'corrupt' | 'unsupported', message: string = problem) {
    super(message);
    this.problem = problem;
  }
}

const FIRST_SIZE = 4096;

/** Takes unpacked bytes, at most so many, and returns them back as the dictionary of what follows. */
export class ByteSink {
  readonly #mostBytes: number;
  #bytes = new Uint8Array(FIRST_SIZE);
  length = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes that it still takes. */
  get room(): number {
    return this.#mostBytes - this.length;
  }

  /** Throws `UnpackError` ('limit') where the byte is one too many. */
  write(byte: number): void {
    if (this.length >= this.#bytes.length) this.#grow(this.length + 1);
    if (this.length >= this.#mostBytes) throw new UnpackError('limit');
    this.#bytes[this.length] = byte;
    this.length += 1;
  }

  writeAll(bytes: Uint8Array): void {
    const fitting = Math.min(bytes.length, this.#mostBytes - this.length);
    this.#grow(this.length + fitting);
    this.#bytes.set(bytes.subarray(0, fitting), this.length);
    this.length += fitting;
    if (fitting < bytes.length) throw new UnpackError('limit');
  }

  /** The byte so far back; 1 is the last one. */
  back(distance: number): number {
    return this.#bytes[this.length - distance] as number;
  }

  /** Writes again what was written so far back, which may reach into what it writes. */
  copy(distance: number, length: number): void {
    for (let count = 0; count < length; count += 1) this.write(this.back(distance));
  }

  /** What was written; valid until more is. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  #grow(needed: number): void {
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, Math.min(this.#bytes.length * 2, this.#mostBytes + 1)));
    larger.set(this.view());
    this.#bytes = larger;
  }
}
