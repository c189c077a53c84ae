import type { Document, LineCounter } from 'yaml';
import { describeYamlError } from './yaml-message.ts';

/** Aliases that may be expanded before a document counts as an alias bomb. */
const MOST_ALIASES = 100;

/** A place in a file, 1-based. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** A parsed YAML document with the place of each node. */
export interface YamlSource {
  readonly value: unknown;
  /** Place of the node at a path of keys and indexes; the nearest existing parent where the node is absent. */
  positionOf(path: readonly (string | number)[]): SourcePosition;
}

/** What is wrong with a YAML text. */
export interface YamlProblem extends SourcePosition {
  readonly message: string;
}

/**
 * Parses one YAML document for a person to be told where a mistake is. Aliases are bounded. The parser is loaded on the
 * first call: start-up does not pay for it.
 */
export async function parseYamlSource(text: string): Promise<YamlSource | YamlProblem> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return { ...positionAt(lines, error.pos[0]), message: describeYamlError(error) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return { value, positionOf: (path) => positionOf(document, lines, path) };
  } catch (cause) {
    return { line: 1, column: 1, message: describeYamlError(cause) };
  }
}

/** Tells the two results of `parseYamlSource` apart. */
export function isYamlProblem(result: YamlSource | YamlProblem): result is YamlProblem {
  return 'message' in result;
}

function positionOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): SourcePosition {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range: unknown = typeof node === 'object' && node !== null ? Reflect.get(node, 'range') : undefined;
    if (Array.isArray(range) && typeof range[0] === 'number') return positionAt(lines, range[0]);
  }
  return { line: 1, column: 1 };
}

function positionAt(lines: LineCounter, offset: number): SourcePosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
