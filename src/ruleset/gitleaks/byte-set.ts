/** A set of bytes as sorted, disjoint, inclusive ranges. */
export type ByteSet = readonly (readonly [low: number, high: number])[];

export const ALL_BYTES: ByteSet = [[0, 255]];
export const HIGH_BYTES: ByteSet = [[0x80, 0xff]];

/** Sorts and joins ranges; what is beyond a byte is cut off. */
export function byteSet(ranges: Iterable<readonly [number, number]>): ByteSet {
  const sorted = [...ranges].filter(([low]) => low <= 255).sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], Math.min(high, 255));
    else joined.push([low, Math.min(high, 255)]);
  }
  return joined;
}

/** Bytes that are not in the set. */
export function complement(set: ByteSet): ByteSet {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [low, high] of set) {
    if (low > next) gaps.push([next, low - 1]);
    next = high + 1;
  }
  if (next <= 255) gaps.push([next, 255]);
  return gaps;
}

export function sizeOf(set: ByteSet): number {
  return set.reduce((sum, [low, high]) => sum + high - low + 1, 0);
}

/** The bytes of a set, in order. */
export function bytesOf(set: ByteSet): readonly number[] {
  return set.flatMap(([low, high]) => Array.from({ length: high - low + 1 }, (_, index) => low + index));
}

/** Adds the other case of every ASCII letter. */
export function foldCase(set: ByteSet): ByteSet {
  const other = bytesOf(set).flatMap((byte): (readonly [number, number])[] => {
    const isLetter = /[A-Za-z]/.test(String.fromCharCode(byte));
    return isLetter ? [[byte ^ 0x20, byte ^ 0x20]] : [];
  });
  return byteSet([...set, ...other]);
}

/** The set as JavaScript source: one escaped character or a class. */
export function printSet(set: ByteSet): string {
  const [first] = set;
  if (first === undefined) return '(?!)';
  if (set.length === 1 && first[0] === first[1]) return escapeByte(first[0], /[\\^$.*+?()[\]{}|]/);
  if (sizeOf(set) === 256) return '[\\s\\S]';
  const gaps = complement(set);
  return gaps.length < set.length ? `[^${printRanges(gaps)}]` : `[${printRanges(set)}]`;
}

function printRanges(set: ByteSet): string {
  const print = (byte: number): string => escapeByte(byte, /[\\\]^[-]/);
  return set
    .map(([low, high]) => (low === high ? print(low) : `${print(low)}${high === low + 1 ? '' : '-'}${print(high)}`))
    .join('');
}

function escapeByte(byte: number, special: RegExp): string {
  const character = String.fromCharCode(byte);
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  if (byte < 0x20 || byte > 0x7e) return `\\x${byte.toString(16).padStart(2, '0')}`;
  return special.test(character) ? `\\${character}` : character;
}
