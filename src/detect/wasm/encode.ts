/** Bytes of WebAssembly code: instructions in order. Opcodes are those of the core specification, section 5.4. */
export type Code = readonly number[];

const I32 = 0x7f;
const EMPTY_BLOCK = 0x40;
const END = 0x0b;

const SECTION = { type: 1, function: 3, memory: 5, export: 7, code: 10 } as const;
const EXPORT_KIND = { function: 0, memory: 2 } as const;

/** One function of a module: parameters and locals are all `i32`, and so is the one result. */
export interface FunctionSource {
  readonly name: string;
  readonly parameters: number;
  readonly locals: number;
  readonly body: Code;
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
export const subtract = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
export const multiply = (a: Code, b: Code): Code => [...a, ...b, 0x6c];
export const and = (a: Code, b: Code): Code => [...a, ...b, 0x71];
export const or = (a: Code, b: Code): Code => [...a, ...b, 0x72];
export const shiftLeft = (a: Code, b: Code): Code => [...a, ...b, 0x74];
export const shiftRight = (a: Code, b: Code): Code => [...a, ...b, 0x76];
export const isAtLeast = (a: Code, b: Code): Code => [...a, ...b, 0x4f];
export const load = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)];
/** Text begins anywhere: no alignment is promised. */
export const loadText = (address: Code): Code => [...address, 0x28, 0, 0];
export const load16 = (address: Code, offset = 0): Code => [...address, 0x2f, 1, ...unsigned(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  0x36,
  2,
  ...unsigned(offset),
];
export const when = (condition: Code, then: Code): Code => [...condition, 0x04, EMPTY_BLOCK, ...then, END];
/** Runs the body until a `leaveWhen` in it holds. */
export const forever = (body: Code): Code => [
  ...[0x02, EMPTY_BLOCK, 0x03, EMPTY_BLOCK],
  ...body,
  ...[0x0c, 0, END, END],
];
export const leaveWhen = (condition: Code): Code => [...condition, 0x0d, 1];

/** Assembles a module with one memory of fixed size (64 KiB pages, exported as `memory`) and exported functions. */
export function assembleModule(pages: number, functions: readonly FunctionSource[]): Uint8Array<ArrayBuffer> {
  const names = [
    [...text('memory'), EXPORT_KIND.memory, 0],
    ...functions.map(({ name }, index) => [...text(name), EXPORT_KIND.function, ...unsigned(index)]),
  ];
  const indexes = functions.map((_, index) => unsigned(index));
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(SECTION.type, functions.map(typeOf)),
    ...section(SECTION.function, indexes),
    ...section(SECTION.memory, [[0x01, ...unsigned(pages), ...unsigned(pages)]]),
    ...section(SECTION.export, names),
    ...section(SECTION.code, functions.map(codeOf)),
  ]);
}

function typeOf({ parameters }: FunctionSource): Code {
  return [0x60, ...unsigned(parameters), ...Array<number>(parameters).fill(I32), 1, I32];
}

function codeOf({ locals, body }: FunctionSource): Code {
  const code = [1, ...unsigned(locals), I32, ...body, END];
  return [...unsigned(code.length), ...code];
}

function section(id: number, entries: readonly Code[]): Code {
  const content = [...unsigned(entries.length), ...entries.flat()];
  return [id, ...unsigned(content.length), ...content];
}

function text(name: string): Code {
  return [...unsigned(name.length), ...Buffer.from(name)];
}

/** LEB128 of an unsigned number below 2^32. */
function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    bytes.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>>= 7;
  } while (rest !== 0);
  return bytes;
}

/** LEB128 of a signed 32-bit number. */
function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(last ? low : low | 0x80);
    if (last) return bytes;
  }
}
