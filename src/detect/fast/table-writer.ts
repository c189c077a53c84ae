import type { Anchor, ByteTest, RunTest } from '../analyse/anchors.ts';
import { type ByteSet, setWhere, uniteSets } from '../analyse/byte-set.ts';
import { BEGIN, type Gate, REFUSED } from '../analyse/gate.ts';
import type { HitTest } from '../analyse/hit-tests.ts';
import { compileProgram } from '../analyse/program.ts';
import type { Tree } from '../analyse/tree.ts';
import { HIT_COLUMNS, type Pack, type PackedRule } from './pack.ts';

/** Collects the rows of a pack's tables; equal sets and equal lists of tests are stored once. */
export class TableWriter {
  readonly #groups: number[] = [];
  readonly #anchors: number[][] = [];
  readonly #tests: number[][] = [];
  readonly #runs: number[][] = [];
  readonly #gates: number[][] = [];
  readonly #gateTables: number[] = [];
  readonly #hitTests: number[] = [];
  readonly #programs: number[] = [];
  readonly #sets: ByteSet[] = [];
  readonly #setNumbers = new Map<string, number>();
  readonly #testPlaces = new Map<string, number>();

  addSet(set: ByteSet): number {
    const key = Buffer.from(set).toString('latin1');
    const existing = this.#setNumbers.get(key);
    if (existing !== undefined) return existing;
    this.#setNumbers.set(key, this.#sets.length);
    return this.#sets.push(set) - 1;
  }

  /** `length`: bytes that the gate reads at most. Returns the gate's number, or -1 for none. */
  addGate(gate: Gate | undefined, length: number): number {
    if (gate === undefined) return -1;
    const start = this.#gateTables.length;
    for (const state of gate.table) this.#gateTables.push(state);
    return this.#gates.push([start, this.addSet(gate.classes) << 8, gate.shift, length]) - 1;
  }

  /** Adds the program of a pattern, if it can have one. */
  addProgram(tree: Tree): Pick<PackedRule, 'program' | 'groups' | 'begins'> {
    const compiled = compileProgram(tree, (set) => this.addSet(set));
    if (compiled === undefined) return {};
    const program = this.#programs.length;
    for (const code of compiled.codes) this.#programs.push(code);
    const { groups, first } = compiled;
    const isUsual = groups.length === 1 && groups[0] === 'secret';
    return { program, ...(isUsual ? {} : { groups }), begins: this.addSet(first) };
  }

  /** Adds anchors that have the same place in their matches, each with the number of its rule. */
  addGroup(gate: number, anchors: readonly { readonly rule: number; readonly anchor: Anchor }[]): void {
    const { min = 0, max = 0 } = anchors[0]?.anchor.offset ?? {};
    const first = this.#anchors.length;
    for (const { rule, anchor } of anchors) this.#addAnchor(rule, anchor);
    this.#groups.push(
      min,
      max,
      gate,
      first,
      this.#anchors.length,
      this.addSet(leadOfAll(anchors)),
      this.#addFirst(gate),
    );
  }

  /** The bytes that a gate lets pass as the first one. */
  #addFirst(gate: number): number {
    const [start = 0, classes = 0, shift = 0] = this.#gates[gate] ?? [];
    const map = this.#sets[classes >> 8] as ByteSet;
    const lets = (byte: number): boolean =>
      this.#gateTables[start + (BEGIN << shift) + (map[byte] as number)] !== REFUSED;
    return this.addSet(setWhere((byte) => gate < 0 || lets(byte))) << 8;
  }

  /** Adds the tests of the next literal. */
  addHitTests(tests: readonly HitTest[]): void {
    const row = tests.flatMap(({ offset, set }) => [offset, this.addSet(set) << 8]);
    this.#hitTests.push(...row, ...Array<number>(HIT_COLUMNS - row.length).fill(-1));
  }

  #addAnchor(rule: number, { tests, run }: Anchor): void {
    const firstTest = this.#addTests(tests);
    this.#anchors.push([rule, firstTest, firstTest + tests.length, run === undefined ? -1 : this.#addRun(run)]);
  }

  #addTests(tests: readonly ByteTest[]): number {
    const rows = tests.map(({ offset, count, set, lenient }) => [offset, count, this.addSet(set), lenient ? 1 : 0]);
    const key = rows.join(';');
    const existing = this.#testPlaces.get(key);
    if (existing !== undefined) return existing;
    const first = this.#tests.length;
    this.#tests.push(...rows);
    this.#testPlaces.set(key, first);
    return first;
  }

  #addRun({ from, to, count, set }: RunTest): number {
    return this.#runs.push([from, to, count, this.addSet(set)]) - 1;
  }

  finish(): Pick<
    Pack,
    'groups' | 'anchors' | 'tests' | 'runs' | 'sets' | 'gates' | 'gateTables' | 'hitTests' | 'programs'
  > {
    return {
      groups: Int32Array.from(this.#groups),
      anchors: Int32Array.from(this.#anchors.flat()),
      tests: Int32Array.from(this.#tests.flat()),
      runs: Int32Array.from(this.#runs.flat()),
      sets: Uint8Array.from(this.#sets.flatMap((set) => [...set])),
      gates: Int32Array.from(this.#gates.flat()),
      gateTables: Uint16Array.from(this.#gateTables),
      hitTests: Int32Array.from(this.#hitTests),
      // One more: the last instruction is read with the place of an operand.
      programs: Uint16Array.from([...this.#programs, 0]),
    };
  }
}

function leadOfAll(anchors: readonly { readonly anchor: Anchor }[]): ByteSet {
  return uniteSets(anchors.map(({ anchor }) => anchor.lead ?? setWhere(() => true)));
}
