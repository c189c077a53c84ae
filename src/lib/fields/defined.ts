/** The fields of an object that have a value: each is absent or defined, never `undefined`. */
export type Defined<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Leaves out the fields that are undefined, as `exactOptionalPropertyTypes` asks for optional ones:
 * `{ name, ...defined({ owner, expires }) }`. Keeps the order of the fields. It runs for each object of a history, so
 * it makes no list of pairs. Hot loops write the condition out instead.
 */
export function defined<T extends object>(fields: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value: unknown = Reflect.get(fields, name);
    if (value !== undefined) keepField(kept, name, value);
  }
  return kept as Defined<T>;
}

/** To assign a field called `__proto__` would set the prototype. */
export function keepField<V>(kept: Record<string, V>, name: string, value: V): void {
  if (name === '__proto__')
    Object.defineProperty(kept, name, { value, enumerable: true, writable: true, configurable: true });
  else kept[name] = value;
}
