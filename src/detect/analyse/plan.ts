import type { CompiledRule } from '../../model/rule.ts';
import type { Anchor } from './anchors.ts';
import { bytesBeyond } from './bodies.ts';
import { BODY_LEVELS } from './body-levels.ts';
import type { ByteSet } from './byte-set.ts';
import { buildGate, type Gate } from './gate.ts';
import { lineGapsOf } from './line-gaps.ts';
import { type AnchorSet, anchorPaths, anchorWords } from './literals.ts';
import { joinSpans, lengthOf, placeSecret, reachOf, type SecretPlace, type Span } from './measure.ts';
import { type Path, versionsOf } from './paths.ts';
import { readTree, type Tree } from './tree.ts';

/**
 * How the fast engine runs one rule.
 * `window`: the pattern runs on a window around each hit. `whole`: over the whole text once a literal hits. `always`:
 * over every text.
 */
export interface RulePlan {
  readonly mode: 'window' | 'whole' | 'always';
  /** Greatest length of a match and what decides it before and after, in bytes. Zero where the mode is not `window`. */
  readonly length: number;
  readonly before: number;
  readonly after: number;
  /** True when every place where the pattern matches has an anchor; false when anchors are context words. */
  readonly complete: boolean;
  readonly anchors: readonly Anchor[];
  /**
   * Every byte of a match from these offsets on (`BODY_LEVELS`, as far as the match can be that long) is one of these.
   */
  readonly bodies: readonly ByteSet[];
  /** Gaps with a line end that a match can hold; may be infinite. */
  readonly lineGaps: number;
  /** Refuses places where the pattern cannot match; absent where it would let everything pass. */
  readonly gate?: Gate;
  readonly tree: Tree;
}

/** Longest match that still gets a window, bytes. */
const WINDOW_MOST = 64 * 1024;
/** A set of literals that hits more often than this (per byte) is worth nothing. */
const FREQUENCY_MOST = 1 / 50;

/** Analyses a rule. Throws `SyntaxError` for a pattern that cannot be read. */
export async function planRule(rule: CompiledRule): Promise<RulePlan> {
  const tree = await readTree(rule.pattern, rule.ignoreCase);
  const { max: length } = lengthOf(tree);
  const { before, after } = reachOf(tree);
  const chosen = chooseAnchors(rule, tree, length);
  const whole = { length: 0, before: 0, after: 0, bodies: [], lineGaps: Number.POSITIVE_INFINITY, tree };
  if (chosen === undefined) return { mode: 'always', ...whole, complete: true, anchors: [] };
  const { anchors, complete } = chosen;
  if (length + before + after > WINDOW_MOST || !anchors.every(isBounded)) {
    return { mode: 'whole', ...whole, complete, anchors: anchors.map(withoutPlace) };
  }
  const gate = buildGate(tree);
  const bodies = BODY_LEVELS.filter((level) => level < length).map((level) => bytesBeyond(tree, level));
  const lineGaps = lineGapsOf(tree);
  return { mode: 'window', length, before, after, complete, anchors, bodies, lineGaps, tree, ...(gate && { gate }) };
}

interface Chosen {
  readonly anchors: readonly Anchor[];
  readonly complete: boolean;
}

function chooseAnchors(rule: CompiledRule, tree: Tree, length: number): Chosen | undefined {
  const versions = versionsOf(tree);
  const inside = lowest([...versions.map(anchorPaths), anchorLiterals(rule, length, versions)]);
  const words = lengthOf(tree).min === 0 ? undefined : anchorContext(rule, placeSecret(tree), versions);
  const cheapest = inside === undefined || (words !== undefined && words.cost < inside.cost) ? words : inside;
  if (cheapest === undefined || cheapest.frequency > FREQUENCY_MOST) return undefined;
  return { anchors: cheapest.anchors, complete: cheapest === inside };
}

function lowest(sets: readonly (AnchorSet | undefined)[]): AnchorSet | undefined {
  let best: AnchorSet | undefined;
  for (const set of sets) if (set !== undefined && (best === undefined || set.cost < best.cost)) best = set;
  return best;
}

/** The literals that the author gave: somewhere in the match. */
function anchorLiterals(
  rule: CompiledRule,
  length: number,
  versions: readonly (readonly Path[])[],
): AnchorSet | undefined {
  if (rule.literals.length === 0) return undefined;
  return anchorWords(rule.literals, (own) => ({ min: 0, max: Math.max(0, length - own) }), versions[0] ?? []);
}

/** Context words: before the secret's start or after its end. */
function anchorContext(
  rule: CompiledRule,
  secret: SecretPlace,
  versions: readonly (readonly Path[])[],
): AnchorSet | undefined {
  const { context } = rule;
  if (context === undefined) return undefined;
  const offsetOf = (own: number): Span | undefined => {
    const before = { min: secret.start.min - context.before, max: secret.start.max - own };
    const after = { min: secret.end.min, max: secret.end.max + context.after - own };
    const spans = [...(own <= context.before ? [before] : []), ...(own <= context.after ? [after] : [])];
    return spans.length === 0 ? undefined : joinSpans(spans);
  };
  return anchorWords(context.words, offsetOf, versions[0] ?? []);
}

function isBounded({ offset }: Anchor): boolean {
  return Number.isFinite(offset.min) && Number.isFinite(offset.max);
}

/** When the pattern runs on the whole text, places do not matter and tests are not needed. */
function withoutPlace(anchor: Anchor): Anchor {
  return { literal: anchor.literal, offset: { min: 0, max: 0 }, tests: anchor.tests };
}
