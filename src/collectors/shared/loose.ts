/** An object of unknown fields. */
export type Loose = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one for everything else. */
export function asObject(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** The value as a list; a single value as a list of one, nothing as an empty list. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The value as a text; undefined for everything that is no text, number or boolean. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The texts of a list. */
export function asTexts(value: unknown): readonly string[] {
  return asList(value).flatMap((item) => asText(item) ?? []);
}

/** Every text inside a value, depth first, with the path to it. Bounded in depth and number. */
export function* allTexts(
  value: unknown,
  path: readonly (string | number)[] = [],
): Generator<{
  readonly text: string;
  readonly path: readonly (string | number)[];
}> {
  if (path.length > 40) return;
  if (typeof value === 'string') yield { text: value, path };
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* allTexts(item, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* allTexts(item, [...path, key]);
  }
}
