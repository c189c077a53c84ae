import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import { UsageError } from '../../model/errors.ts';
import { MIGRATIONS } from '../migrations/list.ts';
import type { Schema } from '../schema.ts';
import type { RowCounts } from './copy.ts';
import { insertRows, requireEmpty, TABLES } from './tables.ts';

/** Longest row of a backup. A row holds one body of a report, or the state of one incremental scan. */
const LONGEST_LINE = 256 * 1024 * 1024;
/** A page of a backup has no more rows. */
const MOST_ROWS = 10_000;

/**
 * Restores a backup into an empty store: all of it, or nothing.
 * @throws UsageError for a store that is not empty, and for a file that is no whole backup of this version
 */
export async function restoreStore(db: Kysely<Schema>, file: string): Promise<RowCounts> {
  await requireEmpty(db);
  const lines = readLines(file);
  try {
    return await db.transaction().execute(async (trx) => {
      checkHead(file, await nextLine(lines));
      const counts: Record<string, number> = Object.fromEntries(TABLES.map(({ name }) => [name, 0]));
      while (true) {
        const { table, rows, end } = parseLine(file, await nextLine(lines));
        if (end !== undefined) return counts;
        if (typeof table !== 'string' || !(table in counts) || !isPage(rows)) throw noBackup(file);
        const page: string[] = [];
        while (page.length < rows) page.push((await nextLine(lines)) ?? cutShort(file));
        await insertRows(trx, table, page);
        counts[table] = (counts[table] ?? 0) + rows;
      }
    });
  } catch (error) {
    throw explain(error, file);
  }
}

function isPage(rows: unknown): rows is number {
  return Number.isInteger(rows) && (rows as number) > 0 && (rows as number) <= MOST_ROWS;
}

function checkHead(file: string, line: string | undefined): void {
  const { bowerbirdStore, migrations } = parseLine(file, line);
  if (bowerbirdStore !== 1 || !Array.isArray(migrations)) throw noBackup(file);
  if (migrations.join() === Object.keys(MIGRATIONS).join()) return;
  throw new UsageError(
    `Another version of Bowerbird has written ${file}. Restore it with that version, then run "bowerbird store migrate".`,
  );
}

function parseLine(file: string, line: string | undefined): Readonly<Record<string, unknown>> {
  if (line === undefined) return cutShort(file);
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below, without what the line holds.
  }
  throw noBackup(file);
}

function noBackup(file: string): UsageError {
  return new UsageError(`${file} is no backup of a store. Name a file that "bowerbird store backup" wrote.`);
}

function cutShort(file: string): never {
  throw new UsageError(`${file} ends too soon: the backup is not whole. Nothing was restored.`);
}

/** What the system and zlib say of a file that is missing, cut or something else. */
function explain(error: unknown, file: string): unknown {
  const code = (error as { readonly code?: unknown }).code;
  if (code === 'Z_BUF_ERROR')
    return new UsageError(`${file} ends too soon: the backup is not whole. Nothing was restored.`);
  if (code === 'Z_DATA_ERROR') return noBackup(file);
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    return new UsageError(`${file} cannot be read (${code}). Name a file that "bowerbird store backup" wrote.`);
  return error;
}

async function nextLine(lines: AsyncGenerator<string>): Promise<string | undefined> {
  const { value, done } = await lines.next();
  return done === true ? undefined : value;
}

async function* readLines(file: string): AsyncGenerator<string> {
  const input = createReadStream(file);
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  const decoder = new TextDecoder('utf-8');
  let [pieces, length]: [string[], number] = [[], 0];
  for await (const bytes of input.pipe(gunzip)) {
    const [first = '', ...rest] = decoder.decode(bytes as Buffer, { stream: true }).split('\n');
    pieces.push(first);
    length += first.length;
    if (length > LONGEST_LINE) throw noBackup(file);
    for (const begin of rest) {
      yield pieces.join('');
      [pieces, length] = [[begin], begin.length];
    }
  }
}
