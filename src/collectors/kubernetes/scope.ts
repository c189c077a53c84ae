import { asObject } from '../shared/loose.ts';
import type { Chart } from './values.ts';

const OPEN: unique symbol = Symbol('open');

/** A value that only a template engine knows, and what it is called. */
export interface Open {
  readonly [OPEN]: string;
}

/** The name of a value for which a directive says none. */
export const NAMELESS = 'template';

/** What `$` is: the values of the chart, its name, and what a release brings. */
export const ROOT: unique symbol = Symbol('root');

/** What an expression may use. */
export interface Scope {
  readonly chart: Chart;
  /** What `.` is here. */
  readonly dot: unknown;
  readonly variables: Map<string, unknown>;
  /** Set in helpers, which give one text or none: a switch that is off decides nothing there. */
  readonly strict: boolean;
  /** The text that a named template gives for a value of `.`. */
  readonly include: (helper: string, dot: unknown, scope: Scope) => unknown;
  /** Helpers that may still call one another. */
  readonly depth: number;
  /** Directives that may still be read; shared by all that one file asks for. */
  readonly budget: { left: number };
}

/** A longer name is cut: values that are named after one another would grow without end. */
const LONGEST_NAME = 300;

export function open(name: string): Open {
  return { [OPEN]: name.slice(0, LONGEST_NAME) };
}

export function isOpen(value: unknown): value is Open {
  return typeof value === 'object' && value !== null && OPEN in value;
}

/** What an open value is called. */
export function nameOfOpen(value: Open): string {
  return value[OPEN];
}

/** What a condition takes for true: nothing that is empty. Undefined where nobody knows. */
export function truthOf(value: unknown): boolean | undefined {
  if (isOpen(value) || isUnfinished(value)) return undefined;
  if (value === ROOT) return true;
  if (typeof value === 'object' && value !== null) return entriesWithin(value, 1) !== 0;
  return Boolean(value);
}

/** Maps of more keys are open: to look through them for each directive would not end. */
const MOST_KEYS = 1000;

/**
 * The values of a chart, in which maps of very many keys are open. A part that the file names twice is walked once.
 */
export function withoutLargeMaps(value: unknown, name: string, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const entries = Object.entries(value);
  const isLarge = !Array.isArray(value) && entries.length > MOST_KEYS;
  const kept: object = Array.isArray(value) ? [] : isLarge ? open(name) : {};
  seen.set(value, kept);
  if (isLarge) return kept;
  for (const [key, part] of entries)
    Reflect.set(kept, key, withoutLargeMaps(part, `${name}.${key}`.slice(-LONGEST_NAME), seen));
  return kept;
}

/** How many entries a map or list has; undefined where it has more than so many. Counts no further. */
export function entriesWithin(value: object, most: number): number | undefined {
  if (Array.isArray(value)) return value.length > most ? undefined : value.length;
  let count = 0;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    count += 1;
    if (count > most) return undefined;
  }
  return count;
}

/** A text of which a part is open, as `<shop.fullname>-job`. */
export function isUnfinished(value: unknown): boolean {
  return typeof value === 'string' && value.includes('<');
}

/**
 * The value behind keys. A value that the chart does not have is empty, but where a strict scope asks for a switch it
 * is open, as what is off is: what asks for it is there for those who turn it on.
 */
export function follow(start: unknown, keys: readonly string[], { chart, strict }: Scope, asked: boolean): unknown {
  let value = start;
  let from: string | undefined;
  for (const [at, key] of keys.entries()) {
    if (isOpen(value)) return open([nameOfOpen(value), ...keys.slice(at)].join('.'));
    if (value === ROOT) {
      from = key;
      value = chart.values[key] ?? open(keys.slice(at).join('.'));
      if (isOpen(value)) return value;
      continue;
    }
    value = readField(value, key, from === 'Chart');
  }
  const off = value === undefined || value === false;
  return asked && strict && off && from === 'Values' ? open(keys.join('.')) : value;
}

/** Helm writes the fields of a chart with a capital letter. */
function readField(value: unknown, key: string, ofChart: boolean): unknown {
  const fields = asObject(value);
  if (Object.hasOwn(fields, key)) return fields[key];
  const small = key.toLowerCase();
  return ofChart && Object.hasOwn(fields, small) ? fields[small] : undefined;
}
