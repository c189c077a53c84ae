import { asObject, type Loose } from '../shared/loose.ts';

/** Named templates of a chart: what stands between `define` and its `end`. */
export type Helpers = ReadonlyMap<string, string>;

/** What the templates of a chart may use. */
export interface Chart {
  readonly values: Loose;
  readonly helpers: Helpers;
}

/** The value at a path of a chart: `Values.account.name`, `Chart.Name`. */
export function readValue(chart: Loose, path: string): unknown {
  const [root = '', ...keys] = path.split('.');
  return keys.reduce<unknown>((part, key) => {
    const fields = asObject(part);
    // Helm writes the fields of a chart with a capital letter.
    return fields[key] ?? (root === 'Chart' ? fields[key.toLowerCase()] : undefined);
  }, chart[root]);
}
