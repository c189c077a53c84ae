/** The fields of an object that have a value: each is absent or defined, never `undefined`. */
export type Defined<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Leaves out the fields that are undefined, as `exactOptionalPropertyTypes` asks for optional ones:
 * `{ name, ...defined({ owner, expires }) }`. Keeps the order of the fields. Hot loops write the condition out instead.
 */
export function defined<T extends object>(fields: T): Defined<T> {
  const withValue: Partial<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) withValue[key] = value;
  }
  return withValue as Defined<T>;
}
