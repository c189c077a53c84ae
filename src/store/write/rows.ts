import { createHash } from 'node:crypto';

/** An escape in JSON: what it says, where it is one of a code unit. */
const ESCAPE = /\\(?:u([0-9a-f]{4})|.)/g;
/** JSON.stringify escapes half of a pair only where the other half is missing. PostgreSQL takes neither. */
const REFUSED = /^(?:0000|d[89a-f][0-9a-f]{2})$/;
const MAY_HOLD_REFUSED = /\\u(?:0000|d[89a-f])/;

/** Longest text that becomes part of a key: an entry of an index holds 2,700 bytes. */
const LONGEST_KEY = 600;
const HASH_LENGTH = 22;

/** JSON that PostgreSQL takes: a NUL, and half of a surrogate pair, become U+FFFD. */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  if (!MAY_HOLD_REFUSED.test(text)) return text;
  return text.replace(ESCAPE, (part, unit: string | undefined) =>
    unit !== undefined && REFUSED.test(unit) ? '\\ufffd' : part,
  );
}

/** A text that fits into a key: a long one keeps its beginning and ends with its hash. */
export function boundKey(text: string): string {
  return text.length <= LONGEST_KEY ? text : `${text.slice(0, LONGEST_KEY / 2)}~${hashOf([text])}`;
}

/** Hash of texts, the same in every store. */
export function hashOf(parts: readonly (string | number)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part}\0`);
  return hash.digest('base64url').slice(0, HASH_LENGTH);
}

/** Lists of at most so many items. */
export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
