import { asObject, type Loose } from '../shared/loose.ts';

/** The value at a path of a chart: `Values.account.name`, `Chart.Name`. */
export function readValue(chart: Loose, path: string): unknown {
  const [root = '', ...keys] = path.split('.');
  return keys.reduce<unknown>((part, key) => {
    const fields = asObject(part);
    // Helm writes the fields of a chart with a capital letter.
    return fields[key] ?? (root === 'Chart' ? fields[key.toLowerCase()] : undefined);
  }, chart[root]);
}

/** What a condition of a template takes for true: nothing that is empty. */
export function isTrue(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
