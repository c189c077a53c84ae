import { foldCase, printSet } from './byte-set.ts';
import { childrenOf, type Node } from './re2-tree.ts';

/** JavaScript source of a tree, and whether the flag `i` belongs to it. */
export interface Printed {
  readonly source: string;
  readonly ignoreCase: boolean;
}

/**
 * Prints a tree as a JavaScript pattern over latin-1 text. The group with the index `secret` (0: the whole match)
 * becomes the group `secret`; every other group only groups. Letters are written out in both cases where only a part
 * ignores case.
 */
export function printTree(root: Node, secret: number): Printed {
  const ignoreCase = someSet(root, true) && !someSet(root, false);
  const body = print(root, { secret, expand: !ignoreCase });
  return { source: secret === 0 ? `(?<secret>${body})` : body, ignoreCase };
}

/** Prints a tree that is only tested: no group is kept and no flag is needed. */
export function printPlain(root: Node): string {
  return print(root, { secret: -1, expand: true });
}

interface Style {
  readonly secret: number;
  readonly expand: boolean;
}

/** True when a set with letters of one case only is marked as folding (or as not folding). */
function someSet(node: Node, fold: boolean): boolean {
  if (node.kind === 'set') return node.fold === fold && printSet(foldCase(node.set)) !== printSet(node.set);
  return childrenOf(node).some((child) => someSet(child, fold));
}

function print(node: Node, style: Style): string {
  if (node.kind === 'set') return printSet(node.fold && style.expand ? foldCase(node.set) : node.set);
  if (node.kind === 'assertion') return node.source;
  if (node.kind === 'choice') return `(?:${node.options.map((option) => print(option, style)).join('|')})`;
  if (node.kind === 'sequence') return node.parts.map((part) => print(part, style)).join('');
  if (node.kind === 'group') {
    const name = node.index === style.secret ? '<secret>' : ':';
    return `(?${name}${printBare(node.node, style)})`;
  }
  return `${printRepeated(node.node, style)}${printBounds(node.min, node.max)}${node.lazy ? '?' : ''}`;
}

function printBare(node: Node, style: Style): string {
  return node.kind === 'choice' ? node.options.map((option) => print(option, style)).join('|') : print(node, style);
}

function printRepeated(node: Node, style: Style): string {
  const source = print(node, style);
  const isAtom = node.kind === 'set' || node.kind === 'group' || node.kind === 'choice';
  return isAtom && source !== '(?!)' ? source : `(?:${source})`;
}

function printBounds(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return ['*', '+'][min] ?? `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
