import type { Pack, PackedRule } from './pack.ts';

/** Changes whenever the analysis or the layout does: an older file is then not used. */
const VERSION = 5;
const MAGIC = Buffer.from('bbpk');
/** Magic, version and length of the header, four bytes each (little endian). */
const PREFIX_BYTES = 12;
/** Arrays begin at multiples of this. */
const ALIGNMENT = 8;

type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array;

interface Header {
  readonly rules: readonly PackedRule[];
  readonly automaton: {
    readonly shift: number;
    readonly base: number;
    readonly firstOutput: number;
    readonly root: number;
    readonly longest: number;
  };
  /** Number of entries of each array, in the order of `arraysOf`. */
  readonly lengths: readonly number[];
}

/** Writes a pack: prefix, header as JSON, then the arrays in the byte order of the machine. */
export function serialisePack(pack: Pack): Uint8Array {
  const arrays = arraysOf(pack);
  const { shift, base, firstOutput, root, longest } = pack.automaton;
  const header: Header = {
    rules: pack.rules,
    automaton: { shift, base, firstOutput, root, longest },
    lengths: arrays.map((array) => array.length),
  };
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(VERSION, 4);
  prefix.writeUInt32LE(text.length, 8);
  const parts = [Buffer.concat([prefix, text]), ...arrays.map(bytesOf)];
  return Buffer.concat(parts.map(pad));
}

/**
 * Reads a pack; its arrays are views of the given bytes where they are aligned. Undefined where the bytes are of another
 * version or machine: the rules are then analysed again.
 */
export function loadPack(bytes: Uint8Array): Pack | undefined {
  const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : Uint8Array.from(bytes);
  const buffer = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.length);
  if (!buffer.subarray(0, 4).equals(MAGIC) || buffer.length < PREFIX_BYTES || buffer.readUInt32LE(4) !== VERSION)
    return undefined;
  if (!isLittleEndian()) return undefined;
  const end = PREFIX_BYTES + buffer.readUInt32LE(8);
  const header = JSON.parse(buffer.toString('utf8', PREFIX_BYTES, end)) as Header;
  return toPack(header, createReader(aligned, end, header.lengths));
}

interface ArrayReader {
  bytes(): Uint8Array;
  words(): Uint16Array;
  numbers(): Uint32Array;
  signed(): Int32Array;
}

/** Gives the arrays one after the other. */
function createReader(bytes: Uint8Array, headerEnd: number, lengths: readonly number[]): ArrayReader {
  let at = alignUp(headerEnd);
  let next = 0;
  const take = (width: number): [offset: number, length: number] => {
    const length = lengths[next++] ?? 0;
    const offset = bytes.byteOffset + at;
    at = alignUp(at + length * width);
    return [offset, length];
  };
  const { buffer } = bytes;
  return {
    bytes: () => new Uint8Array(buffer, ...take(1)),
    words: () => new Uint16Array(buffer, ...take(2)),
    numbers: () => new Uint32Array(buffer, ...take(4)),
    signed: () => new Int32Array(buffer, ...take(4)),
  };
}

/** The order of the arrays in the file; `toPack` reads them in the same order. */
function arraysOf({ automaton, ...pack }: Pack): readonly NumberArray[] {
  const { classes, table, outputStarts, outputs } = automaton;
  const { literalLengths, groupStarts, groups, anchors, tests, runs, sets, gates, gateTables, hitTests, programs } =
    pack;
  const places = [literalLengths, groupStarts, groups, anchors, tests, runs];
  return [classes, table, outputStarts, outputs, ...places, sets, gates, gateTables, hitTests, programs];
}

function toPack(header: Header, read: ArrayReader): Pack {
  const automaton = {
    ...header.automaton,
    classes: read.bytes(),
    table: read.words(),
    outputStarts: read.numbers(),
    outputs: read.numbers(),
  };
  return {
    rules: header.rules,
    automaton,
    literalLengths: read.bytes(),
    groupStarts: read.numbers(),
    groups: read.signed(),
    anchors: read.signed(),
    tests: read.signed(),
    runs: read.signed(),
    sets: read.bytes(),
    gates: read.signed(),
    gateTables: read.words(),
    hitTests: read.signed(),
    programs: read.words(),
  };
}

function bytesOf(array: NumberArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function pad(part: Uint8Array): Uint8Array {
  return Buffer.concat([part, Buffer.alloc(alignUp(part.length) - part.length)]);
}

function alignUp(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}
