import type { CompiledRule } from '../../model/rule.ts';
import type { Anchor, ByteTest, RunTest } from '../analyse/anchors.ts';
import type { ByteSet } from '../analyse/byte-set.ts';
import type { Gate } from '../analyse/gate.ts';
import { planRule, type RulePlan } from '../analyse/plan.ts';
import { type Automaton, buildAutomaton } from '../automaton/build.ts';
import { digestRule, type Pack, type PackedRule } from './pack.ts';

/** Lengths that literals are cut to, until the automaton fits into 16-bit states. */
const LITERAL_LENGTHS = [8, 6, 5, 4, 3];

/** Analyses rules and builds the pack of them. Throws `SyntaxError` for a pattern that cannot be read. */
export async function compilePack(rules: readonly CompiledRule[]): Promise<Pack> {
  const plans: RulePlan[] = [];
  for (const rule of rules) plans.push(await planRule(rule));
  const groups = plans.flatMap((plan, rule) => plan.anchors.map((anchor) => ({ rule, anchor })));
  const { automaton, literals, numberOf } = buildFitting(groups.map(({ anchor }) => anchor.literal));
  const writer = new TableWriter();
  const packed = rules.map((rule, index) => packRule(rule, plans[index] as RulePlan, writer));
  const byLiteral = literals.map(() => [] as PlacedAnchor[]);
  for (const group of groups) byLiteral[numberOf(group.anchor.literal)]?.push(group);
  const anchorStarts = new Uint32Array(literals.length + 1);
  for (const [index, anchors] of byLiteral.entries()) {
    for (const { rule, anchor } of anchors) writer.addAnchor(rule, anchor);
    anchorStarts[index + 1] = writer.anchorCount;
  }
  const literalLengths = Uint8Array.from(literals, (literal) => literal.length);
  return { rules: packed, automaton, literalLengths, anchorStarts, ...writer.finish() };
}

interface PlacedAnchor {
  readonly rule: number;
  readonly anchor: Anchor;
}

interface FittingAutomaton {
  readonly automaton: Automaton;
  /** Distinct literals, in the order of their numbers. */
  readonly literals: readonly (readonly number[])[];
  /** Number of the literal that a wanted one was cut to. */
  readonly numberOf: (wanted: readonly number[]) => number;
}

function buildFitting(wanted: readonly (readonly number[])[]): FittingAutomaton {
  for (const length of LITERAL_LENGTHS) {
    const keyOf = (literal: readonly number[]): string => literal.slice(0, length).join();
    const distinct = new Map(wanted.map((literal) => [keyOf(literal), literal.slice(0, length)]));
    const literals = [...distinct.values()];
    const numbers = new Map([...distinct.keys()].map((key, number) => [key, number]));
    try {
      const automaton = buildAutomaton(literals);
      return { automaton, literals, numberOf: (literal) => numbers.get(keyOf(literal)) ?? 0 };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new RangeError('the rules have too many literals for one automaton');
}

function packRule(rule: CompiledRule, plan: RulePlan, writer: TableWriter): PackedRule {
  const { mode, length, before, after, complete, anchors } = plan;
  const windowed = mode === 'window' ? anchors : [];
  const hitBefore = Math.max(0, ...windowed.map((anchor) => -anchor.offset.min));
  const hitAfter = Math.max(0, ...windowed.map((anchor) => anchor.offset.max + anchor.literal.length));
  const numbers = { mode, length, before, after, complete, hitBefore, hitAfter, body: writer.addSet(plan.body) };
  const gate = plan.gate && writer.addGate(plan.gate);
  return { id: rule.id, digest: digestRule(rule), ...numbers, ...(gate && { gate }) };
}

/** Collects the rows of the tables; equal sets and equal lists of tests are stored once. */
class TableWriter {
  readonly #anchors: number[][] = [];
  readonly #tests: number[][] = [];
  readonly #runs: number[][] = [];
  readonly #sets: ByteSet[] = [];
  readonly #gates: number[] = [];
  readonly #setNumbers = new Map<string, number>();
  readonly #testPlaces = new Map<string, number>();

  get anchorCount(): number {
    return this.#anchors.length;
  }

  addSet(set: ByteSet): number {
    const key = Buffer.from(set).toString('latin1');
    const known = this.#setNumbers.get(key);
    if (known !== undefined) return known;
    this.#setNumbers.set(key, this.#sets.length);
    return this.#sets.push(set) - 1;
  }

  addGate({ table, classes, shift }: Gate): NonNullable<PackedRule['gate']> {
    const start = this.#gates.length;
    for (const state of table) this.#gates.push(state);
    return { table: start, classes: this.addSet(classes), shift };
  }

  addAnchor(rule: number, anchor: Anchor): void {
    const { offset, tests, run } = anchor;
    const firstTest = this.#addTests(tests);
    const runNumber = run === undefined ? -1 : this.#addRun(run);
    this.#anchors.push([rule, offset.min, offset.max, firstTest, firstTest + tests.length, runNumber]);
  }

  #addTests(tests: readonly ByteTest[]): number {
    const rows = tests.map(({ offset, count, set, lenient }) => [offset, count, this.addSet(set), lenient ? 1 : 0]);
    const key = rows.join(';');
    const known = this.#testPlaces.get(key);
    if (known !== undefined) return known;
    const first = this.#tests.length;
    this.#tests.push(...rows);
    this.#testPlaces.set(key, first);
    return first;
  }

  #addRun({ from, to, count, set }: RunTest): number {
    return this.#runs.push([from, to, count, this.addSet(set)]) - 1;
  }

  finish(): Pick<Pack, 'anchors' | 'tests' | 'runs' | 'sets' | 'gates'> {
    return {
      anchors: Int32Array.from(this.#anchors.flat()),
      tests: Int32Array.from(this.#tests.flat()),
      runs: Int32Array.from(this.#runs.flat()),
      sets: Uint8Array.from(this.#sets.flatMap((set) => [...set])),
      gates: Uint16Array.from(this.#gates),
    };
  }
}
