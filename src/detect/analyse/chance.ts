import type { CompiledRule } from '../../model/rule.ts';
import type { ByteSet } from './byte-set.ts';
import { sizeOf } from './byte-set.ts';
import type { Tree } from './tree.ts';

const BYTES = 256;
const LETTERS = /[a-z]/i;

/**
 * How many bits of chance it takes that random bytes match a rule at a given place: a rule of 48 bits fires once in
 * 2^48 bytes. A lower bound: optional parts and lookarounds count nothing, alternatives count as all possible at once.
 */
export function chanceBits(rule: Pick<CompiledRule, 'context'>, tree: Tree): number {
  return bitsOf(tree) + contextBits(rule.context);
}

function bitsOf(tree: Tree): number {
  switch (tree.kind) {
    case 'set':
      return bitsOfSet(tree.set);
    case 'sequence':
      return tree.parts.reduce((bits, part) => bits + bitsOf(part), 0);
    case 'choice':
      return anyOf(tree.options.map(bitsOf));
    case 'repeat':
      return tree.min === 0 ? 0 : tree.min * bitsOf(tree.part);
    case 'group':
      return bitsOf(tree.part);
    default:
      return 0;
  }
}

/** A set without bytes matches nothing, by chance or not. */
function bitsOfSet(set: ByteSet): number {
  return Math.log2(BYTES / sizeOf(set));
}

/** Bits of the chance that one of some things happens. */
function anyOf(bits: readonly number[]): number {
  const leastBits = Math.min(...bits);
  if (!Number.isFinite(leastBits)) return leastBits;
  const chance = bits.reduce((sum, count) => sum + 2 ** (leastBits - count), 0);
  return Math.max(0, leastBits - Math.log2(chance));
}

/** A word at any place of the window; a letter in either case. */
function contextBits(context: CompiledRule['context']): number {
  if (context === undefined || context.words.length === 0) return 0;
  const places = context.before + context.after;
  if (places === 0) return 0;
  const words = context.words.map((word) =>
    [...Buffer.from(word, 'latin1')].reduce(
      (bits, byte) => bits + (LETTERS.test(String.fromCharCode(byte)) ? 7 : 8),
      0,
    ),
  );
  return Math.max(0, anyOf(words) - Math.log2(places));
}
