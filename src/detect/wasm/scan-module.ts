import {
  add,
  and,
  assembleModule,
  type Code,
  constant,
  forever,
  get,
  isAtLeast,
  leaveWhen,
  load,
  load16,
  loadText,
  multiply,
  or,
  set,
  shiftLeft,
  shiftRight,
  store,
  subtract,
  when,
} from './encode.ts';

/** Where things lie in the memory of the scan module, bytes. */
export interface MemoryMap {
  /** 256 entries of 16 bits: twice the class of each byte. */
  readonly classes: number;
  /** Four lane states of 32 bits, then the end of the hits. */
  readonly states: number;
  /** Pairs of 32 bits: position after the literal (from the start of the text), state. */
  readonly hits: number;
  readonly hitsEnd: number;
  readonly text: number;
  /** First row of the table. */
  readonly table: number;
  readonly pages: number;
}

/** What the code of the module depends on: the automaton's numbers and the memory map. */
export interface ScanShape {
  readonly memory: MemoryMap;
  readonly shift: number;
  readonly base: number;
  readonly firstOutput: number;
}

export const LANES = 4;
/** Bytes of text that one step reads per lane. */
const WORD = 4;
/** Bytes of one hit. */
const HIT = 8;

const TEXT = 0;
const LANE = 1;
const AT = 2;
const HITS = 3;
const state = (lane: number): number => 4 + lane;
const word = (lane: number): number => 8 + lane;
const start = (lane: number): number => 12 + lane;
const EACH_LANE = [0, 1, 2, 3];

/**
 * The module with one function `scan(text, laneLength, from)`: four lanes of `laneLength` bytes (a multiple of four),
 * each scanned from its byte `from`. Returns the byte at which it stopped: `laneLength`, or less when the list of hits
 * is full.
 */
export function assembleScanModule(shape: ScanShape): Uint8Array<ArrayBuffer> {
  const body = [...prologue(shape), ...forever(step(shape)), ...epilogue(shape), ...get(AT)];
  return assembleModule(shape.memory.pages, [{ name: 'scan', parameters: 3, locals: 13, body }]);
}

function prologue({ memory }: ScanShape): Code {
  const lanes = EACH_LANE.flatMap((lane) => [
    ...set(state(lane), load(constant(0), memory.states + WORD * lane)),
    ...set(start(lane), add(get(TEXT), multiply(get(LANE), constant(lane)))),
  ]);
  return [...set(HITS, constant(memory.hits)), ...lanes];
}

function epilogue({ memory }: ScanShape): Code {
  const states = EACH_LANE.flatMap((lane) => store(constant(0), get(state(lane)), memory.states + WORD * lane));
  return [...states, ...store(constant(0), get(HITS), memory.states + WORD * LANES)];
}

/** Four bytes of each lane. One step finds at most sixteen hits, so it needs that much free space. */
function step(shape: ScanShape): Code {
  const { memory } = shape;
  const full = constant(memory.hitsEnd - HIT * LANES * WORD);
  return [
    ...leaveWhen(isAtLeast(get(AT), get(LANE))),
    ...leaveWhen(isAtLeast(get(HITS), full)),
    ...EACH_LANE.flatMap((lane) => set(word(lane), loadText(add(get(start(lane)), get(AT))))),
    ...[0, 1, 2, 3].flatMap((byte) => stepByte(shape, byte)),
    ...set(AT, add(get(AT), constant(WORD))),
  ];
}

function stepByte(shape: ScanShape, byte: number): Code {
  const firstOutput = constant(shape.firstOutput);
  const any = or(or(get(state(0)), get(state(1))), or(get(state(2)), get(state(3))));
  const record = EACH_LANE.flatMap((lane) =>
    when(isAtLeast(get(state(lane)), firstOutput), [
      ...store(get(HITS), add(subtract(get(start(lane)), get(TEXT)), add(get(AT), constant(byte + 1)))),
      ...store(get(HITS), get(state(lane)), WORD),
      ...set(HITS, add(get(HITS), constant(HIT))),
    ]),
  );
  return [...EACH_LANE.flatMap((lane) => advance(shape, lane, byte)), ...when(isAtLeast(any, firstOutput), record)];
}

/** `state = table[(state << shift) + class]`; the table's offset is lowered by the rows that do not exist. */
function advance({ memory, shift, base }: ScanShape, lane: number, byte: number): Code {
  const shifted =
    byte === 0 ? shiftLeft(get(word(lane)), constant(1)) : shiftRight(get(word(lane)), constant(8 * byte - 1));
  const byteClass = load16(and(shifted, constant(0x1fe)), memory.classes);
  const row = shiftLeft(get(state(lane)), constant(shift + 1));
  return set(state(lane), load16(add(row, byteClass), memory.table - (base << (shift + 1))));
}
