import type { ByteSet } from './byte-set.ts';
import type { Tree } from './tree.ts';

const LF = 10;
/** Greatest of the ASCII bytes that count as white space, and the one beyond ASCII. */
const SPACE = 32;
const NO_BREAK_SPACE = 0xa0;

/** White space as far as gaps go: control bytes count too, which only makes gaps fewer. */
export function isSpace(byte: number): boolean {
  return byte <= SPACE || byte === NO_BREAK_SPACE;
}

/**
 * How many gaps with a line end a match can hold at most; a gap is a run of white space. Infinite when a line end may
 * stand among other bytes. Lookarounds consume none.
 */
export function lineGapsOf(tree: Tree): number {
  switch (tree.kind) {
    case 'set':
      return gapsOfSet(tree.set);
    case 'sequence':
      return tree.parts.reduce((sum, part) => sum + lineGapsOf(part), 0);
    case 'choice':
      return Math.max(...tree.options.map(lineGapsOf));
    case 'group':
      return lineGapsOf(tree.part);
    case 'repeat':
      return gapsOfRepeat(tree.part, tree.max);
    case 'unknown':
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

function gapsOfSet(set: ByteSet): number {
  if (set[LF] === 0) return 0;
  return set.every((present, byte) => present === 0 || isSpace(byte)) ? 1 : Number.POSITIVE_INFINITY;
}

/** A run of one set of white space is one gap, however long. */
function gapsOfRepeat(part: Tree, max: number): number {
  const once = lineGapsOf(part);
  return part.kind === 'set' || once === 0 ? once : once * max;
}
