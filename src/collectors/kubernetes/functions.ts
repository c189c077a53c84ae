import { asList, asObject } from '../shared/loose.ts';
import { entriesWithin, isOpen, isUnfinished, NAMELESS, nameOfOpen, open, truthOf } from './scope.ts';

/** A function of templates: its arguments in, and undefined for empty, or an open value where nobody knows. */
type Apply = (...args: readonly unknown[]) => unknown;

/** Nothing is done to longer texts and to lists and maps of more entries: calls that feed one another would not end. */
const LONGEST_TEXT = 4096;
const MOST_ENTRIES = 1000;

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const text = (value: unknown): string => (isPlain(value) ? String(value) : '');
const number = (value: unknown): number => (isPlain(value) ? Number(value) : Number.NaN);
const same = (value: unknown): unknown => value;
const unknown = open(NAMELESS);

/** Functions that look at their arguments in turn, so that an open one may not matter. */
const LAZY: Readonly<Record<string, Apply>> = {
  and: (...args) => (args.some((value) => truthOf(value) === false) ? false : (firstOpen(args) ?? args.at(-1))),
  or: (...args) => args.find((value) => truthOf(value) === true) ?? firstOpen(args) ?? args.at(-1),
  not: (value) => negate(truthOf(value)),
  empty: (value) => negate(truthOf(value)),
  default: (other, value) => orElse(value, other),
  coalesce: (...args) => args.reduceRight((other, value) => orElse(value, other), undefined),
  ternary: (yes, no, condition) => {
    const truth = truthOf(condition);
    if (truth === undefined) return unknown;
    return truth ? yes : no;
  },
  dict: (...args) => {
    const entries = args.flatMap((key, at) => (at % 2 === 0 && typeof key === 'string' ? [[key, args[at + 1]]] : []));
    return Object.fromEntries(entries) as unknown;
  },
  list: (...args) => args,
  required: (_message, value) => value,
  tpl: (value) => (typeof value === 'string' && !value.includes('{{') ? value : unknown),
  printf: (format, ...args) => print(text(format), args),
  print: (...args) => print('%s'.repeat(args.length), args),
  quote: same,
  squote: same,
  toString: same,
  trunc: (_length, value) => value,
  trim: (value) => (typeof value === 'string' ? value.trim() : value),
  trimSuffix: (end, value) =>
    typeof value === 'string' && value.endsWith(text(end)) ? value.slice(0, value.length - text(end).length) : value,
  trimPrefix: (start, value) =>
    typeof value === 'string' && value.startsWith(text(start)) ? value.slice(text(start).length) : value,
  trimAll: (_characters, value) => value,
  lower: (value) => (typeof value === 'string' && !isUnfinished(value) ? value.toLowerCase() : value),
  replace: (from, to, value) =>
    typeof value === 'string' && !isUnfinished(value) ? replace(value, text(from), text(to)) : value,
  deepCopy: same,
};

/** Functions that say nothing where an argument is open. */
const PLAIN: Readonly<Record<string, Apply>> = {
  eq: (value, ...others) => (isComparable(value, ...others) ? others.some((other) => isSame(value, other)) : unknown),
  ne: (value, other) => (isComparable(value, other) ? !isSame(value, other) : unknown),
  gt: (value, other) => number(value) > number(other),
  ge: (value, other) => number(value) >= number(other),
  lt: (value, other) => number(value) < number(other),
  le: (value, other) => number(value) <= number(other),
  has: (item, values) => asList(values).some((value) => isSame(value, item)),
  hasKey: (values, key) => Object.hasOwn(asObject(values), text(key)),
  get: (values, key) => ownField(values, text(key)) ?? '',
  index: (values, ...keys) =>
    keys.reduce((value, key) => (Array.isArray(value) ? value[number(key)] : ownField(value, text(key))), values),
  contains: (part, value) => text(value).includes(text(part)),
  hasPrefix: (part, value) => text(value).startsWith(text(part)),
  hasSuffix: (part, value) => text(value).endsWith(text(part)),
  len: (value) =>
    Array.isArray(value) || typeof value === 'string' ? value.length : Object.keys(asObject(value)).length,
  first: (value) => asList(value)[0],
  last: (value) => asList(value).at(-1),
  keys: (value) => Object.keys(asObject(value)),
  int: number,
  kindIs: (kind, value) => kindOf(value) === kind,
  upper: (value) => text(value).toUpperCase(),
  kebabcase: (value) => (/^[a-z0-9-]*$/.test(text(value)) ? value : unknown),
};

/** Calls a function. Open for one that is not known. */
export function callFunction(name: string, args: readonly unknown[]): unknown {
  if (args.some(isLarge)) return unknown;
  const lazy = Object.hasOwn(LAZY, name) ? LAZY[name] : undefined;
  if (lazy !== undefined) return args.length === 0 ? unknown : lazy(...args);
  const plain = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (plain === undefined) return unknown;
  return args.find((value) => isOpen(value)) ?? (args.some(isUnfinished) ? unknown : plain(...args));
}

function isLarge(value: unknown): boolean {
  if (typeof value === 'string') return value.length > LONGEST_TEXT;
  return typeof value === 'object' && value !== null && entriesWithin(value, MOST_ENTRIES) === undefined;
}

function replace(value: string, from: string, to: string): unknown {
  return value.length * (to.length + 1) > LONGEST_TEXT * 16 ? unknown : value.replaceAll(from, to);
}

/** A value, or another one where it is empty. */
function orElse(value: unknown, other: unknown): unknown {
  return truthOf(value) === false ? other : value;
}

function firstOpen(values: readonly unknown[]): unknown {
  return values.find((value) => truthOf(value) === undefined);
}

function negate(truth: boolean | undefined): unknown {
  return truth === undefined ? unknown : !truth;
}

/** Lists and maps are compared to nothing. */
function isComparable(...values: readonly unknown[]): boolean {
  return values.length > 1 && values.every((value) => typeof value !== 'object' || value === null);
}

function isSame(value: unknown, other: unknown): boolean {
  return isPlain(value) && isPlain(other) ? text(value) === text(other) : value === other;
}

function ownField(value: unknown, key: string): unknown {
  const fields = asObject(value);
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'slice';
  if (value === undefined || value === null) return 'invalid';
  const kinds: Readonly<Record<string, string>> = { object: 'map', boolean: 'bool', number: 'float64' };
  return kinds[typeof value] ?? typeof value;
}

/** An open value is written as in a manifest: by its name. */
function print(format: string, args: readonly unknown[]): unknown {
  const written = args.map((value) => (isOpen(value) ? `<${nameOfOpen(value)}>` : value));
  const length = written.reduce<number>((sum, value) => sum + text(value).length, format.length);
  if (length > LONGEST_TEXT || !written.every(isPlain) || /%[^sdv]/.test(format)) return unknown;
  let at = 0;
  return format.replace(/%[sdv]/g, () => text(written[at++]));
}
