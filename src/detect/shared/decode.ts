/** Longest text that is decoded, in characters: hostile input must not cost more. */
const LONGEST = 65_536;

/** Bytes of base64 or base64url text, with or without padding; undefined where it is not that. */
export function decodeBase64(text: string): Buffer | undefined {
  if (text.length > LONGEST || !/^[0-9A-Za-z+/_-]{2,65536}={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** A JSON object written as base64 or base64url; undefined where it is not that. */
export function decodeJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = decodeBase64(text);
  return bytes === undefined ? undefined : parseObject(bytes.toString('utf8'));
}

/** A JSON object; undefined where the text is not one. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads big-endian fields one after the other; every method gives undefined once the end is passed. */
export class ByteReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  take(length: number): Buffer | undefined {
    if (length < 0 || length > this.left) return undefined;
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  uint8(): number | undefined {
    return this.take(1)?.readUInt8();
  }

  uint16(): number | undefined {
    return this.take(2)?.readUInt16BE();
  }

  uint32(): number | undefined {
    return this.take(4)?.readUInt32BE();
  }

  /** A length of four bytes, then that many bytes (SSH). */
  string32(): Buffer | undefined {
    const length = this.uint32();
    return length === undefined ? undefined : this.take(length);
  }
}
