import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { UsageError } from '../model/errors.ts';
import type { Refresh, TableSource } from './refresh-permissions/model.ts';
import { REFRESHES } from './refresh-permissions/table.ts';

const LINE = 118;
const WINDOW = 24;

/**
 * Writes the tables of permissions anew, from packages that are already on this machine. Fetches nothing.
 *
 * @throws UsageError for wrong flags, folders and packages
 */
export async function run(root: string, args: readonly string[]): Promise<number> {
  const folders = readFolders(args);
  if (folders === undefined) {
    process.stdout.write(usage());
    return 0;
  }
  const date = new Date().toISOString().slice(0, 10);
  for (const [refresh, folder] of folders) {
    const table = refresh.read(folder);
    const file = join(root, refresh.file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, renderTable(refresh, table, date));
    process.stdout.write(`${refresh.file}: ${table.rows.length} rows of ${table.source}\n`);
  }
  return 0;
}

/** A table as a source file: its head, and its rows packed (brotli, base64). */
export function renderTable({ about, constant, flag }: Refresh, { source, rows }: TableSource, date: string): string {
  const packed = brotliCompressSync(rows.join('\n'), {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_LGWIN]: WINDOW },
  }).toString('base64');
  const lines = packed.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [
    `// Written by "node src/build/run.mjs refresh-permissions --${flag} <folder>"; do not edit.`,
    `// Source: ${source}, written ${date}, ${rows.length} rows.`,
    '',
    '/**',
    ...wrap(`${about} Packed with brotli, in base64.`),
    ' */',
    `export const ${constant} = \`\n${lines.join('\n')}\n\`;`,
    '',
  ].join('\n');
}

/** Text as lines of a comment. */
function wrap(text: string): readonly string[] {
  const lines = text.match(new RegExp(`.{1,${LINE - ' * '.length}}(?:\\s|$)`, 'g')) ?? [];
  return lines.map((line) => ` * ${line.trim()}`);
}

function usage(): string {
  const flags = REFRESHES.map(({ flag, setup, file }) => `  --${flag} <folder>   ${setup}; writes ${file}`);
  return ['Usage: node src/build/run.mjs refresh-permissions [options]', '', ...flags, ''].join('\n');
}

function readFolders(args: readonly string[]): readonly (readonly [Refresh, string])[] | undefined {
  const values = parseFlags(args);
  if (values['help'] === true) return undefined;
  const folders = REFRESHES.flatMap((refresh) => {
    const folder = values[refresh.flag];
    return typeof folder === 'string' ? [[refresh, checkFolder(folder)] as const] : [];
  });
  if (folders.length === 0) throw new UsageError(`Name the folder of at least one package.\n\n${usage()}`);
  return folders;
}

function parseFlags(args: readonly string[]): Readonly<Record<string, unknown>> {
  const own = Object.fromEntries(REFRESHES.map(({ flag }) => [flag, { type: 'string' } as const]));
  try {
    return parseArgs({ args: [...args], options: { ...own, help: { type: 'boolean' } as const } }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}\n\n${usage()}`);
  }
}

function checkFolder(text: string): string {
  const path = resolve(text);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new UsageError(`"${text}" is not a folder.`);
}
