import { sql, type Transaction } from 'kysely';
import type { ScopeResult } from '../contract.ts';
import type { Schema } from '../schema.ts';
import { boundKey, chunksOf, toJsonText } from './rows.ts';

const BATCH = 200;
/** Gaps of a scope that are kept; the ledger of the report is capped too. */
const MOST_GAPS = 100;

/** Where and when something was read. */
export interface Reading {
  readonly run: number;
  readonly repository: string;
  readonly now: Date;
}

/** Writes what was read of each scope, and the present state of the scopes. */
export async function storeScopes(
  trx: Transaction<Schema>,
  reading: Reading,
  scopes: readonly ScopeResult[],
): Promise<void> {
  for (const batch of chunksOf(scopes, BATCH)) {
    const rows = batch.map(({ scope, gaps, ...rest }) => ({
      ...rest,
      scope: boundKey(scope),
      gaps: gaps.slice(0, MOST_GAPS),
    }));
    await storeBatch(trx, reading, toJsonText(rows));
  }
}

async function storeBatch(trx: Transaction<Schema>, { run, repository, now }: Reading, rows: string): Promise<void> {
  await sql`
    insert into coverage (run, repository, scope, state, planned, scanned, bytes, gaps)
    select ${run}::integer, ${repository}::text, scope, state, planned, scanned, bytes, gaps
    from jsonb_to_recordset(${rows}::jsonb) as r(
      scope text, state text, planned double precision, scanned double precision, bytes double precision, gaps jsonb)
    on conflict (run, repository, scope) do update set
      state = excluded.state, planned = excluded.planned, scanned = excluded.scanned, bytes = excluded.bytes,
      gaps = excluded.gaps`.execute(trx);
  await sql`
    insert into scope as known (repository, scope, state, since_run, since_at, last_ok_run, last_ok_at)
    select ${repository}::text, scope, state, ${run}::integer, ${now}::timestamptz,
      case when good then ${run}::integer end, case when good then ${now}::timestamptz end
    from (
      select scope, state, state in ('ok', 'unchanged') as good
      from jsonb_to_recordset(${rows}::jsonb) as r(scope text, state text)
    ) as given
    on conflict (repository, scope) do update set
      state = excluded.state,
      since_run = case when (known.state in ('ok', 'unchanged')) = (excluded.state in ('ok', 'unchanged'))
        then known.since_run else excluded.since_run end,
      since_at = case when (known.state in ('ok', 'unchanged')) = (excluded.state in ('ok', 'unchanged'))
        then known.since_at else excluded.since_at end,
      last_ok_run = coalesce(excluded.last_ok_run, known.last_ok_run),
      last_ok_at = coalesce(excluded.last_ok_at, known.last_ok_at)`.execute(trx);
}

/**
 * The scopes of a repository that were read, so that what is missing in them is gone. Those that are known and were not
 * named held nothing to read where `restRead` says so: they are marked as read, too.
 */
export async function listReadScopes(
  trx: Transaction<Schema>,
  { run, repository, now }: Reading,
  scopes: readonly ScopeResult[],
  restRead: boolean,
): Promise<readonly string[]> {
  const named = scopes.map(({ scope }) => boundKey(scope));
  const read = scopes
    .filter(({ state }) => state === 'ok' || state === 'unchanged')
    .map(({ scope }) => boundKey(scope));
  if (!restRead) return read;
  const { rows } = await sql<{ scope: string }>`
    update scope set
      state = 'ok', last_ok_run = ${run}, last_ok_at = ${now},
      since_run = case when state in ('ok', 'unchanged') then since_run else ${run} end,
      since_at = case when state in ('ok', 'unchanged') then since_at else ${now} end
    where repository = ${repository}
      and scope not in (select jsonb_array_elements_text(${toJsonText(named)}::jsonb))
    returning scope`.execute(trx);
  return [...read, ...rows.map(({ scope }) => scope)];
}
