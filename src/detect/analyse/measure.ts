import type { Tree } from './tree.ts';

/** Lengths in bytes; `max` may be infinite. */
export interface Span {
  readonly min: number;
  readonly max: number;
}

/** How far beyond its own text a pattern looks, in bytes; may be infinite. */
export interface Reach {
  readonly before: number;
  readonly after: number;
}

const NONE: Reach = { before: 0, after: 0 };

/** Least and greatest length of what a tree matches. */
export function lengthOf(tree: Tree): Span {
  switch (tree.kind) {
    case 'set':
      return { min: 1, max: 1 };
    case 'sequence':
      return addSpans(tree.parts.map(lengthOf));
    case 'choice':
      return joinSpans(tree.options.map(lengthOf));
    case 'repeat':
      return timesSpan(lengthOf(tree.part), tree.min, tree.max);
    case 'group':
      return lengthOf(tree.part);
    case 'unknown':
      return { min: 0, max: Number.POSITIVE_INFINITY };
    default:
      return { min: 0, max: 0 };
  }
}

/** Bytes before the start and after the end of a match that can decide it. An upper bound. */
export function reachOf(tree: Tree): Reach {
  switch (tree.kind) {
    case 'sequence':
      return widest(tree.parts.map(reachOf));
    case 'choice':
      return widest(tree.options.map(reachOf));
    case 'repeat':
    case 'group':
      return reachOf(tree.part);
    case 'edge':
      return { before: 1, after: 1 };
    case 'look':
      return reachOfLook(tree.part, tree.behind);
    default:
      return NONE;
  }
}

function reachOfLook(part: Tree, behind: boolean): Reach {
  const inner = reachOf(part);
  const { max } = lengthOf(part);
  return behind ? { ...inner, before: inner.before + max } : { ...inner, after: inner.after + max };
}

function widest(reaches: readonly Reach[]): Reach {
  return {
    before: Math.max(0, ...reaches.map((reach) => reach.before)),
    after: Math.max(0, ...reaches.map((reach) => reach.after)),
  };
}

export function addSpans(spans: readonly Span[]): Span {
  let [min, max] = [0, 0];
  for (const span of spans) {
    min += span.min;
    max += span.max;
  }
  return { min, max };
}

export function joinSpans(spans: readonly Span[]): Span {
  return { min: Math.min(...spans.map((span) => span.min)), max: Math.max(...spans.map((span) => span.max)) };
}

/** A zero length repeated without end is still zero: not `NaN`. */
export function timesSpan(span: Span, min: number, max: number): Span {
  return { min: span.min * min, max: span.max === 0 || max === 0 ? 0 : span.max * max };
}

/** Where the group `secret` lies, relative to the start of the match. */
export interface SecretPlace {
  readonly start: Span;
  readonly end: Span;
}

/**
 * Bounds of the secret's start and end. When the group may be absent, repeated or inside a lookaround, the bounds are
 * those of everything that the pattern sees.
 */
export function placeSecret(tree: Tree): SecretPlace {
  const whole = lengthOf(tree);
  const secretSpan = findSecret(tree, { min: 0, max: 0 });
  if (secretSpan !== undefined) return secretSpan;
  const reach = reachOf(tree);
  const anywhere = { min: -reach.before, max: whole.max + reach.after };
  return { start: anywhere, end: anywhere };
}

function findSecret(tree: Tree, start: Span): SecretPlace | undefined {
  if (tree.kind === 'group' && tree.name === 'secret') {
    return { start, end: addSpans([start, lengthOf(tree.part)]) };
  }
  if (tree.kind === 'group') return findSecret(tree.part, start);
  if (tree.kind !== 'sequence') return undefined;
  let at = start;
  for (const part of tree.parts) {
    const secretSpan = findSecret(part, at);
    if (secretSpan !== undefined) return secretSpan;
    at = addSpans([at, lengthOf(part)]);
  }
  return undefined;
}
