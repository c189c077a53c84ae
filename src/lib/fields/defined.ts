/** The fields of an object that have a value: each is absent or defined, never `undefined`. */
export type Defined<T extends object> = { [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Leaves out the fields that are undefined, as `exactOptionalPropertyTypes` asks for optional ones:
 * `{ name, ...defined({ owner, expires }) }`. Keeps the order of the fields. Hot loops write the condition out instead.
 */
export function defined<T extends object>(fields: T): Defined<T> {
  // Not by assignment: that would take a field called `__proto__` for the prototype.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
