import { nestsDeeper } from '../../../lib/text/nesting.ts';
import type { Gap } from '../../../model/gap.ts';
import { asObject, type Loose } from '../loose.ts';
import type { ClientFile } from './client-file.ts';

const DEEPEST = 60;

/** A file in TOML, and the line of a table. */
export interface TomlFile {
  readonly value: Loose;
  /** The line of the header that ends with a name; 1 where there is none. */
  lineOf(table: string): number;
}

/** Parses TOML. The parser is loaded lazily; its message may quote the text, so only its place is kept. */
export async function readToml(file: ClientFile): Promise<TomlFile | Gap> {
  if (nestsDeeper(file.bytes, DEEPEST)) return file.gap(1, `nested deeper than ${DEEPEST} levels`, 'limit');
  const { parse, TomlError } = await import('smol-toml');
  try {
    const lines = file.text.split('\n');
    const lineOf = (table: string): number =>
      Math.max(1, lines.findIndex((line) => /^\s*\[/.test(line) && line.includes(`${table}]`)) + 1);
    return { value: asObject(parse(file.text)), lineOf };
  } catch (error) {
    return file.gap(error instanceof TomlError ? error.line : 1, 'no TOML, so nothing in it was read');
  }
}
