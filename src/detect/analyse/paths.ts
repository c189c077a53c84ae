import { bytesBeyond } from './bodies.ts';
import { type ByteSet, foldedBytes, setWhere } from './byte-set.ts';
import { lengthOf, type Span } from './measure.ts';
import type { Tree } from './tree.ts';

/** One step on a way through a pattern: a byte of a set, some bytes of a set, or a condition on neighbouring bytes. */
export type Step =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | ({ readonly kind: 'gap'; readonly set: ByteSet } & Span)
  | { readonly kind: 'look'; readonly behind: boolean; readonly negate: boolean; readonly sets: readonly ByteSet[] };

/** Steps that every match of one alternative takes. An omitted step only makes the path accept more. */
export type Path = readonly Step[];

/** Most ways through a pattern that are followed. Further choices become gaps. */
const PATHS_MOST = 96;
/** Repetitions of one byte set that are written out. */
const COPIES_MOST = 40;
/** Repetitions of a group that are written out. */
const GROUP_COPIES_MOST = 3;
/** Shortest optional group that is followed both with and without. */
const OPTIONAL_LEAST = 2;

/**
 * The ways through a pattern, in several versions. The number of paths is limited, so each version expands another
 * choice first. Every match takes one of the paths of each version.
 */
export function versionsOf(tree: Tree): readonly (readonly Path[])[] {
  const parts = tree.kind === 'sequence' ? tree.parts : [tree];
  const forks = parts.flatMap((part, index) => (pathsOf(part, PATHS_MOST).length > 1 ? [index] : []));
  if (forks.length <= 1) return [pathsOf(tree, PATHS_MOST)];
  return forks.map((first) => joinParts(parts, PATHS_MOST, [first, ...parts.keys()]));
}

function pathsOf(tree: Tree, budget: number): readonly Path[] {
  switch (tree.kind) {
    case 'set':
      return [[tree]];
    case 'sequence':
      return joinParts(tree.parts, budget, [...tree.parts.keys()]);
    case 'choice':
      return pathsOfChoice(tree.options, budget) ?? [gapOf(lengthOf(tree), tree)];
    case 'group':
      return pathsOf(tree.part, budget);
    case 'repeat':
      return pathsOfRepeat(tree, budget);
    case 'look':
      return [lookOf(tree)];
    default:
      return [gapOf(lengthOf(tree), tree)];
  }
}

/** Every path of every part after every path of the parts before it; `order` says which part may fork first. */
function joinParts(parts: readonly Tree[], budget: number, order: readonly number[]): readonly Path[] {
  const chosen = new Map<number, readonly Path[]>();
  let budgetLeft = budget;
  for (const index of order) {
    const part = parts[index];
    if (part === undefined || chosen.has(index)) continue;
    const paths = pathsOf(part, budgetLeft);
    chosen.set(index, paths);
    budgetLeft = Math.max(1, Math.floor(budgetLeft / paths.length));
  }
  let joined: readonly Path[] = [[]];
  for (const index of parts.keys()) {
    const paths = chosen.get(index) ?? [[]];
    joined = joined.flatMap((before) => paths.map((path) => [...before, ...path]));
  }
  return joined;
}

function pathsOfChoice(options: readonly Tree[], budget: number): readonly Path[] | undefined {
  if (options.length > budget) return undefined;
  return options.flatMap((option) => pathsOf(option, Math.floor(budget / options.length)));
}

function pathsOfRepeat(tree: Tree & { readonly kind: 'repeat' }, budget: number): readonly Path[] {
  const { part, min, max } = tree;
  const length = lengthOf(part);
  const rest = (copies: number): Path => gapOf(subtract(length, min, max, copies), part);
  if (part.kind === 'set' && max === 1 && min === 0 && budget > 1 && foldedBytes(part.set).length === 1)
    return [[], [part]];
  if (part.kind === 'set') {
    const copies = Math.min(min, COPIES_MOST);
    return [[...Array<Step>(copies).fill(part), ...rest(copies)]];
  }
  if (min === 0) {
    const once = max === 1 && length.min >= OPTIONAL_LEAST && budget > 1 ? pathsOf(part, budget - 1) : [];
    return once.length === 0 ? [rest(0)] : [[], ...once];
  }
  const once = pathsOf(part, budget);
  if (once.length > 1) return once.map((path) => [...path, ...rest(1)]);
  const path = once[0] ?? [];
  const copies = path.length > COPIES_MOST ? 1 : Math.min(min, GROUP_COPIES_MOST);
  return [[...Array<Path>(copies).fill(path).flat(), ...rest(copies)]];
}

/** The rest of a repetition after some copies of it. */
function subtract(length: Span, min: number, max: number, copies: number): Span {
  const times = max - copies;
  return { min: length.min * (min - copies), max: length.max === 0 || times === 0 ? 0 : length.max * times };
}

function gapOf(span: Span, tree: Tree): Path {
  return span.max === 0 ? [] : [{ kind: 'gap', ...span, set: bytesBeyond(tree, 0) }];
}

/** A lookaround as a condition on fixed bytes, where it is that simple; else nothing. */
function lookOf(tree: Tree & { readonly kind: 'look' }): Path {
  const refused = refusedBefore(tree);
  if (refused !== undefined) return [{ kind: 'look', behind: true, negate: true, sets: [refused] }];
  const [only, ...more] = pathsOf(tree.part, 2);
  if (only === undefined || more.length > 0) return [];
  const sets = only.flatMap((step) => (step.kind === 'set' ? [step.set] : []));
  if (sets.length === 0 || sets.length !== only.length) return [];
  if (tree.negate && (sets.length > 1 || !isPlain(tree.part))) return [];
  return [{ kind: 'look', behind: tree.behind, negate: tree.negate, sets }];
}

/**
 * `(?<![a-z](?<!-[nr]))`: no byte of a set before, unless it ends what excuses it. Returns the bytes that are always
 * refused.
 */
function refusedBefore(tree: Tree & { readonly kind: 'look' }): ByteSet | undefined {
  if (!tree.negate || !tree.behind || tree.part.kind !== 'sequence') return undefined;
  const [set, excuse, ...more] = tree.part.parts;
  if (set?.kind !== 'set' || excuse?.kind !== 'look' || more.length > 0) return undefined;
  if (!excuse.negate || !excuse.behind) return undefined;
  const [only, ...others] = pathsOf(excuse.part, 2);
  const last = only?.at(-1);
  if (last?.kind !== 'set' || others.length > 0) return undefined;
  return setWhere((byte) => set.set[byte] === 1 && last.set[byte] === 0);
}

/**
 * A negative lookaround is used only if it is exactly one byte: an omitted condition would make it refuse too much.
 */
function isPlain(tree: Tree): boolean {
  if (tree.kind === 'set') return true;
  if (tree.kind === 'group') return isPlain(tree.part);
  return tree.kind === 'sequence' && tree.parts.length === 1 && tree.parts.every(isPlain);
}
