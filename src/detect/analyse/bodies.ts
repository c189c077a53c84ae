import { type ByteSet, setWhere, uniteSets } from './byte-set.ts';
import { lengthOf, timesSpan } from './measure.ts';
import type { Tree } from './tree.ts';

/**
 * The bytes that a match may contain `fromOffset` or more bytes after its start; 0 means all of its bytes. Lookarounds
 * consume none, and an unknown part may contain any.
 */
export function bytesBeyond(tree: Tree, fromOffset: number): ByteSet {
  return uniteSets(setsBeyond(tree, fromOffset, 0));
}

/** `start`: the greatest offset at which this part of the pattern can begin. */
function setsBeyond(tree: Tree, fromOffset: number, start: number): readonly ByteSet[] {
  switch (tree.kind) {
    case 'set':
      return start >= fromOffset ? [tree.set] : [];
    case 'sequence':
      return setsOfSequence(tree.parts, fromOffset, start);
    case 'choice':
      return tree.options.flatMap((option) => setsBeyond(option, fromOffset, start));
    case 'group':
      return setsBeyond(tree.part, fromOffset, start);
    case 'repeat':
      return tree.max === 0 ? [] : setsBeyond(tree.part, fromOffset, start + lastStart(tree.part, tree.max));
    case 'unknown':
      return [setWhere(() => true)];
    default:
      return [];
  }
}

/** Where the last of some repetitions can begin at most. */
function lastStart(part: Tree, times: number): number {
  return timesSpan(lengthOf(part), 0, times - 1).max;
}

function setsOfSequence(parts: readonly Tree[], fromOffset: number, start: number): readonly ByteSet[] {
  const sets: ByteSet[] = [];
  let at = start;
  for (const part of parts) {
    sets.push(...setsBeyond(part, fromOffset, at));
    at += lengthOf(part).max;
  }
  return sets;
}
