import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';
import { readerOf, SCHEMES } from './names.ts';

/**
 * Roles of databases in files of clients: `.pgpass`, `pg_service.conf`, `.my.cnf`, and addresses in settings of
 * programs. User, host and database are read, never the password.
 * https://www.postgresql.org/docs/current/libpq-pgpass.html
 * https://dev.mysql.com/doc/refman/8.4/en/option-files.html
 */
export default defineCollector({
  id: 'database-clients',
  title: 'Roles of databases in files of clients and in addresses',
  reads: 'artifact',
  permissions: [],
  marks: [
    'pgpass',
    'pg_service',
    'my.cnf',
    'my.ini',
    'mylogin.',
    '.env',
    '.properties',
    'application',
    'bootstrap',
    'database',
    'db.',
    'db-',
    'db_',
    'settings',
    'config',
    'secret',
    'alembic',
    'hibernate',
  ],
  accepts: (path) => readerOf(withoutExampleEnd(path)) !== undefined,
  sniff,
  collect,
});

/** Settings are looked at only where an address of a database stands in them. */
function sniff(bytes: Uint8Array, path = ''): boolean {
  if (readerOf(withoutExampleEnd(path)) !== 'addresses') return true;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return SCHEMES.some((scheme) => buffer.includes(`${scheme}:`));
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectDatabaseClients } = await import('./collect.ts');
  yield* collectDatabaseClients(files);
}
