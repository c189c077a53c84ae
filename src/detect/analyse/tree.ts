import type { AST } from '@eslint-community/regexpp';
import { type ByteSet, setWhere } from './byte-set.ts';

/** A pattern as analysis sees it: byte sets instead of characters, no names but those of groups. */
export type Tree =
  | { readonly kind: 'set'; readonly set: ByteSet }
  | { readonly kind: 'sequence'; readonly parts: readonly Tree[] }
  | { readonly kind: 'choice'; readonly options: readonly Tree[] }
  | {
      readonly kind: 'repeat';
      readonly part: Tree;
      readonly min: number;
      readonly max: number;
      /** True: as few as possible. */
      readonly lazy: boolean;
    }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negate: boolean; readonly part: Tree }
  | { readonly kind: 'group'; readonly name: string; readonly part: Tree }
  /** `^`, `$`, `\b`, `\B`: no width, sees one byte to either side. */
  | { readonly kind: 'edge'; readonly edge: 'start' | 'end' | 'word' | 'no-word' }
  /** A back-reference: any text. */
  | { readonly kind: 'unknown' };

/**
 * Reads a pattern (JavaScript, flags `g` and perhaps `i`, one latin-1 character a byte). Throws the parser's
 * `SyntaxError`.
 */
export async function readTree(pattern: string, ignoreCase: boolean): Promise<Tree> {
  const { RegExpParser } = await import('@eslint-community/regexpp');
  const parsed = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(pattern);
  return choiceOf(parsed.alternatives, createSetReader(ignoreCase));
}

type SetReader = (raw: string) => ByteSet;

/**
 * Asks the engine which bytes a character or class matches, so that case folding is exactly that of `RegExp`.
 */
function createSetReader(ignoreCase: boolean): SetReader {
  const setByText = new Map<string, ByteSet>();
  return (raw) => {
    let set = setByText.get(raw);
    if (set === undefined) {
      const test = new RegExp(`^(?:${raw})$`, ignoreCase ? 'i' : '');
      set = setWhere((byte) => test.test(String.fromCharCode(byte)));
      setByText.set(raw, set);
    }
    return set;
  };
}

function choiceOf(alternatives: readonly AST.Alternative[], readSet: SetReader): Tree {
  const options = alternatives.map(
    (alternative): Tree => ({
      kind: 'sequence',
      parts: alternative.elements.map((element) => treeOf(element, readSet)),
    }),
  );
  return options.length === 1 ? (options[0] as Tree) : { kind: 'choice', options };
}

function treeOf(element: AST.Element, readSet: SetReader): Tree {
  switch (element.type) {
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return { kind: 'set', set: readSet(element.raw) };
    case 'Group':
      return choiceOf(element.alternatives, readSet);
    case 'CapturingGroup': {
      const part = choiceOf(element.alternatives, readSet);
      return element.name === null ? part : { kind: 'group', name: element.name, part };
    }
    case 'Quantifier':
      return repeatOf(element, readSet);
    case 'Assertion':
      return assertionOf(element, readSet);
    default:
      return { kind: 'unknown' };
  }
}

function repeatOf({ element, min, max, greedy }: AST.Quantifier, readSet: SetReader): Tree {
  return { kind: 'repeat', part: treeOf(element, readSet), min, max, lazy: !greedy };
}

function assertionOf(element: AST.Assertion, readSet: SetReader): Tree {
  if (element.kind === 'word') return { kind: 'edge', edge: element.negate ? 'no-word' : 'word' };
  if (element.kind !== 'lookahead' && element.kind !== 'lookbehind') return { kind: 'edge', edge: element.kind };
  const part = choiceOf(element.alternatives, readSet);
  return { kind: 'look', behind: element.kind === 'lookbehind', negate: element.negate, part };
}
