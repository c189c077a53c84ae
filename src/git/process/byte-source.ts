import type { Readable } from 'node:stream';

const EMPTY = Buffer.alloc(0);
const NEWLINE = 0x0a;
const MAX_LINE = 1 << 20;

/**
 * Pulls bytes out of a stream with back-pressure: nothing is read ahead, beyond the buffer of the stream itself. If the
 * stream delivers nothing for `idle` ms while somebody waits, `onIdle` is called and must end the stream.
 */
export class ByteSource {
  readonly #stream: Readable;
  readonly #idle: number;
  readonly #onIdle: () => void;
  #chunk: Buffer = EMPTY;
  #at = 0;
  #ended = false;

  constructor(stream: Readable, idle: number, onIdle: () => void) {
    this.#stream = stream;
    this.#idle = idle;
    this.#onIdle = onIdle;
    const end = () => {
      this.#ended = true;
    };
    // Without this listener, Node drops unread data when the process ends.
    stream.on('readable', keepBuffered);
    stream.once('end', end);
    stream.once('close', end);
    stream.once('error', end);
  }

  /** Returns the next run of bytes, of any length, or undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    if (!(await this.#fill())) return undefined;
    const rest = this.#chunk.subarray(this.#at);
    this.#at = this.#chunk.length;
    return rest;
  }

  /**
   * Returns the next line without its newline. Undefined at the end, and where a line is longer than 1 MiB or has no
   * newline.
   */
  async line(): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    let length = 0;
    while (length < MAX_LINE && (await this.#fill())) {
      const end = this.#chunk.indexOf(NEWLINE, this.#at);
      const part = this.#chunk.subarray(this.#at, end < 0 ? this.#chunk.length : end);
      this.#at += part.length;
      if (end >= 0) {
        this.#at += 1;
        return parts.length === 0 ? part : Buffer.concat([...parts, part]);
      }
      parts.push(part);
      length += part.length;
    }
    return undefined;
  }

  /** Returns exactly `count` bytes, or undefined if the stream ends before. */
  async take(count: number): Promise<Buffer | undefined> {
    if (this.#chunk.length - this.#at >= count) {
      this.#at += count;
      return this.#chunk.subarray(this.#at - count, this.#at);
    }
    const bytes = Buffer.allocUnsafe(count);
    let filled = 0;
    while (filled < count) {
      if (!(await this.#fill())) return undefined;
      const copied = this.#chunk.copy(bytes, filled, this.#at, this.#at + count - filled);
      filled += copied;
      this.#at += copied;
    }
    return bytes;
  }

  /** Skips `count` bytes without keeping them. Returns false if the stream ends before. */
  async drop(count: number): Promise<boolean> {
    let remaining = count;
    while (remaining > 0) {
      if (!(await this.#fill())) return false;
      const step = Math.min(remaining, this.#chunk.length - this.#at);
      this.#at += step;
      remaining -= step;
    }
    return true;
  }

  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const chunk = this.#stream.read() as Buffer | null;
      if (chunk !== null) {
        this.#chunk = chunk;
        this.#at = 0;
        continue;
      }
      if (this.#ended) return false;
      await this.#wait();
    }
    return true;
  }

  async #wait(): Promise<void> {
    const stream = this.#stream;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(this.#onIdle, this.#idle);
      const settle = () => {
        clearTimeout(timer);
        for (const event of EVENTS) stream.removeListener(event, settle);
        resolve();
      };
      for (const event of EVENTS) stream.once(event, settle);
    });
  }
}

function keepBuffered(): void {}

const EVENTS = ['readable', 'end', 'close', 'error'] as const;

/**
 * Calls `visit` for every record that ends in `separator` (a newline or NUL), and for a last record without it. The
 * callback is synchronous and gets a view that is valid during the call only: a million records cost no promise each.
 */
export async function forEachRecord(
  source: ByteSource,
  separator: number,
  visit: (record: Buffer) => void,
): Promise<void> {
  let rest: Buffer = EMPTY;
  for (let chunk = await source.next(); chunk !== undefined; chunk = await source.next()) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
      visit(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) visit(rest);
}
