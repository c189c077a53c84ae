import { createHash, createHmac } from 'node:crypto';

const INSPECT = Symbol.for('nodejs.util.inspect.custom');
const SHOWN_PART = 0.2;
const SHOWN_MOST = 4;

/** What a list of tokens may show of a value. */
export type SecretHint = 'last-four' | 'last-eight' | 'sha-256';

/**
 * A value that authenticates. It prints redacted wherever a value can be printed by accident (string conversion, JSON,
 * `util.inspect`, template literals); only `reveal()` gives the raw value, and only `--show-secrets` and verifiers call
 * it.
 */
export class Secret {
  readonly #value: string;
  /** The last fingerprint and its key: every place of a secret asks for it. */
  #remembered: { readonly key: string; readonly fingerprint: string } | undefined;
  /** Length of the raw value in UTF-16 code units. */
  readonly length: number;

  constructor(value: string) {
    this.#value = value;
    this.length = value.length;
  }

  /** True where the value is not in this process (`SealedSecret`). */
  get isSealed(): boolean {
    return false;
  }

  /** The raw value. Every call site is a place where a secret can leave the process: keep them few. */
  reveal(): string {
    return this.#value;
  }

  /**
   * A short public start (at most a fifth of the value and 4 characters), then asterisks that do not tell the length.
   */
  get redacted(): string {
    const shown = Math.min(SHOWN_MOST, Math.floor(this.length * SHOWN_PART));
    return `${printable(this.#value.slice(0, shown))}********`;
  }

  /**
   * Keyed fingerprint: 32 lower-case hex characters of HMAC-SHA-256 over the normalised value. Whitespace is taken out
   * of multi-line values, so that a key is the same key whatever its indentation or line ends.
   */
  fingerprint(key: string): string {
    if (this.#remembered?.key === key) return this.#remembered.fingerprint;
    const fingerprint = createHmac('sha256', key).update(normalise(this.#value)).digest('hex').slice(0, 32);
    this.#remembered = { key, fingerprint };
    return fingerprint;
  }

  /**
   * What lists of tokens show of a value instead of it, for a comparison in memory: the last four or eight characters,
   * or the base64 of its SHA-256. A hint never leaves the process.
   */
  hint(kind: SecretHint): string {
    const value = this.#value.trim();
    if (kind === 'sha-256') return createHash('sha256').update(value).digest('base64');
    return value.slice(kind === 'last-eight' ? -8 : -4);
  }

  equals(other: Secret): boolean {
    return normalise(this.#value) === normalise(other.#value);
  }

  /** The raw value where that is asked for and there is one, else the redacted form. */
  shown(isRawWanted: boolean): string {
    return isRawWanted ? this.reveal() : this.redacted;
  }

  toString(): string {
    return this.redacted;
  }

  toJSON(): string {
    return this.redacted;
  }

  /** @internal Redacts in `util.inspect` and `console.log`. */
  [INSPECT](): string {
    return `Secret(${this.redacted})`;
  }
}

function normalise(value: string): string {
  return /[\r\n]|\\n/.test(value) ? value.replace(/\\r|\\n|\s+/g, '') : value.trim();
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
