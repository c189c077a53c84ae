/** Line of each table header and of each key, in the order of the file. Lines are 1-based. */
export interface TomlPlaces {
  /** Line of a key in the n-th table of a name (from 0); of its header where the key is not there; else 1. */
  lineOf(table: string, index: number, key?: string): number;
  /** Line of a key in the n-th table of a name inside the n-th table of its parent: `rules.allowlists` of rule 2. */
  lineOfInner(parent: string, parentIndex: number, table: string, index: number, key?: string): number;
}

interface Table {
  readonly name: string;
  readonly line: number;
  readonly keys: Map<string, number>;
}

/**
 * Finds headers and keys by lines; the TOML parser itself keeps no places. Text inside multi-line strings is passed
 * over.
 */
export function findTomlPlaces(text: string): TomlPlaces {
  const tables = readTables(text);
  const lineIn = (candidates: readonly Table[], index: number, key: string | undefined): number => {
    const table = candidates[index];
    return (key === undefined ? undefined : table?.keys.get(key)) ?? table?.line ?? 1;
  };
  return {
    lineOf: (name, index, key) =>
      lineIn(
        tables.filter((table) => table.name === name),
        index,
        key,
      ),
    lineOfInner: (parent, parentIndex, name, index, key) => {
      const parents = tables.filter((table) => table.name === parent);
      const from = parents[parentIndex]?.line ?? 0;
      const to = parents[parentIndex + 1]?.line ?? Number.POSITIVE_INFINITY;
      return lineIn(
        tables.filter((table) => table.name === name && table.line > from && table.line < to),
        index,
        key,
      );
    },
  };
}

function readTables(text: string): readonly Table[] {
  const tables: Table[] = [{ name: '', line: 1, keys: new Map() }];
  let quote: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (quote === undefined) readLine(tables, line, index + 1);
    for (const [mark] of line.matchAll(/'''|"""/g)) {
      if (quote === undefined) quote = mark;
      else if (quote === mark) quote = undefined;
    }
  }
  return tables;
}

function readLine(tables: Table[], line: string, number: number): void {
  const header = /^\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}/.exec(line);
  if (header !== null) {
    tables.push({ name: (header[1] ?? '').toLowerCase(), line: number, keys: new Map() });
    return;
  }
  const key = /^\s*([\w-]+)\s*=/.exec(line)?.[1];
  if (key !== undefined) tables.at(-1)?.keys.set(key.toLowerCase(), number);
}
