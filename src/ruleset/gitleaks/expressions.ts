import { defined } from '../../lib/fields/defined.ts';
import type { AllowEntry } from '../../model/allowlist.ts';
import { translateAt } from './allowlists.ts';

/** What a filter expression of betterleaks says, as far as it can be said with checks and allow entries. */
export interface ReadFilter {
  readonly entropy?: number;
  readonly entries: readonly AllowEntry[];
  readonly warnings: readonly string[];
}

export interface FilterPlace {
  readonly where: string;
  readonly subject: string;
  readonly ruleIds: readonly string[];
}

type Parts = Pick<AllowEntry, 'paths' | 'patterns' | 'target' | 'stopwords'>;

const TARGET = String.raw`(?:finding(?:\.|\[")(secret|match|line)(?:"\])?|(secret)|(attributes)(?:\.|\[\??")path(?:"\])?(?:\.orValue\(""\)|\s*\?\?\s*"")?)`;
const ENTROPY = new RegExp(String.raw`^(?:filter\.)?entropy\(\s*${TARGET}\s*\)\s*<=?\s*(\d+(?:\.\d+)?)$`);
const LIST_CALL = new RegExp(
  String.raw`^(?:filter\.)?(matchesAny|containsAny)\(\s*${TARGET}\s*,\s*\[([\s\S]*)\]\s*\)$`,
);

/**
 * Reads an expression that is true for what betterleaks discards. Alternatives (`||`) of entropy, `matchesAny` and
 * `containsAny` are translated; a conjunction of the last two becomes one entry with several parts. Every other
 * alternative is told in a warning and does nothing.
 */
export function readFilter(expression: string, place: FilterPlace): ReadFilter {
  const entries: AllowEntry[] = [];
  const warnings: string[] = [];
  let entropy: number | undefined;
  for (const alternative of splitTop(stripComments(expression), '||')) {
    const bits = ENTROPY.exec(alternative)?.[4];
    if (bits !== undefined) {
      entropy = Math.max(entropy ?? 0, Number(bits));
      continue;
    }
    const parts = splitTop(alternative, '&&').map((text) => readCall(text, place, warnings));
    const entry = joinParts(parts);
    if (entry === undefined)
      warnings.push(`${place.where}: ${place.subject} cannot be expressed and does nothing: ${shorten(alternative)}`);
    else entries.push({ ...base(place), ...entry });
  }
  return { entries, warnings, ...defined({ entropy }) };
}

function base(place: FilterPlace): Pick<AllowEntry, 'kind' | 'reason' | 'source' | 'ruleIds'> {
  const common = { kind: 'allowlist' as const, reason: `${place.subject} in ${place.where}`, source: place.where };
  return place.ruleIds.length > 0 ? { ...common, ruleIds: place.ruleIds } : common;
}

function readCall(text: string, place: FilterPlace, warnings: string[]): Parts | undefined {
  const call = LIST_CALL.exec(text);
  if (call === null) return undefined;
  const target = call[4] === undefined ? ((call[2] ?? call[3]) as 'secret' | 'match' | 'line') : 'path';
  const strings = Array.from((call[5] ?? '').matchAll(stringPattern('g')), readString);
  if (strings.length === 0) return undefined;
  if (call[1] === 'containsAny') return contains(target, strings);
  const sources = strings.map((regex) => translateAt(regex, place.where, place.subject, warnings));
  return target === 'path' ? { paths: sources } : { patterns: sources, target };
}

function contains(target: 'secret' | 'match' | 'line' | 'path', words: readonly string[]): Parts {
  if (target === 'secret') return { stopwords: words.map((word) => word.toLowerCase()) };
  const sources = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return target === 'path' ? { paths: sources } : { patterns: sources, target };
}

/** One entry out of a conjunction; undefined where a part is not known or two parts claim the same field. */
function joinParts(parts: readonly (Parts | undefined)[]): Parts | undefined {
  let joined: Parts = {};
  for (const part of parts) {
    if (part === undefined || Object.keys(part).some((key) => key in joined)) return undefined;
    joined = { ...joined, ...part };
  }
  return joined;
}

/** Splits at an operator outside of brackets and strings, after taking off brackets around the whole. */
function splitTop(expression: string, operator: '||' | '&&'): readonly string[] {
  const text = unwrap(expression.trim());
  const pieces: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    at = skipString(text, at);
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0 && text.startsWith(operator, at)) {
      pieces.push(text.slice(start, at));
      start = at + operator.length;
    }
  }
  return [...pieces, text.slice(start)].map((piece) => unwrap(piece.trim())).filter((piece) => piece !== '');
}

/** Position of the last character of a string that starts here, or the same position. */
function skipString(text: string, at: number): number {
  if (!/["'`r]/.test(text.charAt(at)) || /\w/.test(text.charAt(at - 1))) return at;
  const literal = stringPattern('y');
  literal.lastIndex = at;
  const match = literal.exec(text);
  return match === null ? at : at + match[0].length;
}

function unwrap(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    at = skipString(text, at);
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0 && at < text.length - 1) return text;
  }
  return depth === 0 ? unwrap(text.slice(1, -1).trim()) : text;
}

/**
 * String literals: raw with three quotes, raw, back-quoted, plain. A new object each time, because it keeps its place.
 */
function stringPattern(flags: 'g' | 'y'): RegExp {
  return new RegExp(/r"""([\s\S]*?)"""|r"([^"]*)"|r'([^']*)'|`([^`]*)`|"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'/, flags);
}

function readString(match: RegExpMatchArray): string {
  const raw = match[1] ?? match[2] ?? match[3] ?? match[4];
  if (raw !== undefined) return raw;
  return (match[5] ?? match[6] ?? '').replace(/\\(.)/g, (_, character: string) => {
    return { n: '\n', t: '\t', r: '\r' }[character] ?? character;
  });
}

function stripComments(expression: string): string {
  return expression.replace(/^[ \t]*\/\/.*$/gm, '');
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}
