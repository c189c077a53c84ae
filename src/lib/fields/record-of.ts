import { keepField } from './defined.ts';

/**
 * `Object.fromEntries`, for what is made thousands of times: a quarter of the time, and objects with the same fields
 * share a hidden class, which makes their readers fast.
 */
export function recordOf<V>(entries: Iterable<readonly [name: string, value: V]>): Record<string, V> {
  const record: Record<string, V> = {};
  for (const [name, value] of entries) keepField(record, name, value);
  return record;
}

/** Fields of a record in the order of `names`. */
export function fieldsInOrder<V>(fields: Readonly<Record<string, V>>, names: readonly string[]): Record<string, V> {
  const record: Record<string, V> = {};
  for (const name of names) keepField(record, name, fields[name] as V);
  return record;
}
