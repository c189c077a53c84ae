import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import { MIGRATIONS } from '../migrations/list.ts';
import type { Schema } from '../schema.ts';
import type { RowCounts } from './copy.ts';
import { readPages, TABLES } from './tables.ts';

/** First line of a backup. */
export interface BackupHead {
  readonly bowerbirdStore: 1;
  readonly migrations: readonly string[];
}

const PRIVATE = 0o600;

/**
 * Writes a store to a file that `restoreStore` reads: lines of JSON, compressed. It is taken as of one moment, page by
 * page, so it needs the memory of a page; and it can be restored into a folder or on a server. The file is there as a
 * whole or not at all, for its owner alone.
 */
export async function backupStore(db: Kysely<Schema>, file: string): Promise<RowCounts> {
  const part = `${file}.part`;
  const counts: Record<string, number> = {};
  try {
    await db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (trx) => {
        async function* lines(): AsyncGenerator<string> {
          const head: BackupHead = { bowerbirdStore: 1, migrations: Object.keys(MIGRATIONS) };
          yield `${JSON.stringify(head)}\n`;
          for (const table of TABLES) {
            counts[table.name] = 0;
            for await (const rows of readPages(trx, table)) {
              counts[table.name] = (counts[table.name] ?? 0) + rows.length;
              yield `${JSON.stringify({ table: table.name, rows: rows.length })}\n${rows.join('\n')}\n`;
            }
          }
          yield `${JSON.stringify({ end: counts })}\n`;
        }
        const output = createWriteStream(part, { flags: 'w', mode: PRIVATE });
        await pipeline(Readable.from(lines(), { objectMode: true }), createGzip(), output);
      });
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
  return counts;
}
