import fc from 'fast-check';

/** Most bytes that a mutated input may have. */
const LARGEST = 400_000;
/** Most often that nesting repeats a piece. */
const DEEPEST = 20_000;

const KINDS = [
  'flip',
  'byte',
  'cut',
  'drop',
  'duplicate',
  'move',
  'zero',
  'nest',
  'digits',
  'number',
  'insert',
  'splice',
] as const;

/** One change to an input. Numbers are taken modulo what there is, so that every step fits every input. */
export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly length: number;
  readonly value: number;
}

/** What steps can take from besides the input. */
export interface Stock {
  /** Another valid input, to splice with. */
  readonly other: Uint8Array;
  /** Texts that mean something to the parser. */
  readonly pieces: readonly string[];
}

/** Numbers at which sizes, counts and offsets overflow. */
const NUMBERS = [0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, (1n << 63n) - 1n];
const DIGITS = ['0', '-1', '4294967296', '9007199254740993', '99999999999999999999', '1e309', '08', '٣'];

/** Places are mostly anywhere, and often near the start, where headers are. */
const place = fc.oneof(fc.nat(), fc.nat(64));

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    at: place,
    length: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 400 })),
    value: fc.oneof(fc.nat(255), fc.nat()),
  }),
  { minLength: 1, maxLength: 6 },
);

/** The input after all steps. */
export function mutate(input: Uint8Array, all: readonly Step[], stock: Stock): Buffer {
  return all.reduce<Buffer>((bytes, step) => apply(bytes, step, stock).subarray(0, LARGEST), Buffer.from(input));
}

function apply(bytes: Buffer, step: Step, stock: Stock): Buffer {
  const at = bytes.length === 0 ? 0 : step.at % bytes.length;
  const end = Math.min(bytes.length, at + step.length);
  const [head, part, tail] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
  switch (step.kind) {
    case 'flip':
      return Buffer.concat([head, flip(part.subarray(0, 1), step.value), bytes.subarray(at + 1)]);
    case 'byte':
      return Buffer.concat([head, Buffer.from([step.value & 255]), bytes.subarray(at + 1)]);
    case 'cut':
      return head;
    case 'drop':
      return Buffer.concat([head, tail]);
    case 'duplicate':
      return Buffer.concat([head, part, part, tail]);
    case 'move':
      return insert(Buffer.concat([head, tail]), step.value, part);
    case 'zero':
      return Buffer.concat([head, Buffer.alloc(part.length), tail]);
    case 'nest':
      return Buffer.concat([head, repeat(part.subarray(0, 1 + (step.value % 16)), step.value), tail]);
    case 'digits':
      return replaceDigits(bytes, at, DIGITS[step.value % DIGITS.length] ?? '');
    case 'number':
      return Buffer.concat([head, numberOf(step.value), bytes.subarray(at + numberOf(step.value).length)]);
    case 'insert':
      return insert(bytes, at, Buffer.from(stock.pieces[step.value % Math.max(1, stock.pieces.length)] ?? '\0'));
    case 'splice':
      return Buffer.concat([head, stock.other.subarray(step.value % Math.max(1, stock.other.length))]);
  }
}

function flip(part: Buffer, value: number): Buffer {
  return Buffer.from(part.map((byte) => byte ^ (1 << (value % 8))));
}

function insert(bytes: Buffer, at: number, part: Uint8Array): Buffer {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  return Buffer.concat([bytes.subarray(0, place), part, bytes.subarray(place)]);
}

function repeat(part: Buffer, value: number): Buffer {
  const times = Math.min(1 + (value % DEEPEST), Math.floor(LARGEST / Math.max(1, part.length)));
  return Buffer.concat(Array.from({ length: times }, () => part));
}

/** Puts other digits in place of the next number in the text. */
function replaceDigits(bytes: Buffer, at: number, digits: string): Buffer {
  const text = bytes.toString('latin1');
  const found = /\d+/.exec(text.slice(at));
  if (found === null) return bytes;
  const start = at + found.index;
  return Buffer.from(text.slice(0, start) + digits + text.slice(start + found[0].length), 'latin1');
}

/** A number at a limit, in 1, 2, 4 or 8 bytes, either end first. */
function numberOf(value: number): Buffer {
  const width = 1 << (value % 4);
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(NUMBERS[(value >> 2) % NUMBERS.length] ?? 0n);
  const little = bytes.subarray(0, width);
  return (value >> 6) % 2 === 0 ? little : little.reverse();
}
