/** A part of a JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** The members of a type, optional ones with a question mark: the compiler finds a member that the schema lacks. */
type Members<T> = { readonly [K in keyof T & string as object extends Pick<T, K> ? `${K}?` : K]: Schema };

/** Every listed member is required unless its name ends in `?`. */
export function object<T = Record<string, never>>(
  members: T extends Record<string, never> ? Readonly<Record<string, Schema>> : Members<T>,
  description?: string,
): Schema {
  const entries = Object.entries<Schema>(members);
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

/** An array of one kind of item. */
export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

/** All words of a union: the compiler finds one that is missing. */
export function wordsOf<T extends string>(words: Readonly<Record<T, true>>): Schema {
  return { enum: Object.keys(words) };
}

/** A shared part, by its name in `$defs`. */
export function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

/** Counts by the words of a union, each of which may be absent. */
export function countsOf<T extends string>(names: Readonly<Record<T, true>>): Schema {
  const properties = Object.fromEntries(Object.keys(names).map((name) => [name, { type: 'integer', minimum: 0 }]));
  return { type: 'object', properties, additionalProperties: false };
}
