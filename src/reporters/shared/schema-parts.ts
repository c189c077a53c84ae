import { defined } from '../../lib/fields/defined.ts';

declare const ACCEPTS: unique symbol;

/**
 * A part of a JSON Schema that accepts every value of type `T`. Only the compiler uses the type: a part of `string`
 * fits where a part of a narrower text is required, but a part of `'a' | 'b'` does not fit where any text is allowed.
 */
export type Schema<T = never> = Readonly<Record<string, unknown>> & { readonly [ACCEPTS]?: (value: T) => void };

/**
 * The members of a type, optional ones with a question mark: the compiler finds a member that the schema lacks or gets
 * wrong.
 */
type Members<T> = {
  readonly [K in keyof T & string as object extends Pick<T, K> ? `${K}?` : K]: Schema<Exclude<T[K], undefined>>;
};

/** An object with exactly these members. Every listed member is required unless its name ends in `?`. */
export function object<T>(members: Members<T>, description?: string): Schema<T> {
  const entries = Object.entries<Schema>(members);
  return {
    type: 'object',
    ...defined({ description }),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

/** An array of one kind of item. */
export function listOf<T>(items: Schema<T>): Schema<readonly T[]> {
  return { type: 'array', items };
}

/** Any number of members with names of the data's own, each with a value of one kind. */
export function mapOf<T>(values: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return { type: 'object', additionalProperties: values };
}

/** All words of a union: the compiler finds one that is missing. */
export function wordsOf<T extends string>(words: Readonly<Record<T, true>>): Schema<T> {
  return { enum: Object.keys(words) };
}

/** A shared part, by its name in `$defs`. The caller names the type that stands there. */
export function ref<T>(name: string): Schema<T> {
  return { $ref: `#/$defs/${name}` };
}

/** Counts by the words of a union, each of which may be absent. */
export function countsOf<T extends string>(
  names: Readonly<Record<T, true>>,
): Schema<Readonly<Partial<Record<T, number>>>> {
  const properties = Object.fromEntries(Object.keys(names).map((name) => [name, { type: 'integer', minimum: 0 }]));
  return { type: 'object', properties, additionalProperties: false };
}
