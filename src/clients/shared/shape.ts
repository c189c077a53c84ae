/**
 * Reads a value that came from an API. `read` returns the known part of it, or undefined if it does not fit. Unknown
 * fields are dropped, so the result holds only what was requested. `null` counts as absent unless a shape says
 * otherwise.
 */
export interface Shape<T> {
  readonly read: (value: unknown) => T | undefined;
  readonly optional?: true;
  /** True if `null` is a value of its own. */
  readonly nullable?: true;
}

/** A shape whose field may be missing. */
export interface OptionalShape<T> extends Shape<T> {
  readonly optional: true;
}

/** The type that a shape reads. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

type Fields = Readonly<Record<string, Shape<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Shaped<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: Shaped<F[K]>;
};

const LONGEST_TEXT = 4_096;
const LONGEST_LIST = 20_000;

/** Text of at most `longest` UTF-16 code units. */
export function text(longest = LONGEST_TEXT): Shape<string> {
  return { read: (value) => (typeof value === 'string' && value.length <= longest ? value : undefined) };
}

/** One of the given words. */
export function word<W extends string>(...words: readonly W[]): Shape<W> {
  return { read: (value) => words.find((word) => word === value) };
}

export function flag(): Shape<boolean> {
  return { read: (value) => (typeof value === 'boolean' ? value : undefined) };
}

/**
 * An id: a number or its digits, returned as text. Octokit parses large numbers as bigint. A number that lost digits in
 * `JSON.parse` does not fit.
 */
export function numericId(): Shape<string> {
  return {
    read: (value) => {
      // Converts it only after the type is known, because a foreign object can have a `toString` that throws.
      if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string') return undefined;
      if (typeof value === 'number' && !Number.isSafeInteger(value)) return undefined;
      return /^\d{1,20}$/.test(String(value)) ? String(value) : undefined;
    },
  };
}

/** A date that JavaScript can parse, returned in ISO 8601 and UTC with seconds. */
export function date(): Shape<string> {
  return {
    read: (value) => {
      const time = typeof value === 'string' && value.length < 64 ? Date.parse(value) : Number.NaN;
      return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace('.000Z', 'Z');
    },
  };
}

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { read: shape.read, optional: true };
}

/** A field that may be missing, and whose `null` has a meaning. It is returned as null. */
export function nullable<T>(shape: Shape<T>): OptionalShape<T | null> {
  return { read: (value) => (value === null ? null : shape.read(value)), optional: true, nullable: true };
}

/** The first of several shapes that fits. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return { read: (value) => first.read(value) ?? second.read(value) };
}

/** A list whose entries all fit. */
export function list<T>(entry: Shape<T>): Shape<readonly T[]> {
  return {
    read: (value) => {
      if (!Array.isArray(value) || value.length > LONGEST_LIST) return undefined;
      const read = value.map((item) => entry.read(item));
      return read.every((item) => item !== undefined) ? (read as T[]) : undefined;
    },
  };
}

/** Texts by name. */
export function record<T>(entry: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    read: (value) => {
      if (!isObject(value)) return undefined;
      const entries = Object.entries(value).map(([key, item]) => [key, entry.read(item)] as const);
      if (entries.length > LONGEST_LIST || entries.some((item) => item[1] === undefined)) return undefined;
      return Object.fromEntries(entries) as Record<string, T>;
    },
  };
}

/** An object with these fields; any others are dropped. */
export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  return { read: (value) => (isObject(value) ? readFields(fields, value) : undefined) };
}

/** Changes what a shape returns. */
export function mapped<A, B>(shape: Shape<A>, change: (value: A) => B): Shape<B> {
  return {
    read: (value) => {
      const read = shape.read(value);
      return read === undefined ? undefined : change(read);
    },
  };
}

function readFields<F extends Fields>(fields: F, value: Readonly<Record<string, unknown>>): ObjectOf<F> | undefined {
  const result: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(fields)) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || (given === null && shape.nullable !== true)) {
      if (shape.optional === true) continue;
      return undefined;
    }
    const read = shape.read(given);
    if (read === undefined) return undefined;
    result[name] = read;
  }
  return result as ObjectOf<F>;
}

/** True for an object that is no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
