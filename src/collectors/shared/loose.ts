/** An object of unknown fields. */
export type Loose = Readonly<Record<string, unknown>>;

/** Returns the value as an object, or an empty one for anything else. */
export function asObject(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** Returns the value as a list. A single value becomes a list of one, nothing becomes an empty list. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Returns a text, number or boolean as text, and undefined for anything else. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The texts of a list. */
export function asTexts(value: unknown): readonly string[] {
  return asList(value).flatMap((item) => asText(item) ?? []);
}

/** Yields every text inside a value, depth first, with its path. Limited in depth and number. */
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
