import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import type { RowCounts } from './copy.ts';

/**
 * Forgets what ended more than so many days ago: coverage and attempts of runs, fixed findings, places and identities
 * that are gone, workers. Open findings stay with all that is theirs, and so do runs with their counts.
 */
export async function pruneStore(db: Kysely<Schema>, days: number, now: Date): Promise<RowCounts> {
  return db.transaction().execute(async (trx) => {
    const cut = sql`(${now}::timestamptz - ${days} * interval '1 day')`;
    const { rows } = await sql<{ run: number }>`
      select coalesce(max(id), 0)::int as run from run where state = 'finished' and finished_at < ${cut}
        and id < (select max(id) from run where state = 'finished')`.execute(trx);
    const run = rows[0]?.run ?? 0;
    const old = sql`(select id from finding where state = 'fixed' and fixed_at < ${cut})`;
    const lost = sql`(select id from identity where state = 'gone' and gone_run <= ${run})`;
    const steps = {
      coverage: sql`delete from coverage where run <= ${run}`,
      attempt: sql`delete from attempt where run <= ${run}`,
      acceptance: sql`delete from acceptance where finding in ${old}`,
      event: sql`delete from event where finding in ${old}`,
      sighting: sql`delete from sighting where finding in ${old}`,
      place: sql`delete from place where finding in ${old} or (state = 'gone' and not history and gone_run <= ${run})`,
      finding: sql`delete from finding where state = 'fixed' and fixed_at < ${cut}`,
      identity_event: sql`delete from identity_event where identity in ${lost} or run <= ${run}`,
      identity_source: sql`delete from identity_source where identity in ${lost} or (state = 'gone' and gone_run <= ${run})`,
      identity: sql`delete from identity where state = 'gone' and gone_run <= ${run}`,
      edge: sql`delete from edge where state = 'gone' and gone_run <= ${run}`,
      outbox: sql`delete from outbox where sent_at < ${cut}`,
      worker: sql`delete from worker where seen_at < ${cut}`,
    };
    const counts: Record<string, number> = {};
    for (const [name, statement] of Object.entries(steps)) {
      counts[name] = Number((await statement.execute(trx)).numAffectedRows ?? 0);
    }
    return counts;
  });
}
