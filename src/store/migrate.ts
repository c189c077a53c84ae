import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { UsageError } from '../model/errors.ts';
import { MIGRATIONS } from './migrations/list.ts';
import type { Schema } from './schema.ts';

/** kysely's own table of what was applied. */
const APPLIED = 'kysely_migration';

/** How a store stands to this version. */
export interface Standing {
  /** Names that are still to be applied. */
  readonly missing: readonly string[];
  /** Names that this version does not know. */
  readonly unknown: readonly string[];
}

/** Compares what was applied with what this version has. Changes nothing. */
export async function readStanding(
  db: Kysely<Schema>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<Standing> {
  const { rows } = await sql<{ present: boolean }>`select to_regclass(${APPLIED}) is not null as present`.execute(db);
  const applied =
    rows[0]?.present === true
      ? await sql<{ name: string }>`select name from ${sql.table(APPLIED)} order by name`.execute(db)
      : { rows: [] };
  const names = applied.rows.map(({ name }) => name);
  return {
    missing: Object.keys(migrations).filter((name) => !names.includes(name)),
    unknown: names.filter((name) => !(name in migrations)),
  };
}

/**
 * Brings a store to this version, in one transaction and, on a server, inside an advisory lock: who comes second waits.
 * Returns the names that were applied.
 * @throws UsageError for a store of a newer version
 */
export async function migrate(
  db: Kysely<Schema>,
  migrations: Readonly<Record<string, Migration>> = MIGRATIONS,
): Promise<readonly string[]> {
  const { missing } = await requireKnown(db, migrations);
  if (missing.length === 0) return [];
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.filter(({ status }) => status === 'Success').map(({ migrationName }) => migrationName);
}

/** @throws UsageError for a store that is older or newer than this version */
export async function requireCurrent(db: Kysely<Schema>): Promise<void> {
  const { missing } = await requireKnown(db, MIGRATIONS);
  if (missing.length === 0) return;
  throw new UsageError(
    `This store lacks ${missing.join(', ')}. Run "bowerbird store migrate", which keeps all its data.`,
  );
}

async function requireKnown(db: Kysely<Schema>, migrations: Readonly<Record<string, Migration>>): Promise<Standing> {
  const standing = await readStanding(db, migrations);
  if (standing.unknown.length === 0) return standing;
  throw new UsageError(
    `A newer Bowerbird has written this store (${standing.unknown.join(', ')}). Update Bowerbird on this machine, ` +
      'or name another store; nothing was changed.',
  );
}
