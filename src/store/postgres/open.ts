import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { ProviderError, UsageError } from '../../model/errors.ts';
import type { OpenDatabase } from '../pglite/open.ts';
import type { Schema } from '../schema.ts';

const CONNECTIONS = 4;
const CONNECT_MS = 10_000;
const OLDEST = 130_000;

/**
 * Opens the store of a server. `pg` itself reads PGPASSWORD and ~/.pgpass.
 * @throws UsageError for what the user can mend, ProviderError for a server that does not answer
 */
export async function openServer(address: string, connections: number = CONNECTIONS): Promise<OpenDatabase> {
  const pool = new pg.Pool({
    connectionString: address,
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'bowerbird',
    keepAlive: true,
  });
  // A connection that breaks while nobody uses it: the pool makes a new one.
  pool.on('error', () => undefined);
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    const { rows } = await sql<{ version: string }>`select current_setting('server_version_num') as version`.execute(
      db,
    );
    if (Number(rows[0]?.version) < OLDEST) throw new UsageError('The store needs PostgreSQL 13 or newer.');
  } catch (error) {
    await db.destroy();
    throw explainConnect(error, address);
  }
  return { db, close: () => db.destroy() };
}

/** What a user can do about a connection that failed. The address holds no password: `parsePlace` saw to it. */
function explainConnect(error: unknown, address: string): unknown {
  const code = (error as { readonly code?: unknown }).code;
  if (code === '28P01' || code === '28000' || String(error).includes('client password must be a string')) {
    return new UsageError(
      `The server of ${address} wants another user or password. Set PGPASSWORD, or add a line ` +
        '"host:port:database:user:password" to ~/.pgpass.',
    );
  }
  if (code === '3D000') {
    return new UsageError(`The database of ${address} does not exist. Make it with "createdb", for Bowerbird alone.`);
  }
  if (typeof code === 'string' && /^(?:E[A-Z]+|57P03|53300|08\d{3})$/.test(code)) {
    return new ProviderError(`The server of ${address} does not answer (${code}).`, { cause: error });
  }
  return String(error).includes('timeout')
    ? new ProviderError(`The server of ${address} did not answer in ${CONNECT_MS / 1000} seconds.`, { cause: error })
    : error;
}
