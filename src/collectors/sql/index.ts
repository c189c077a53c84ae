import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/** What makes or changes a role. The blanks between two words are bounded. */
const ACTS =
  /\b(?:(?:grant|revoke)\s|(?:create|alter)\s{1,20}(?:or\s{1,20}replace\s{1,20})?(?:server\s{1,20})?(?:role|user|login)\b|sp_add(?:srv)?rolemember\b)/i;

/**
 * Roles, users and logins of databases, and what SQL files and migrations grant them. Reads what PostgreSQL,
 * MySQL/MariaDB, SQL Server and Snowflake have in common or alone; statements of other forms are left out one by one.
 */
export default defineCollector({
  id: 'sql',
  title: 'Database roles and grants in SQL files and migrations',
  reads: 'artifact',
  permissions: [],
  marks: ['sql', '.ddl'],
  accepts: (path) => /\.(?:sql|psql|pgsql|mysql|tsql|ddl)$/i.test(path),
  sniff: (bytes) => ACTS.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectRoles } = await import('./collect.ts');
  yield* collectRoles(files);
}
