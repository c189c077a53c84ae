import type { Loose } from '../shared/loose.ts';
import { isTrue, readValue } from './values.ts';

/** Parentheses, texts, and words between blanks. */
const TOKEN = /[()]|"[^"]*"|[^\s()]+/g;
const VALUE = /^\$?\.(Values(?:\.\w+)+)$/;
/** More tokens, and more parentheses in each other, are not followed. */
const MOST_TOKENS = 60;
const DEEPEST = 8;

/** What a part of a condition is: a value, where it is known. */
type Part = { readonly value: unknown } | undefined;

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  readonly chart: Loose;
}

/**
 * What a condition of a template comes to by the values of a chart: `and`, `or`, `not`, `eq` and `ne` over them.
 * Undefined where something else decides. What the values of a chart do not have is empty.
 */
export function evaluateCondition(condition: string, chart: Loose): boolean | undefined {
  const tokens = condition.match(TOKEN) ?? [];
  if (tokens.length === 0 || tokens.length > MOST_TOKENS || chart['Values'] === undefined) return undefined;
  const reader = { tokens, at: 0, chart };
  const part = readCall(reader, 0);
  return part === undefined || reader.at < tokens.length ? undefined : isTrue(part.value);
}

/** A function with what it takes, or one value. Reads up to a closing parenthesis. */
function readCall(reader: Reader, depth: number): Part {
  const name = reader.tokens[reader.at] ?? '';
  const isFunction = /^[a-z]\w*$/.test(name) && name !== 'true' && name !== 'false';
  if (isFunction) reader.at += 1;
  const parts: Part[] = [];
  while (reader.at < reader.tokens.length && reader.tokens[reader.at] !== ')') parts.push(readPart(reader, depth));
  return isFunction ? call(name, parts) : parts.length === 1 ? parts[0] : undefined;
}

function readPart(reader: Reader, depth: number): Part {
  const token = reader.tokens[reader.at] ?? '';
  reader.at += 1;
  if (token !== '(') return readToken(token, reader.chart);
  if (depth >= DEEPEST) {
    reader.at = reader.tokens.length;
    return undefined;
  }
  const part = readCall(reader, depth + 1);
  reader.at += 1;
  return part;
}

function readToken(token: string, chart: Loose): Part {
  const path = VALUE.exec(token)?.[1];
  if (path !== undefined) return { value: readValue(chart, path) };
  if (token.startsWith('"')) return { value: token.slice(1, -1) };
  if (token === 'true' || token === 'false') return { value: token === 'true' };
  return /^\d{1,9}$/.test(token) ? { value: Number(token) } : undefined;
}

function call(name: string, parts: readonly Part[]): Part {
  const truths = parts.map((part) => (part === undefined ? undefined : isTrue(part.value)));
  const [first, ...others] = parts;
  switch (name) {
    case 'and':
      return truths.includes(false) ? { value: false } : allKnown(truths, true);
    case 'or':
      return truths.includes(true) ? { value: true } : allKnown(truths, false);
    case 'not':
      return truths.length === 1 && truths[0] !== undefined ? { value: !truths[0] } : undefined;
    case 'eq':
    case 'ne':
      return isComparable(first) && others.length > 0 && others.every(isComparable)
        ? { value: others.some((other) => other?.value === first?.value) === (name === 'eq') }
        : undefined;
    default:
      return undefined;
  }
}

function allKnown(truths: readonly (boolean | undefined)[], value: boolean): Part {
  return truths.length === 0 || truths.includes(undefined) ? undefined : { value };
}

function isComparable(part: Part): boolean {
  return part !== undefined && (typeof part.value !== 'object' || part.value === null);
}
