import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import { insertRows, readPages, requireEmpty, TABLES } from './tables.ts';

/** Rows of each table that were copied. */
export type RowCounts = Readonly<Record<string, number>>;

/**
 * Copies a store row by row into an empty one, from a folder to a server or back: their versions of PostgreSQL differ,
 * so files cannot be copied. The source is read as of one moment, and the target has all of it or nothing.
 * @throws UsageError for a target that is not empty
 */
export async function copyStore(from: Kysely<Schema>, to: Kysely<Schema>): Promise<RowCounts> {
  await requireEmpty(to);
  const counts: Record<string, number> = {};
  await from
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute((source) =>
      to.transaction().execute(async (target) => {
        for (const table of TABLES) {
          counts[table.name] = 0;
          for await (const rows of readPages(source, table)) {
            await insertRows(target, table.name, rows);
            counts[table.name] = (counts[table.name] ?? 0) + rows.length;
          }
        }
      }),
    );
  return counts;
}
