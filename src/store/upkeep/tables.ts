import { type Kysely, sql, type Transaction } from 'kysely';
import { UsageError } from '../../model/errors.ts';
import type { Schema } from '../schema.ts';

type Name = keyof Schema;

/** Columns of a key, and how many rows are held in memory at once. */
interface TableShape {
  readonly name: Name;
  readonly key: readonly string[];
  readonly page: number;
}

const SMALL = 1_000;
/** Rows with a body of the report. */
const WIDE = 250;
/** The state of an incremental scan may have megabytes. */
const HUGE = 10;

/** All tables, with what a page of them is. */
export const TABLES: readonly TableShape[] = [
  { name: 'repository', key: ['id'], page: HUGE },
  { name: 'run', key: ['id'], page: SMALL },
  { name: 'attempt', key: ['id'], page: SMALL },
  { name: 'worker', key: ['id'], page: SMALL },
  { name: 'coverage', key: ['run', 'repository', 'scope'], page: WIDE },
  { name: 'scope', key: ['repository', 'scope'], page: SMALL },
  { name: 'finding', key: ['id'], page: SMALL },
  { name: 'sighting', key: ['finding', 'repository'], page: WIDE },
  { name: 'place', key: ['id'], page: WIDE },
  { name: 'event', key: ['id'], page: SMALL },
  { name: 'identity', key: ['id'], page: SMALL },
  { name: 'identity_source', key: ['identity', 'repository'], page: WIDE },
  { name: 'identity_event', key: ['id'], page: SMALL },
  { name: 'edge', key: ['id'], page: WIDE },
  { name: 'acceptance', key: ['finding'], page: SMALL },
  { name: 'budget', key: ['token_id', 'resource'], page: SMALL },
  { name: 'outbox', key: ['id'], page: WIDE },
];

/** Pages of a table in the order of its key, each row as JSON text: no number is changed by reading it. */
export async function* readPages(
  trx: Transaction<Schema>,
  { name, key, page }: TableShape,
): AsyncGenerator<readonly string[]> {
  const columns = sql.join(key.map((column) => sql.ref(column)));
  let after = sql`true`;
  while (true) {
    const { rows } = await sql<{ row: string; last: readonly (string | number)[] }>`
      select to_jsonb(t)::text as row, jsonb_build_array(${columns}) as last
      from ${sql.table(name)} as t where ${after} order by ${columns} limit ${page}`.execute(trx);
    if (rows.length > 0) yield rows.map(({ row }) => row);
    const last = rows.at(-1)?.last;
    if (last === undefined || rows.length < page) return;
    const values = last.map((value) => (typeof value === 'number' ? sql`${value}::integer` : sql`${value}::text`));
    after = sql`(${columns}) > (${sql.join(values)})`;
  }
}

/** Inserts rows that `readPages` has read. */
export async function insertRows(trx: Transaction<Schema>, name: string, rows: readonly string[]): Promise<void> {
  const table = sql.table(name);
  await sql`
    insert into ${table} select * from jsonb_populate_recordset(null::${table}, ${`[${rows.join(',')}]`}::jsonb)`.execute(
    trx,
  );
}

/** @throws UsageError where a store holds anything: two histories cannot be put together */
export async function requireEmpty(db: Kysely<Schema>): Promise<void> {
  for (const { name } of TABLES) {
    const { rows } = await sql`select from ${sql.table(name)} limit 1`.execute(db);
    if (rows.length > 0) {
      throw new UsageError(`The store to write to is not empty (${name}). Name a new folder or an empty database.`);
    }
  }
}
