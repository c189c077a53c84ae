import type { HclEntry, HclValue } from '../../../lib/hcl/index.ts';

/** Objects in each other that are completed, and entries of one. */
const DEEPEST = 8;
const MOST_ENTRIES = 500;
const COLLECTIONS = new Set(['map', 'list', 'set']);

/**
 * Adds to an object what its type says of attributes that nobody passes: `optional(string, "x")` is "x", and
 * `optional(string)` is null. What is no literal object stays as it is.
 */
export function completeValue(
  value: HclValue | undefined,
  type: HclValue | undefined,
  budget: { left: number },
  depth = 0,
): HclValue | undefined {
  if (value === undefined || type?.kind !== 'call' || depth > DEEPEST) return value;
  const [inner] = type.args;
  if (type.name === 'object' && value.kind === 'object' && inner?.kind === 'object') {
    return completeObject(value, inner.entries, budget, depth + 1);
  }
  if (!COLLECTIONS.has(type.name)) return value;
  const complete = (item: HclValue): HclValue => completeValue(item, inner, budget, depth + 1) ?? item;
  if (value.kind === 'list') return { ...value, items: value.items.map(complete) };
  if (value.kind !== 'object') return value;
  return { ...value, entries: value.entries.map((entry) => ({ ...entry, value: complete(entry.value) })) };
}

function completeObject(
  value: HclValue & { kind: 'object' },
  types: readonly HclEntry[],
  budget: { left: number },
  depth: number,
): HclValue {
  const isOpen = value.entries.some(({ key }) => key.kind !== 'string');
  if (isOpen || types.length > MOST_ENTRIES) return value;
  const given = new Map(value.entries.map(({ key, value: own }) => [nameOf(key), own]));
  const added: HclEntry[] = [];
  for (const { key, value: type } of types) {
    const own = given.get(nameOf(key));
    const { type: inner, preset } = optionalOf(type);
    // What is passed as null is not passed.
    const isMissing = own === undefined || own.kind === 'null';
    budget.left -= 1;
    if (budget.left < 0 || (isMissing && preset === undefined)) continue;
    const full = completeValue(isMissing ? preset : own, inner, budget, depth);
    if (full !== undefined) added.push({ key, value: full });
  }
  const names = new Set(added.map(({ key }) => nameOf(key)));
  return { ...value, entries: [...value.entries.filter(({ key }) => !names.has(nameOf(key))), ...added] };
}

/** What `optional(...)` holds: the type, and the value that stands in. Other types have none. */
function optionalOf(type: HclValue): { readonly type: HclValue | undefined; readonly preset: HclValue | undefined } {
  if (type.kind !== 'call' || type.name !== 'optional') return { type, preset: undefined };
  const { start, end } = type;
  return { type: type.args[0], preset: type.args[1] ?? { kind: 'null', start, end } };
}

function nameOf(key: HclValue): string {
  return key.kind === 'string' ? key.value : '';
}
