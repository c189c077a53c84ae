import { bytesOf, sizeOf } from './byte-set.ts';
import type { Node } from './re2-tree.ts';

const STRINGS_MOST = 64;
const CLASS_MOST = 8;

/** True when every match of the tree holds one of the words (lower case), whatever its case. */
export function alwaysHolds(root: Node, words: readonly string[]): boolean {
  return words.length > 0 && scan(root, words).held;
}

/** `exact`: all texts a node can match, where they are few. `held`: every match holds a word. */
interface Texts {
  readonly exact: readonly string[] | undefined;
  readonly held: boolean;
}

function scan(node: Node, words: readonly string[]): Texts {
  if (node.kind === 'set') return { exact: textsOfSet(node), held: false };
  if (node.kind === 'assertion') return { exact: [''], held: false };
  if (node.kind === 'group') return scan(node.node, words);
  if (node.kind === 'repeat') return scanRepeat(node, words);
  if (node.kind === 'sequence') return scanSequence(node.parts, words);
  const options = node.options.map((option) => settle(scan(option, words), words));
  const exact = options.every((option) => option.exact !== undefined)
    ? options.flatMap((option) => option.exact ?? [])
    : undefined;
  return { exact: limit(exact), held: options.every((option) => option.held) };
}

function scanSequence(parts: readonly Node[], words: readonly string[]): Texts {
  let run: readonly string[] = [''];
  let whole = true;
  let held = false;
  for (const part of parts) {
    const texts = scan(part, words);
    held ||= texts.held;
    const joined = limit(texts.exact?.flatMap((end) => run.map((start) => start + end)));
    if (joined !== undefined) {
      run = joined;
      continue;
    }
    held ||= holds(run, words);
    whole = false;
    run = texts.exact ?? [''];
  }
  held ||= holds(run, words);
  return { exact: whole ? run : undefined, held };
}

function scanRepeat(node: Node & { readonly kind: 'repeat' }, words: readonly string[]): Texts {
  const texts = scan(node.node, words);
  if (node.min === 0) {
    const exact = node.max === 1 && texts.exact !== undefined ? ['', ...texts.exact] : undefined;
    return { exact: limit(exact), held: false };
  }
  const once = node.min === 1 && node.max === 1;
  return { exact: once ? texts.exact : undefined, held: settle(texts, words).held };
}

function settle(texts: Texts, words: readonly string[]): Texts {
  return texts.held || texts.exact === undefined ? texts : { ...texts, held: holds(texts.exact, words) };
}

function holds(texts: readonly string[], words: readonly string[]): boolean {
  return texts.every((text) => words.some((word) => text.includes(word)));
}

function textsOfSet(node: Node & { readonly kind: 'set' }): readonly string[] | undefined {
  if (sizeOf(node.set) > CLASS_MOST) return undefined;
  return [...new Set(bytesOf(node.set).map((byte) => String.fromCharCode(byte).toLowerCase()))];
}

function limit(texts: readonly string[] | undefined): readonly string[] | undefined {
  return texts !== undefined && texts.length <= STRINGS_MOST ? texts : undefined;
}
