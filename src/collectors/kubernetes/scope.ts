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

export function open(name: string): Open {
  return { [OPEN]: name };
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
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
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
