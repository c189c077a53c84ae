import { closeSync, openSync, readSync } from 'node:fs';
import { GATE, GATE_COLUMNS, type Pack, type PackedRule } from './pack.ts';

/** Changes whenever the analysis or the layout does: an older file is then not used. */
const VERSION = 7;
const MAGIC = Buffer.from('bbpk');
/** Magic, version, length of the header, and of all before the tables of gates, four bytes each (little endian). */
const PREFIX_BYTES = 16;
const FRONT_AT = 12;
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

/**
 * Writes a pack: prefix, header as JSON, then the arrays in the byte order of the machine, the tables of gates last.
 */
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
  const parts = [Buffer.concat([prefix, text]), ...arrays.map(bytesOf)].map(pad);
  const front = parts.slice(0, -1).reduce((sum, part) => sum + part.length, 0);
  const bytes = Buffer.concat(parts);
  bytes.writeUInt32LE(front, FRONT_AT);
  return bytes;
}

/**
 * Reads a pack; its arrays are views of the given bytes where they are aligned. Undefined where the bytes are of
 * another version or machine: the rules are then analysed again.
 */
export function loadPack(bytes: Uint8Array): Pack | undefined {
  const loaded = loadFront(bytes);
  return loaded && { ...loaded.pack, gateTables: loaded.read.words() };
}

interface Front {
  /** All but the tables of gates, which come last. */
  readonly pack: Omit<Pack, 'gateTables'>;
  /** Returns the tables, where they were among the bytes. */
  readonly read: ArrayReader;
  /** Where the tables begin, and how many entries they have. */
  readonly tables: { readonly offset: number; readonly length: number };
}

function loadFront(bytes: Uint8Array): Front | undefined {
  const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : Uint8Array.from(bytes);
  const buffer = Buffer.from(aligned.buffer, aligned.byteOffset, aligned.length);
  if (!buffer.subarray(0, 4).equals(MAGIC) || buffer.length < PREFIX_BYTES || buffer.readUInt32LE(4) !== VERSION)
    return undefined;
  if (!isLittleEndian()) return undefined;
  const end = PREFIX_BYTES + buffer.readUInt32LE(8);
  const header = JSON.parse(buffer.toString('utf8', PREFIX_BYTES, end)) as Header;
  const read = createReader(aligned, end, header.lengths);
  const pack = toPack(header, read);
  return { pack, read, tables: { offset: read.offset(), length: header.lengths.at(-1) ?? 0 } };
}

/**
 * Reads a pack that was written to a file. Most of a pack are tables of gates, and a commit needs few of them, so each
 * is read at its first use. The file stays open until all are read or the pack is garbage. Undefined as for `loadPack`.
 */
export function openPack(file: string): Pack | undefined {
  const opened = openSync(file, 'r');
  let pack: Pack | undefined;
  try {
    const prefix = new Uint8Array(PREFIX_BYTES);
    readSync(opened, prefix, 0, PREFIX_BYTES, 0);
    const front = new Uint8Array(new DataView(prefix.buffer).getUint32(FRONT_AT, true));
    const isWhole = readSync(opened, front, 0, front.length, 0) === front.length;
    const loaded = isWhole ? loadFront(front) : undefined;
    pack = loaded && lateGates(loaded, opened);
    return pack;
  } finally {
    if (pack === undefined) closeSync(opened);
  }
}

/** Tables that are read one by one; above, it is faster to read the rest at once. */
const READ_SINGLY = 48;

const files = new FinalizationRegistry<{ opened: number | undefined }>((file) => {
  if (file.opened !== undefined) closeSync(file.opened);
});

function lateGates({ pack, tables }: Front, opened: number): Pack {
  const file: { opened: number | undefined } = { opened };
  const gateTables = new Uint16Array(tables.length);
  const { gates } = pack;
  let singly = 0;
  const fill = (from: number, to: number): void => {
    const bytes = new Uint8Array(gateTables.buffer, from * 2, (to - from) * 2);
    const read =
      file.opened === undefined ? 0 : readSync(file.opened, bytes, 0, bytes.length, tables.offset + from * 2);
    if (read !== bytes.length) throw new Error('the file of compiled rules is cut');
  };
  const readGate = (gate: number): void => {
    if (file.opened === undefined) return;
    singly += 1;
    if (singly <= READ_SINGLY) {
      fill(
        gates[gate * GATE_COLUMNS + GATE.table] as number,
        gates[(gate + 1) * GATE_COLUMNS + GATE.table] ?? tables.length,
      );
      return;
    }
    fill(0, tables.length);
    closeSync(file.opened);
    file.opened = undefined;
  };
  const whole: Pack = { ...pack, gateTables, readGate };
  files.register(whole, file);
  return whole;
}

interface ArrayReader {
  /** Where the next array begins. */
  offset(): number;
  bytes(): Uint8Array;
  words(): Uint16Array;
  numbers(): Uint32Array;
  signed(): Int32Array;
}

/** Returns the arrays one after the other. */
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
    offset: () => at,
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
  return [classes, table, outputStarts, outputs, ...places, sets, gates, hitTests, programs, gateTables];
}

function toPack(header: Header, read: ArrayReader): Omit<Pack, 'gateTables'> {
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
