import { type ByteSet, byteSet, complement, HIGH_BYTES } from './byte-set.ts';

const DIGIT: ByteSet = [[0x30, 0x39]];
const SPACE: ByteSet = byteSet([
  [9, 10],
  [12, 13],
  [32, 32],
]);
const LETTERS: ByteSet = [
  [0x41, 0x5a],
  [0x61, 0x7a],
];
const WORD: ByteSet = byteSet([...DIGIT, ...LETTERS, [0x5f, 0x5f]]);

/** Go's Perl classes; unlike JavaScript's, `\s` is ASCII only and without the vertical tab. */
export const PERL_CLASSES: Readonly<Record<string, ByteSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  s: SPACE,
  S: complement(SPACE),
  w: WORD,
  W: complement(WORD),
};

const POSIX: Readonly<Record<string, ByteSet>> = {
  alnum: byteSet([...DIGIT, ...LETTERS]),
  alpha: LETTERS,
  ascii: [[0, 0x7f]],
  blank: byteSet([
    [9, 9],
    [32, 32],
  ]),
  cntrl: byteSet([
    [0, 0x1f],
    [0x7f, 0x7f],
  ]),
  digit: DIGIT,
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: byteSet([
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ]),
  space: byteSet([
    [9, 13],
    [32, 32],
  ]),
  upper: [[0x41, 0x5a]],
  word: WORD,
  xdigit: byteSet([...DIGIT, [0x41, 0x46], [0x61, 0x66]]),
};

const UNICODE: Readonly<Record<string, ByteSet>> = {
  L: LETTERS,
  Lu: [[0x41, 0x5a]],
  Ll: [[0x61, 0x7a]],
  N: DIGIT,
  Nd: DIGIT,
  P: POSIX['punct'] ?? [],
  Z: [[32, 32]],
  Zs: [[32, 32]],
  Latin: LETTERS,
};

/** `[:name:]` or `[:^name:]`; undefined where Go knows no such class. */
export function posixClass(name: string): ByteSet | undefined {
  const negated = name.startsWith('^');
  const key = negated ? name.slice(1) : name;
  const set = Object.hasOwn(POSIX, key) ? POSIX[key] : undefined;
  return set !== undefined && negated ? complement(set) : set;
}

/** `\p{name}` over bytes: its ASCII part, and every byte of a longer character. An approximation. */
export function unicodeClass(name: string, negated: boolean): ByteSet {
  const key = name.replace(/^\^/, '');
  const ascii = (Object.hasOwn(UNICODE, key) ? UNICODE[key] : undefined) ?? [];
  const inverted = negated !== name.startsWith('^');
  return inverted ? byteSet([...complement(ascii), ...HIGH_BYTES]) : byteSet([...ascii, ...HIGH_BYTES]);
}
