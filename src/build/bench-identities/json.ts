/** An object of a report. */
export type Entry = Readonly<Record<string, unknown>>;

/** The value as an object; anything else is an empty one. */
export function recordOf(value: unknown): Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : {};
}

/** A field as an object. */
export function fieldOf(record: Entry, name: string): Entry {
  return recordOf(record[name]);
}

/** A field as a list of objects. */
export function listOf(record: Entry, name: string): readonly Entry[] {
  const value = record[name];
  return Array.isArray(value) ? value.map(recordOf) : [];
}
