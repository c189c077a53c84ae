import { sql } from 'kysely';
import type { Store } from '../open.ts';
import { TABLES } from './tables.ts';

/**
 * Frees what updates and deletes left behind. A server does it by itself; a folder has nobody who would, so a night
 * ends with it. `full` writes the tables anew, which gives the room back to the disk and locks them meanwhile.
 */
export async function vacuumStore({ db, place }: Pick<Store, 'db' | 'place'>, full = false): Promise<void> {
  const how = sql.raw(full ? '(full, analyze)' : '(analyze)');
  for (const { name } of TABLES) await sql`vacuum ${how} ${sql.table(name)}`.execute(db);
  if (place.kind === 'folder') await sql`checkpoint`.execute(db);
}
