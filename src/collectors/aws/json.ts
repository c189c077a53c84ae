import type { Json } from '../../model/json.ts';

export type JsonRecord = { readonly [key: string]: Json };

/** The value as an object; anything else is an empty one. */
export function recordOf(value: Json | undefined): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {};
}

/** The objects of a list; anything else is an empty list. */
export function recordsOf(value: Json | undefined): readonly JsonRecord[] {
  return Array.isArray(value) ? (value as readonly Json[]).map(recordOf) : [];
}

/** Text that is not empty. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Later years have another form in ISO 8601. */
const LAST_DATE = Date.UTC(9999, 11, 31);

/** A date in ISO 8601 and UTC. Takes text and seconds since 1970, the two forms of the AWS command line. */
export function dateOf(value: Json | undefined): string | undefined {
  const time = typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  const date = new Date(time);
  return date.getTime() < LAST_DATE ? date.toISOString() : undefined;
}

/** Tags are a list of `{Key, Value}`. */
export function tagsOf(value: Json | undefined): Readonly<Record<string, string>> {
  const pairs = recordsOf(value).map((tag) => [textOf(tag['Key']), textOf(tag['Value'])] as const);
  return Object.fromEntries(
    pairs.filter((pair): pair is readonly [string, string] => pair[0] !== undefined && pair[1] !== undefined),
  );
}
