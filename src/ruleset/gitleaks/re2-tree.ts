import type { ByteSet } from './byte-set.ts';

/** A Go regular expression over UTF-8, as a tree over bytes. */
export type Node =
  | { readonly kind: 'set'; readonly set: ByteSet; readonly fold: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'group'; readonly index: number; readonly node: Node }
  | { readonly kind: 'assertion'; readonly source: string };

/** What the parser gives: the tree, how many groups it has, and what could only be approximated. */
export interface Re2Tree {
  readonly root: Node;
  readonly groups: number;
  readonly notes: readonly string[];
}

/** A pattern that is not Go syntax, or that has no counterpart. */
export class Re2Error extends Error {
  override readonly name = 'Re2Error';
}

/** The nodes directly below one. */
export function childrenOf(node: Node): readonly Node[] {
  if (node.kind === 'sequence') return node.parts;
  if (node.kind === 'choice') return node.options;
  return node.kind === 'repeat' || node.kind === 'group' ? [node.node] : [];
}
