import { childrenOf, type Node, type Re2Tree } from './re2-tree.ts';

/** One pattern to print: a tree and the group that is its secret. */
export interface SecretChoice {
  readonly root: Node;
  readonly secret: number;
}

/**
 * Which group is the secret, as gitleaks takes it: `secretGroup`, else the first group that took part and is not empty.
 * A pattern whose alternatives each have a group of their own becomes one pattern per alternative, because a JavaScript
 * pattern has only one group `secret`. Undefined: cannot be told, so the whole match must do.
 */
export function chooseSecret(tree: Re2Tree, secretGroup: number): readonly SecretChoice[] | undefined {
  if (secretGroup > 0) return [{ root: tree.root, secret: secretGroup }];
  if (tree.groups === 0) return [{ root: tree.root, secret: 0 }];
  const whole = firstCertainGroup(tree.root);
  if (whole !== undefined) return [{ root: tree.root, secret: whole }];
  const options = topOptions(tree.root);
  const choices = options.map((root) => ({ root, secret: groupsOf(root).length === 0 ? 0 : firstCertainGroup(root) }));
  const withSecret = choices.flatMap(({ root, secret }) => (secret === undefined ? [] : [{ root, secret }]));
  return options.length > 1 && withSecret.length === options.length ? withSecret : undefined;
}

/** The first group, if it takes part in every match and is never empty. */
function firstCertainGroup(root: Node): number | undefined {
  const [first] = groupsOf(root);
  if (first === undefined) return undefined;
  return isCertain(root, first.index) && leastLength(first) > 0 ? first.index : undefined;
}

function groupsOf(node: Node): readonly (Node & { readonly kind: 'group' })[] {
  const below = childrenOf(node).flatMap(groupsOf);
  return node.kind === 'group' ? [node, ...below] : below;
}

function isCertain(node: Node, index: number): boolean {
  if (node.kind === 'group' && node.index === index) return true;
  if (node.kind === 'choice' || (node.kind === 'repeat' && node.min === 0)) return false;
  return childrenOf(node).some((child) => isCertain(child, index));
}

function leastLength(node: Node): number {
  if (node.kind === 'set') return 1;
  if (node.kind === 'repeat') return node.min * leastLength(node.node);
  if (node.kind === 'choice') return Math.min(...node.options.map(leastLength));
  return childrenOf(node).reduce((sum, child) => sum + leastLength(child), 0);
}

/** The alternatives of the outermost choice, through groups that only group. */
function topOptions(node: Node): readonly Node[] {
  if (node.kind === 'choice') return node.options;
  const [only, ...others] = node.kind === 'sequence' ? node.parts : [];
  return only !== undefined && others.length === 0 ? topOptions(only) : [node];
}
