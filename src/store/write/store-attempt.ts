import { type Kysely, sql, type Transaction } from 'kysely';
import type { AttemptKey, AttemptResult, ScopeResult, StoreOutcome } from '../contract.ts';
import type { Schema } from '../schema.ts';
import { closePlaces, storeFindings } from './findings.ts';
import { closeGraph, storeEdges, storeIdentities } from './identities.ts';
import { listReadScopes, type Reading, storeScopes } from './scopes.ts';

/** Another transaction was in the way: nothing was written, and the same again works. */
const AGAIN = new Set(['40001', '40P01']);
const TRIES = 5;
const TAKEN = '23505';
const ONE_STORED = 'attempt_stored';

/** Says that nothing of the transaction shall stay. */
class LateResult extends Error {}

/**
 * Stores what an attempt read, all of it or nothing, and only once: where the attempt was given up, or its repository
 * is stored in this run already, the answer is `late` and the store is as it was.
 */
export async function storeAttempt(
  db: Kysely<Schema>,
  key: AttemptKey,
  result: AttemptResult,
  now: Date,
): Promise<StoreOutcome> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await db.transaction().execute((trx) => storeAll(trx, key, result, now));
      return 'stored';
    } catch (error) {
      if (error instanceof LateResult || isTaken(error)) return 'late';
      if (attempt >= TRIES || !AGAIN.has(codeOf(error))) throw error;
    }
  }
}

async function storeAll(
  trx: Transaction<Schema>,
  { id, lease }: AttemptKey,
  result: AttemptResult,
  now: Date,
): Promise<void> {
  const attempt = await trx
    .updateTable('attempt')
    .set({ stored_at: now, error: null })
    .where('id', '=', id)
    .where('lease', '=', lease)
    .where('lease', '<>', '')
    .where('stored_at', 'is', null)
    .returning(['run', 'repository'])
    .executeTakeFirst();
  if (attempt === undefined) throw new LateResult();
  const reading = { ...attempt, now };
  const scopes = [...result.scopes, ...listUnnamed(result)];
  await storeScopes(trx, reading, scopes);
  const read = await listReadScopes(trx, reading, scopes, result.restRead);
  const places = await storeFindings(trx, reading, result.findings);
  const identities = await storeIdentities(trx, reading, result.identities);
  const edges = await storeEdges(trx, reading, result.edges);
  if (result.whole && read.length > 0) {
    await closePlaces(trx, reading, read, places);
    await closeGraph(trx, reading, read, { identities, edges });
  }
  await updateRepository(trx, reading, result);
}

/** Scopes that rows are in and that the ledger does not name, such as that of a finding without a place. */
function listUnnamed({ scopes, restRead, findings, identities, edges }: AttemptResult): readonly ScopeResult[] {
  const unnamed = new Set<string>();
  for (const { places } of findings) for (const { scope } of places) unnamed.add(scope);
  for (const { scope } of identities) unnamed.add(scope);
  for (const { scope } of edges) unnamed.add(scope);
  for (const { scope } of scopes) unnamed.delete(scope);
  const state = restRead ? 'ok' : 'partial';
  return [...unnamed].map((scope) => ({ scope, state, planned: 0, scanned: 0, bytes: 0, gaps: [] }));
}

/** A repository is read where each of its scopes was. Its tips count as scanned only then. */
async function updateRepository(
  trx: Transaction<Schema>,
  { run, repository, now }: Reading,
  { scopes, tipsHash, settingsHash, incrementalState }: AttemptResult,
): Promise<void> {
  const isRead = scopes.length > 0 && scopes.every(({ state }) => state === 'ok' || state === 'unchanged');
  const scanned = isRead ? { last_ok_run: run, last_ok_at: now, scanned_tips_hash: tipsHash ?? null } : {};
  const state = {
    ...scanned,
    ...(settingsHash === undefined ? {} : { settings_hash: settingsHash }),
    ...(incrementalState === undefined ? {} : { incremental_state: incrementalState }),
  };
  if (Object.keys(state).length === 0) return;
  await trx.updateTable('repository').set(state).where('id', '=', repository).execute();
}

/** True where another attempt of the repository was stored while this one wrote. */
function isTaken(error: unknown): boolean {
  return codeOf(error) === TAKEN && (error as { readonly constraint?: unknown }).constraint === ONE_STORED;
}

function codeOf(error: unknown): string {
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Writes that a repository could not be read at all, for one whose attempts are used up: so the run can end and says
 * so. What it held is "not looked at". Nothing where it is stored in this run already.
 */
export async function storeFailure(
  db: Kysely<Schema>,
  failure: {
    readonly run: number;
    readonly repository: string;
    readonly state: 'failed' | 'denied';
    readonly message: string;
    readonly now: Date;
  },
): Promise<void> {
  const { run, repository, state, message, now } = failure;
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ scope: string }>`
      select scope from scope where repository = ${repository}
      and not exists (
        select from attempt where run = ${run} and repository = ${repository} and stored_at is not null)
      union select '' where not exists (
        select from attempt where run = ${run} and repository = ${repository} and stored_at is not null)`.execute(trx);
    const gaps = [
      { reason: state === 'denied' ? 'denied' : 'provider-error', subject: repository, message, scope: true },
    ];
    const scopes = rows.map(({ scope }) => ({ scope, state, planned: 0, scanned: 0, bytes: 0, gaps }));
    await storeScopes(trx, { run, repository, now }, scopes);
  });
}
