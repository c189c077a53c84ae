import { type ByteSet, setWhere, uniteSets } from './byte-set.ts';
import type { Tree } from './tree.ts';

export const ANY_BYTE: ByteSet = setWhere(() => true);
const NO_BYTE: ByteSet = setWhere(() => false);

/**
 * The bytes that can come first in a part of a pattern. An upper bound: never too few. `rest`: the bytes that can
 * follow the part.
 */
export function firstBytes(tree: Tree, rest: ByteSet): ByteSet {
  switch (tree.kind) {
    case 'set':
      return tree.set;
    case 'sequence':
      return tree.parts.reduceRight((after, part) => firstBytes(part, after), rest);
    case 'choice':
      return uniteSets(tree.options.map((option) => firstBytes(option, rest)));
    case 'group':
      return firstBytes(tree.part, rest);
    case 'repeat':
      return firstOfRepeat(tree, rest);
    case 'look':
      return firstOfLook(tree, rest);
    case 'edge':
      return tree.edge === 'end' ? NO_BYTE : rest;
    default:
      return ANY_BYTE;
  }
}

function firstOfRepeat({ part, min, max }: Tree & { readonly kind: 'repeat' }, rest: ByteSet): ByteSet {
  if (max === 0) return rest;
  const follow = max > 1 ? uniteSets([firstBytes(part, ANY_BYTE), rest]) : rest;
  const once = firstBytes(part, follow);
  return min > 0 ? once : uniteSets([once, rest]);
}

function firstOfLook({ behind, negate, part }: Tree & { readonly kind: 'look' }, rest: ByteSet): ByteSet {
  if (behind) return rest;
  if (!negate) return meetSets(firstBytes(part, ANY_BYTE), rest);
  const refused = onlyByte(part);
  return refused === undefined ? rest : setWhere((byte) => rest[byte] === 1 && refused[byte] === 0);
}

/** The set of a part that is exactly one byte of a set, and no named group. */
export function onlyByte(tree: Tree): ByteSet | undefined {
  if (tree.kind === 'set') return tree.set;
  const [only, ...more] = tree.kind === 'sequence' ? tree.parts : [];
  return only === undefined || more.length > 0 ? undefined : onlyByte(only);
}

export function meetSets(a: ByteSet, b: ByteSet): ByteSet {
  return setWhere((byte) => a[byte] === 1 && b[byte] === 1);
}
