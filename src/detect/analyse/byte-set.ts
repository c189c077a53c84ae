/** A set of bytes: 256 entries of 0 or 1. Never changed after it was made. */
export type ByteSet = Uint8Array;

const BYTES = 256;

/** The set of the bytes for which the test holds. */
export function setWhere(holds: (byte: number) => boolean): ByteSet {
  const set = new Uint8Array(BYTES);
  for (let byte = 0; byte < BYTES; byte++) set[byte] = holds(byte) ? 1 : 0;
  return set;
}

/** Number of bytes in a set. */
export function sizeOf(set: ByteSet): number {
  let size = 0;
  for (const present of set) size += present;
  return size;
}

/** The bytes of a set with ASCII capitals folded to small letters, ascending, each once. */
export function foldedBytes(set: ByteSet): readonly number[] {
  const folded = new Set<number>();
  for (let byte = 0; byte < BYTES; byte++) if (set[byte] === 1) folded.add(foldByte(byte));
  return [...folded].sort((a, b) => a - b);
}

/** True when a set holds both cases of each of its ASCII letters: the automaton, which folds case, tests it exactly. */
export function ignoresCase(set: ByteSet): boolean {
  for (let byte = 65; byte <= 90; byte++) if (set[byte] !== set[byte + 32]) return false;
  return true;
}

export function sameSet(a: ByteSet, b: ByteSet): boolean {
  if (a === b) return true;
  for (let byte = 0; byte < BYTES; byte++) if (a[byte] !== b[byte]) return false;
  return true;
}

/** ASCII capitals as small letters, every other byte as it is. */
export function foldByte(byte: number): number {
  return byte >= 65 && byte <= 90 ? byte + 32 : byte;
}

/** The bytes that are in any of the sets. */
export function uniteSets(sets: readonly ByteSet[]): ByteSet {
  const united = new Uint8Array(BYTES);
  for (const set of sets) for (let byte = 0; byte < BYTES; byte++) if (set[byte] === 1) united[byte] = 1;
  return united;
}
