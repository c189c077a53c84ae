import { didYouMean } from '../../lib/text/nearest.ts';
import { shownName } from '../../lib/text/shown-name.ts';
import { ConfigError } from '../../model/errors.ts';
import { findTomlPlaces, type TomlPlaces } from './toml-places.ts';

/** A table of TOML as parsed, with keys in lower case: gitleaks compares keys without case. */
export type Table = Readonly<Record<string, unknown>>;

/** A parsed configuration file of gitleaks or betterleaks. */
export interface TomlFile {
  readonly file: string;
  readonly value: Table;
  readonly places: TomlPlaces;
}

const FILE_BYTES = 1024 * 1024;

/** Parses a TOML file. Throws `ConfigError` with file, line and column. */
export async function readToml(text: string, file: string): Promise<TomlFile> {
  if (text.length > FILE_BYTES)
    throw new ConfigError(`${file}:1: the file has ${text.length} characters; at most ${FILE_BYTES} are read`);
  const { parse, TomlError } = await import('smol-toml');
  try {
    return { file, value: lowerKeys(parse(text)) as Table, places: findTomlPlaces(text) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message = ''] = error.message.split('\n');
    throw new ConfigError(
      `${file}:${error.line}:${error.column}: ${message.replace('Invalid TOML document: ', 'not valid TOML: ')}`,
    );
  }
}

function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerKeys);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), lowerKeys(item)]));
}

/** Reads typed values of one table; a wrong type is a `ConfigError` at its line. */
export interface TableReader {
  readonly where: (key?: string) => string;
  text(key: string): string | undefined;
  number(key: string): number | undefined;
  flag(key: string): boolean | undefined;
  texts(key: string): readonly string[];
  tables(key: string): readonly Table[];
}

/** `lineOf` gives the line of a key of this table. */
export function readTable(table: Table, file: string, lineOf: (key?: string) => number): TableReader {
  const where = (key?: string): string => `${file}:${lineOf(key?.toLowerCase())}`;
  const get = <T>(key: string, what: string, is: (value: unknown) => value is T): T | undefined => {
    const value = table[key.toLowerCase()];
    if (value === undefined || is(value)) return value;
    throw new ConfigError(`${where(key)}: "${key}" is not ${what}; write ${what}`);
  };
  return {
    where,
    text: (key) => get(key, 'a string', (value) => typeof value === 'string'),
    number: (key) => get(key, 'a number', (value) => typeof value === 'number'),
    flag: (key) => get(key, 'true or false', (value) => typeof value === 'boolean'),
    texts: (key) => get(key, 'a list of strings', isTexts) ?? [],
    tables: (key) => {
      const value = table[key.toLowerCase()];
      return isTable(value) ? [value] : (get(key, 'a list of tables', isTables) ?? []);
    },
  };
}

/** One warning for each key that is not known: a field that does nothing must not look as if it did. */
export function warnUnknownKeys(
  table: Table,
  knownKeys: readonly string[],
  reader: TableReader,
  subject: string,
): readonly string[] {
  const lower = new Set(knownKeys.map((key) => key.toLowerCase()));
  return Object.keys(table)
    .filter((key) => !lower.has(key))
    .map(
      (key) =>
        `${reader.where(key)}: ${subject}: the field "${shownName(key)}" is not known and does nothing${didYouMean(key, knownKeys)}`,
    );
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function isTables(value: unknown): value is readonly Table[] {
  return Array.isArray(value) && value.every(isTable);
}
