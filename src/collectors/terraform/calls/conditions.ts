import type { HclValue } from '../../../lib/hcl/index.ts';
import type { Scope } from './scope.ts';

const TOKEN =
  /\s+|(?<text>"[^"\\$%]*")|(?<number>\d+(?:\.\d+)?)(?![\w.])|(?<path>[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)|(?<sign>&&|\|\||[!=<>]=|[-!<>+*/%?:.,()[\]{}])/y;
/** Longer conditions, deeper ones, and longer chains of locals are not followed. */
const LONGEST = 1_000;
const DEEPEST = 20;
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/** What a part of a condition is. Undefined where nobody knows; a list or map is known not to be null. */
type Known = boolean | string | number | null | { readonly some: true } | undefined;
type Groups = Readonly<Record<string, string | undefined>>;

interface Reader {
  readonly tokens: readonly Groups[];
  at: number;
  readonly scope: Scope;
  readonly depth: number;
}

/**
 * Whether a condition holds, by the values of the variables of a called module and by its locals: `local.create &&
 * var.name != null`. Undefined where something else decides.
 */
export function holds(text: string, scope: Scope, depth = DEEPEST): boolean | undefined {
  const value = judge(text, scope, depth);
  return typeof value === 'boolean' ? value : undefined;
}

function judge(text: string, scope: Scope, depth: number): Known {
  scope.budget.left -= 1;
  const tokens = text.length > LONGEST || depth <= 0 || scope.budget.left < 0 ? undefined : readTokens(text);
  if (tokens === undefined) return undefined;
  const reader = { tokens, at: 0, scope, depth };
  const value = readAny(reader, depth);
  return reader.at === tokens.length ? value : undefined;
}

function readTokens(text: string): readonly Groups[] | undefined {
  const tokens: Groups[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    if (match[0].trim() !== '') tokens.push(match.groups ?? {});
  }
  return tokens;
}

function take(reader: Reader, sign: string): boolean {
  const isHere = reader.tokens[reader.at]?.['sign'] === sign;
  if (isHere) reader.at += 1;
  return isHere;
}

function readAny(reader: Reader, depth: number): Known {
  let value = readAll(reader, depth);
  while (take(reader, '||')) {
    const other = readAll(reader, depth);
    value = value === true || other === true ? true : value === false ? other : undefined;
  }
  return value;
}

function readAll(reader: Reader, depth: number): Known {
  let value = readComparison(reader, depth);
  while (take(reader, '&&')) {
    const other = readComparison(reader, depth);
    value = value === false || other === false ? false : value === true ? other : undefined;
  }
  return value;
}

function readComparison(reader: Reader, depth: number): Known {
  const value = readOperand(reader, depth);
  for (const sign of ['==', '!=']) if (take(reader, sign)) return compare(value, readOperand(reader, depth), sign);
  const sign = reader.tokens[reader.at]?.['sign'] ?? '';
  if (!/^(?:[<>]=?|[-+*/%])$/.test(sign)) return value;
  reader.at += 1;
  const other = readComparison(reader, depth);
  return typeof value === 'number' && typeof other === 'number' ? compareNumbers(value, other, sign) : undefined;
}

/** What else is done with numbers is not known. */
function compareNumbers(value: number, other: number, sign: string): boolean | undefined {
  if (sign === '<') return value < other;
  if (sign === '<=') return value <= other;
  if (sign === '>') return value > other;
  return sign === '>=' ? value >= other : undefined;
}

function compare(value: Known, other: Known, sign: string): boolean | undefined {
  if (value === undefined || other === undefined) return undefined;
  const isNull = value === null || other === null;
  const isPlain = typeof value !== 'object' && typeof other !== 'object' && typeof value === typeof other;
  if (!isNull && !isPlain) return undefined;
  return (value === other) === (sign === '==');
}

function readOperand(reader: Reader, depth: number): Known {
  if (depth <= 0) {
    reader.at = reader.tokens.length + 1;
    return undefined;
  }
  if (take(reader, '!')) {
    const value = readOperand(reader, depth - 1);
    return typeof value === 'boolean' ? !value : undefined;
  }
  if (take(reader, '(')) {
    const value = readAny(reader, depth - 1);
    if (take(reader, ')')) return afterPath(reader, value);
    reader.at = reader.tokens.length + 1;
    return undefined;
  }
  const { text, number, path, sign = '' } = reader.tokens[reader.at] ?? {};
  if (CLOSERS[sign] !== undefined) return skipGroup(reader);
  reader.at += 1;
  if (text !== undefined) return text.slice(1, -1);
  if (number !== undefined) return Number(number);
  if (path === undefined) return undefined;
  const length = path === 'length' ? readLength(reader) : undefined;
  if (length !== undefined) return length;
  return Object.hasOwn(WORDS, path) ? WORDS[path] : afterPath(reader, valueAt(path.split('.'), reader));
}

/** `(var.names)` behind `length`, where the list, map or text is known. Elsewhere it does not move. */
function readLength(reader: Reader): number | undefined {
  const [open, name, close] = reader.tokens.slice(reader.at, reader.at + 3);
  if (open?.['sign'] !== '(' || close?.['sign'] !== ')') return undefined;
  const [first, second = '', ...rest] = name?.['path']?.split('.') ?? [];
  const { variables, locals } = reader.scope;
  const value = first === 'var' ? variables.get(second) : first === 'local' ? locals?.get(second) : undefined;
  const length = rest.length > 0 ? undefined : lengthOf(value);
  if (length !== undefined) reader.at += 3;
  return length;
}

function lengthOf(value: HclValue | undefined): number | undefined {
  if (value?.kind === 'list') return value.items.length;
  if (value?.kind === 'object') return value.entries.length;
  return value?.kind === 'string' ? value.value.length : undefined;
}

/** A call, an index or a field of something says what nobody here knows. */
function afterPath(reader: Reader, value: Known): Known {
  let known = value;
  while (['(', '[', '.'].includes(reader.tokens[reader.at]?.['sign'] ?? '')) {
    known = undefined;
    if (!take(reader, '.')) skipGroup(reader);
    else reader.at += 1;
  }
  return known;
}

function skipGroup(reader: Reader): undefined {
  const open: string[] = [];
  do {
    const sign = reader.tokens[reader.at]?.['sign'] ?? '';
    const closer = CLOSERS[sign];
    if (closer !== undefined) open.push(closer);
    else if (sign === open.at(-1)) open.pop();
    reader.at += 1;
  } while (open.length > 0 && reader.at < reader.tokens.length);
}

function valueAt([first, name = '', ...rest]: readonly string[], { scope, depth }: Reader): Known {
  if (rest.length > 0) return undefined;
  if (first === 'var') return knownOf(scope.variables.get(name));
  return first === 'local' ? localValue(scope.locals?.get(name), scope, depth) : undefined;
}

function knownOf(value: HclValue | undefined): Known {
  switch (value?.kind) {
    case 'bool':
    case 'string':
    case 'number':
      return value.value;
    case 'null':
      return null;
    case 'list':
    case 'object':
      return { some: true };
    default:
      return undefined;
  }
}

/** A local of the module is written in its own words. */
function localValue(value: HclValue | undefined, scope: Scope, depth: number): Known {
  return value?.kind === 'expression' || value?.kind === 'reference'
    ? judge(value.text, scope, depth - 1)
    : knownOf(value);
}
