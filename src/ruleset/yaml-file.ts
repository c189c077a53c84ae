import { describeYamlError } from '../lib/yaml-message.ts';
import type { Problem } from './problems.ts';

/** Keys and indexes from the root of a file to one value. */
export type ValuePath = readonly (string | number)[];

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A parsed YAML file that still knows where each value stands. */
export interface YamlFile {
  /** As shown in messages. */
  readonly file: string;
  readonly value: unknown;
  /** Place of a value, or of its key; where the path does not exist, the place of the nearest parent. */
  locate(path: ValuePath, what?: 'key' | 'value'): Place;
}

/** Rule files are small; larger ones are refused before they are parsed. Bytes. */
export const RULE_FILE_BYTES = 1024 * 1024;
const ALIASES = 100;
const DEPTH_MOST = 40;
const START: Place = { line: 1, column: 1 };

/**
 * Parses one rule file. Syntax errors, duplicate keys and alias bombs come back as problems with the value undefined.
 */
export async function parseYamlFile(
  file: string,
  text: string,
): Promise<{ readonly yaml?: YamlFile; readonly problems: readonly Problem[] }> {
  const { parseDocument, LineCounter, isMap, isPair, isScalar } = await import('yaml');
  const counter = new LineCounter();
  const document = tryParse(() => parseDocument(text, { lineCounter: counter, prettyErrors: false }));
  if (document === undefined) return { problems: [tooDeep(file)] };
  const place = (offset: number | undefined): Place => {
    if (offset === undefined) return START;
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const fail = (offset: number | undefined, message: string): Problem => {
    return { severity: 'error', file, ...place(offset), message };
  };
  // Only the first: the others mostly follow from it.
  const [broken] = document.errors;
  if (broken !== undefined) {
    return { problems: [fail(broken.pos[0], `not valid YAML: ${describeYamlError(broken)}`)] };
  }
  const keyOffset = (parent: ValuePath, key: string | number): number | undefined => {
    const map = parent.length === 0 ? document.contents : document.getIn(parent, true);
    if (!isMap(map)) return undefined;
    const pair = map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
    return isScalar(pair?.key) ? pair.key.range?.[0] : undefined;
  };
  const valueOffset = (path: ValuePath): number | undefined => {
    const node = path.length === 0 ? document.contents : document.getIn(path, true);
    return typeof node === 'object' && node !== null && 'range' in node
      ? (node.range as number[] | null)?.[0]
      : undefined;
  };
  const locate = (path: ValuePath, what: 'key' | 'value' = 'value'): Place => {
    for (let length = path.length; length > 0; length--) {
      const key = keyOffset(path.slice(0, length - 1), path[length - 1] ?? '');
      const value = valueOffset(path.slice(0, length));
      const found = what === 'key' ? (key ?? value) : (value ?? key);
      if (found !== undefined) return place(found);
    }
    return place(valueOffset([]));
  };
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES });
    return isDeeper(value, DEPTH_MOST)
      ? { problems: [tooDeep(file)] }
      : { yaml: { file, value, locate }, problems: [] };
  } catch (error) {
    return {
      problems: [fail(0, `cannot be read: ${describeYamlError(error)}; write the values out instead of aliases`)],
    };
  }
}

/** Undefined where the parser ran out of stack: it descends as deep as the text does. */
function tryParse<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function tooDeep(file: string): Problem {
  const message = `values are nested more than ${DEPTH_MOST} deep; write them flatter`;
  return { severity: 'error', file, ...START, message };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((item) => isDeeper(item, depth - 1));
}
