import { estimateFrequency } from '../analyse/frequency.ts';

/**
 * An Aho-Corasick automaton over folded bytes, complete: one table look-up for each byte, and no failure links. States
 * with an output are numbered from `firstOutput`, a power of two, all others below it, so that OR-ing the states of
 * several lanes and one comparison tells whether any of them has an output.
 */
export interface Automaton {
  /** Byte to class; capitals share the class of small letters. */
  readonly classes: Uint8Array;
  /** Rows of the table have `1 << shift` entries. */
  readonly shift: number;
  /** Number of the state in the table's first row. */
  readonly base: number;
  readonly firstOutput: number;
  readonly root: number;
  /** Next state by `((state - base) << shift) + class`. */
  readonly table: Uint16Array;
  /** Literals that end in state `firstOutput + i` are `outputs[outputStarts[i]]` up to `outputStarts[i + 1]`. */
  readonly outputStarts: Uint32Array;
  readonly outputs: Uint32Array;
  /** Length of the longest literal, bytes: the memory of the automaton. */
  readonly longest: number;
}

const STATES_MOST = 0x10000;
const LETTER_A = 65;
const LETTER_Z = 90;

interface Trie {
  /** Per node, class to child. */
  readonly children: Map<number, number>[];
  readonly ends: number[][];
}

/**
 * Builds the automaton of literals (folded bytes; equal ones may repeat). Throws `RangeError` when they need more
 * states than 16 bits can number; the caller then tries shorter literals.
 */
export function buildAutomaton(literals: readonly (readonly number[])[]): Automaton {
  const classes = assignClasses(literals);
  const trie = growTrie(literals, classes);
  const order = breadthFirst(trie);
  const fail = linkFailures(trie, order);
  for (const node of order) (trie.ends[node] as number[]).push(...(trie.ends[fail[node] as number] ?? []));
  const numbers = numberStates(trie, order);
  const shift = Math.max(1, Math.ceil(Math.log2(Math.max(...classes) + 1)));
  const { base, firstOutput, ids } = numbers;
  const table = fillTable(trie, order, fail, { ids, base, shift });
  return {
    ...{ classes, shift, base, firstOutput, root: ids[0] as number, table },
    ...listOutputs(trie, order),
    longest: Math.max(0, ...literals.map((literal) => literal.length)),
  };
}

/** Common bytes come first, so that most look-ups in a row touch the same cache line. */
function assignClasses(literals: readonly (readonly number[])[]): Uint8Array {
  const frequencyOf = (byte: number): number => estimateFrequency([byte]);
  const used = [...new Set(literals.flat())].sort((a, b) => frequencyOf(b) - frequencyOf(a) || a - b);
  const classes = new Uint8Array(256);
  for (const [index, byte] of used.entries()) classes[byte] = index + 1;
  for (let byte = LETTER_A; byte <= LETTER_Z; byte++) classes[byte] = classes[byte + 32] as number;
  return classes;
}

function growTrie(literals: readonly (readonly number[])[], classes: Uint8Array): Trie {
  const trie: Trie = { children: [new Map()], ends: [[]] };
  for (const [index, literal] of literals.entries()) {
    let node = 0;
    for (const byte of literal) node = childOf(trie, node, classes[byte] as number);
    (trie.ends[node] as number[]).push(index);
  }
  return trie;
}

function childOf(trie: Trie, node: number, symbol: number): number {
  const children = trie.children[node] as Map<number, number>;
  const existing = children.get(symbol);
  if (existing !== undefined) return existing;
  const child = trie.children.length;
  trie.children.push(new Map());
  trie.ends.push([]);
  children.set(symbol, child);
  return child;
}

/**
 * Nodes by depth, without the root: a state's failure is always before it, and states near the root share cache lines.
 */
function breadthFirst(trie: Trie): number[] {
  const order = [0];
  for (const node of order) order.push(...(trie.children[node] as Map<number, number>).values());
  return order.slice(1);
}

function linkFailures(trie: Trie, order: readonly number[]): Uint32Array {
  const fail = new Uint32Array(trie.children.length);
  for (const node of [0, ...order]) {
    for (const [symbol, child] of trie.children[node] as Map<number, number>) {
      if (node === 0) continue;
      let link = fail[node] as number;
      while (link !== 0 && !trie.children[link]?.has(symbol)) link = fail[link] as number;
      fail[child] = trie.children[link]?.get(symbol) ?? 0;
    }
  }
  return fail;
}

interface Numbering {
  readonly ids: Uint32Array;
  readonly base: number;
  readonly firstOutput: number;
}

function numberStates(trie: Trie, order: readonly number[]): Numbering {
  const nodes = [0, ...order];
  const plain = nodes.filter((node) => trie.ends[node]?.length === 0);
  const ending = nodes.filter((node) => trie.ends[node]?.length !== 0);
  const firstOutput = 1 << Math.ceil(Math.log2(plain.length));
  if (firstOutput + ending.length > STATES_MOST) throw new RangeError(`literals need ${nodes.length} states`);
  const base = firstOutput - plain.length;
  const ids = new Uint32Array(nodes.length);
  for (const [index, node] of [...plain, ...ending].entries()) ids[node] = base + index;
  return { ids, base, firstOutput };
}

interface TableShape {
  readonly ids: Uint32Array;
  readonly base: number;
  readonly shift: number;
}

function fillTable(trie: Trie, order: readonly number[], fail: Uint32Array, shape: TableShape): Uint16Array {
  const { ids, base, shift } = shape;
  const table = new Uint16Array(ids.length << shift);
  const rowOf = (node: number): number => ((ids[node] as number) - base) << shift;
  table.fill(ids[0] as number, rowOf(0), rowOf(0) + (1 << shift));
  for (const node of [0, ...order]) {
    const row = rowOf(node);
    const from = rowOf(fail[node] as number);
    if (node !== 0) table.copyWithin(row, from, from + (1 << shift));
    for (const [symbol, child] of trie.children[node] as Map<number, number>)
      table[row + symbol] = ids[child] as number;
  }
  return table;
}

function listOutputs(trie: Trie, order: readonly number[]): Pick<Automaton, 'outputStarts' | 'outputs'> {
  const ending = [0, ...order].filter((node) => trie.ends[node]?.length !== 0);
  const outputs = ending.flatMap((node) => trie.ends[node] as number[]);
  const outputStarts = new Uint32Array(ending.length + 1);
  for (const [index, node] of ending.entries()) {
    outputStarts[index + 1] = (outputStarts[index] as number) + (trie.ends[node] as number[]).length;
  }
  return { outputStarts, outputs: Uint32Array.from(outputs) };
}
