import type { CompiledRule } from '../../model/rule.ts';
import type { Anchor } from '../analyse/anchors.ts';
import { chanceBits } from '../analyse/chance.ts';
import { buildGate } from '../analyse/gate.ts';
import { chooseHitTests } from '../analyse/hit-tests.ts';
import { planRule, type RulePlan } from '../analyse/plan.ts';
import { type Automaton, buildAutomaton } from '../automaton/build.ts';
import { digestRule, type Pack, type PackedRule } from './pack.ts';
import { TableWriter } from './table-writer.ts';

/** With more line-end gaps than this, the bytes of a match are the better bound. */
const GAPS_MOST = 8;
/** More bits of chance tell nothing more. */
const LARGEST_CHANCE = 999;
/** Lengths that literals are cut to, until the automaton fits into 16-bit states. */
const LITERAL_LENGTHS = [8, 6, 5, 4, 3];

/** Analyses rules and builds the pack of them. Throws `SyntaxError` for a pattern that cannot be read. */
export async function compilePack(rules: readonly CompiledRule[]): Promise<Pack> {
  const plans: RulePlan[] = [];
  for (const rule of rules) plans.push(await planRule(rule));
  const placed = plans.flatMap((plan, rule) => plan.anchors.map((anchor) => ({ rule, anchor })));
  const { automaton, literals, numberOf } = buildFitting(placed.map(({ anchor }) => anchor.literal));
  const writer = new TableWriter();
  const packed = rules.map((rule, index) => packRule(rule, plans[index] as RulePlan, writer));
  const byLiteral = literals.map(() => [] as PlacedAnchor[]);
  for (const placedAnchor of placed) byLiteral[numberOf(placedAnchor.anchor.literal)]?.push(placedAnchor);
  const groupStarts = writeGroups(literals, byLiteral, plans, packed, writer);
  const literalLengths = Uint8Array.from(literals, (literal) => literal.length);
  return { rules: packed, automaton, literalLengths, groupStarts, ...writer.finish() };
}

interface PlacedAnchor {
  readonly rule: number;
  readonly anchor: Anchor;
}

interface FittingAutomaton {
  readonly automaton: Automaton;
  /** Distinct literals, in the order of their numbers. */
  readonly literals: readonly (readonly number[])[];
  /** Number of the literal that a longer one was cut to. */
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
  const numbers = { mode, length, before, after, complete, hitBefore, hitAfter };
  const bodies = plan.bodies.map((body) => writer.addSet(body));
  const gate = writer.addGate(plan.gate, length);
  const lineGaps = plan.lineGaps <= GAPS_MOST ? { lineGaps: plan.lineGaps } : {};
  const program = mode === 'window' ? writer.addProgram(plan.tree) : {};
  const chance = Math.min(LARGEST_CHANCE, Math.floor(chanceBits(rule, plan.tree)));
  return { id: rule.id, digest: digestRule(rule), chance, ...numbers, bodies, ...lineGaps, gate, ...program };
}

/** Writes the groups of each literal; returns where those of each literal begin, and the end. */
function writeGroups(
  literals: readonly (readonly number[])[],
  byLiteral: readonly (readonly PlacedAnchor[])[],
  plans: readonly RulePlan[],
  packed: readonly PackedRule[],
  writer: TableWriter,
): Uint32Array {
  const gateOf = createSharedGates(plans, packed, writer);
  const groupStarts = new Uint32Array(byLiteral.length + 1);
  for (const [literal, anchors] of byLiteral.entries()) {
    const groups = groupByPlace(anchors);
    for (const group of groups) writer.addGroup(gateOf(group), group);
    writer.addHitTests(
      chooseHitTests(
        literals[literal] ?? [],
        anchors.map(({ anchor }) => anchor),
      ),
    );
    groupStarts[literal + 1] = (groupStarts[literal] as number) + groups.length;
  }
  return groupStarts;
}

function groupByPlace(anchors: readonly PlacedAnchor[]): readonly (readonly PlacedAnchor[])[] {
  const groups = new Map<string, PlacedAnchor[]>();
  for (const placed of anchors) {
    const key = `${placed.anchor.offset.min} ${placed.anchor.offset.max}`;
    groups.set(key, [...(groups.get(key) ?? []), placed]);
  }
  return [...groups.values()];
}

/**
 * One gate for all rules of a group, so that most hits are refused once and not rule by rule. Groups of the same rules
 * share it.
 */
function createSharedGates(
  plans: readonly RulePlan[],
  packed: readonly PackedRule[],
  writer: TableWriter,
): (group: readonly PlacedAnchor[]) => number {
  const gateByRules = new Map<string, number>();
  return (group) => {
    const rules = [...new Set(group.map(({ rule }) => rule))];
    const own = rules.map((rule) => packed[rule]?.gate ?? -1);
    if (own.includes(-1)) return -1;
    if (rules.length === 1) return own[0] as number;
    const key = rules.join();
    const shared = gateByRules.get(key) ?? writer.addGate(uniteGates(plans, rules), longestOf(plans, rules));
    gateByRules.set(key, shared);
    return shared;
  };
}

function uniteGates(plans: readonly RulePlan[], rules: readonly number[]): ReturnType<typeof buildGate> {
  return buildGate({ kind: 'choice', options: rules.flatMap((rule) => plans[rule]?.tree ?? []) });
}

function longestOf(plans: readonly RulePlan[], rules: readonly number[]): number {
  return Math.max(...rules.map((rule) => plans[rule]?.length ?? 0));
}
