import { type Kysely, sql } from 'kysely';
import type { Schema, ScopeState } from '../schema.ts';
import { USUAL_LIMIT } from './shared.ts';

/** A scope that was not read when it was tried last. */
export interface UnreadScope {
  readonly repository: string;
  /** Empty: nothing of the repository was ever read. */
  readonly scope: string;
  readonly state: ScopeState;
  readonly sinceRun: number;
  readonly sinceAt: Date;
  readonly lastOkAt: Date | null;
}

/** Scopes that are not read, and since when, the longest first. */
export async function listUnread(db: Kysely<Schema>, limit: number = USUAL_LIMIT): Promise<readonly UnreadScope[]> {
  const { rows } = await sql<UnreadScope>`
    select repository, scope, state, since_run as "sinceRun", since_at as "sinceAt", last_ok_at as "lastOkAt"
    from scope where state not in ('ok', 'unchanged')
    order by since_run, repository, scope limit ${limit}`.execute(db);
  return rows;
}
