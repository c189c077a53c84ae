import { type Kysely, sql, type Transaction } from 'kysely';
import type { AttemptKey, Run } from '../contract.ts';
import type { Schema } from '../schema.ts';
import { chunksOf, toJsonText } from './rows.ts';

/** Locks of PostgreSQL that are ours: any number that nobody else takes. */
const RUN_LOCK = 1129_0001;
const BATCH = 5_000;

/** What a new run looks at. */
export interface RunStart {
  readonly target: string;
  readonly settingsHash: string;
  readonly now: Date;
}

/** What is known of a repository before it is read. */
export interface RepositoryRow {
  readonly id: string;
  readonly host: string;
  readonly name: string;
  readonly url: string;
  readonly visibility: string;
  readonly archived: boolean;
  readonly pushedAt?: string;
  readonly tipsHash?: string;
  readonly risk?: number;
}

/** An attempt that begins. */
export interface AttemptStart extends AttemptKey {
  readonly run: number;
  readonly repository: string;
  readonly worker: string;
  readonly now: Date;
}

/**
 * Begins a run of a target, or goes on with the one that was not finished. Run numbers grow by one over all targets.
 */
export async function startRun(db: Kysely<Schema>, { target, settingsHash, now }: RunStart): Promise<Run> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${RUN_LOCK})`.execute(trx);
    const open = await trx
      .selectFrom('run')
      .select(['id', 'started_at'])
      .where('target', '=', target)
      .where('state', '=', 'running')
      .executeTakeFirst();
    if (open !== undefined) return { id: open.id, target, startedAt: open.started_at, state: 'running', resumed: true };
    const { id } = await trx
      .insertInto('run')
      .values({
        id: sql`(select coalesce(max(id), 0) + 1 from run)`,
        target,
        started_at: now,
        finished_at: null,
        state: 'running',
        settings_hash: settingsHash,
        planned: 0,
        unchanged: 0,
        counts: '{}',
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return { id, target, startedAt: now, state: 'running', resumed: false };
  });
}

/** Writes what a listing says of repositories. Rows that say the same already are left alone. */
export async function putRepositories(db: Kysely<Schema>, rows: readonly RepositoryRow[]): Promise<void> {
  for (const batch of chunksOf(rows, BATCH)) {
    await sql`
      insert into repository as known (id, host, name, url, visibility, archived, pushed_at, tips_hash, risk)
      select id, host, name, url, visibility, archived, "pushedAt", "tipsHash", coalesce(risk, 0)
      from jsonb_to_recordset(${toJsonText(batch)}::jsonb) as r(
        id text, host text, name text, url text, visibility text, archived boolean,
        "pushedAt" timestamptz, "tipsHash" text, risk double precision)
      order by id
      on conflict (id) do update set
        host = excluded.host, name = excluded.name, url = excluded.url, visibility = excluded.visibility,
        archived = excluded.archived, pushed_at = excluded.pushed_at, tips_hash = excluded.tips_hash,
        risk = excluded.risk
      where (known.host, known.name, known.url, known.visibility, known.archived, known.pushed_at, known.tips_hash, known.risk)
        is distinct from (excluded.host, excluded.name, excluded.url, excluded.visibility, excluded.archived,
          excluded.pushed_at, excluded.tips_hash, excluded.risk)`.execute(db);
  }
}

/**
 * Says that nothing in these repositories differs from what was scanned: what they held is still there. One small
 * update for each, and no row of coverage.
 */
export async function markUnchanged(db: Kysely<Schema>, run: number, repositories: readonly string[]): Promise<void> {
  for (const batch of chunksOf(repositories, BATCH)) {
    await sql`
      update repository set unchanged_run = ${run}
      where id in (select jsonb_array_elements_text(${toJsonText(batch)}::jsonb))
        and unchanged_run is distinct from ${run}`.execute(db);
  }
}

/** Says how much a run has to do. */
export async function setPlan(
  db: Kysely<Schema>,
  run: number,
  plan: { readonly planned: number; readonly unchanged: number },
): Promise<void> {
  await db.updateTable('run').set(plan).where('id', '=', run).execute();
}

/**
 * Begins an attempt at a repository, and gives up the others that are open: their results will be late. False where the
 * repository is stored in this run already, so nothing is to be done.
 */
export async function beginAttempt(db: Kysely<Schema>, start: AttemptStart): Promise<boolean> {
  const { id, run, repository, worker, lease, now } = start;
  return db.transaction().execute(async (trx) => {
    if (await isStored(trx, run, repository)) return false;
    await trx
      .updateTable('attempt')
      .set({ lease: '', error: 'given up: another attempt began' })
      .where('run', '=', run)
      .where('repository', '=', repository)
      .where('stored_at', 'is', null)
      .where('lease', '<>', '')
      .execute();
    await trx
      .insertInto('attempt')
      .values({ id, run, repository, worker, lease, started_at: now, stored_at: null, error: null })
      .execute();
    return true;
  });
}

async function isStored(trx: Transaction<Schema>, run: number, repository: string): Promise<boolean> {
  const stored = await trx
    .selectFrom('attempt')
    .select('id')
    .where('run', '=', run)
    .where('repository', '=', repository)
    .where('stored_at', 'is not', null)
    .executeTakeFirst();
  return stored !== undefined;
}

/** Ends an attempt without a result: what it still sends is late. The error must hold no secret and no token. */
export async function giveUpAttempt(db: Kysely<Schema>, id: string, error: string): Promise<void> {
  await db
    .updateTable('attempt')
    .set({ lease: '', error })
    .where('id', '=', id)
    .where('stored_at', 'is', null)
    .execute();
}

/** Says that a worker lives. */
export async function beat(
  db: Kysely<Schema>,
  worker: { readonly id: string; readonly host: string; readonly version: string; readonly now: Date },
): Promise<void> {
  const { now: seen_at, ...row } = worker;
  await db
    .insertInto('worker')
    .values({ ...row, seen_at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at }))
    .execute();
}

/** Open attempts of workers that were not seen since then. */
export async function listLostAttempts(
  db: Kysely<Schema>,
  since: Date,
): Promise<
  readonly { readonly id: string; readonly run: number; readonly repository: string; readonly worker: string }[]
> {
  return db
    .selectFrom('attempt')
    .leftJoin('worker', 'worker.id', 'attempt.worker')
    .select(['attempt.id', 'attempt.run', 'attempt.repository', 'attempt.worker'])
    .where('attempt.stored_at', 'is', null)
    .where('attempt.lease', '<>', '')
    .where((where) => where.or([where('worker.seen_at', 'is', null), where('worker.seen_at', '<', since)]))
    .orderBy('attempt.id')
    .execute();
}
