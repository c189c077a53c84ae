import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from '../schema.ts';
import { toJsonText } from './rows.ts';

/** Counts of a run, as its row keeps them. */
export interface RunCounts {
  readonly open: number;
  readonly new: number;
  readonly fixed: number;
  readonly reopened: number;
  /** Open findings by severity, without accepted ones. */
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly identities: number;
  readonly read: number;
  readonly failed: number;
}

/**
 * Ends a run. Only now it is judged what is fixed: a secret that moved from a repository to another one is not, in
 * whatever order the two were read. May be called again.
 */
export async function finishRun(db: Kysely<Schema>, run: number, now: Date): Promise<RunCounts> {
  return db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ before: number }>`
      select coalesce(max(id), 0)::int as before from run where state = 'finished' and id < ${run}`.execute(trx);
    await fixFindings(trx, run, rows[0]?.before ?? 0, now);
    await settleIdentities(trx, run, rows[0]?.before ?? 0, now);
    const counts = await countRun(trx, run);
    await trx
      .updateTable('run')
      .set({ state: 'finished', finished_at: now, counts: sql`${toJsonText(counts)}::jsonb` })
      .where('id', '=', run)
      .execute();
    return counts;
  });
}

/** Fixed: its provider says that it is dead, or no place is left and none of them was in a history. */
async function fixFindings(trx: Transaction<Schema>, run: number, before: number, now: Date): Promise<void> {
  await sql`
    with done as (
      update finding f set state = 'fixed', fixed_run = ${run}::integer, fixed_at = ${now}::timestamptz
      where f.state = 'open' and (
        f.verdict = 'inactive'
        or (
          f.id in (select finding from place where gone_run > ${before}::integer and gone_run <= ${run}::integer)
          and not exists (select from place p where p.finding = f.id and (p.state = 'open' or p.history))
        ))
      returning f.id, f.verdict
    )
    insert into event (id, finding, kind, run, at, detail)
    select md5(id || ${` fixed ${run}`}::text), id, 'fixed', ${run}::integer, ${now}::timestamptz,
      case when verdict = 'inactive' then 'inactive' else 'gone' end
    from done on conflict (id) do nothing`.execute(trx);
}

/** An identity is what all its sources say together: the most powerful tier, and an owner that any of them names. */
async function settleIdentities(trx: Transaction<Schema>, run: number, before: number, now: Date): Promise<void> {
  await sql`
    with touched as (
      select distinct identity from identity_source where changed_run > ${before}::integer and changed_run <= ${run}::integer
    ),
    together as (
      select s.identity as id,
        min(s.tier) filter (where s.state = 'present') as tier,
        coalesce(min(s.owner) filter (where s.state = 'present' and s.owner <> ''), '') as owner,
        case when bool_or(s.state = 'present') then 'present' else 'gone' end as state
      from identity_source s join touched t on t.identity = s.identity group by s.identity
    ),
    changed as (
      select i.id, i.tier as was_tier, i.owner as was_owner, i.state as was_state, i.first_run,
        case when t.state = 'gone' then i.tier else t.tier end as tier,
        case when t.state = 'gone' then i.owner else t.owner end as owner, t.state
      from identity i join together t on t.id = i.id
    ),
    settled as (
      update identity i set tier = c.tier, owner = c.owner, state = c.state,
        gone_run = case when c.state = 'gone' then coalesce(i.gone_run, ${run}::integer) end
      from changed c
      where i.id = c.id and (i.tier, i.owner, i.state) is distinct from (c.tier, c.owner, c.state)
    )
    insert into identity_event (id, identity, kind, run, at, was, now)
    select md5(id || ' ' || kind || ${` ${run}`}::text), id, kind, ${run}::integer, ${now}::timestamptz, was, now
    from changed c cross join lateral (values
      ('gone', c.was_state = 'present' and c.state = 'gone', '', ''),
      ('back', c.was_state = 'gone' and c.state = 'present', '', ''),
      ('tier', c.was_tier is distinct from c.tier, coalesce(c.was_tier::text, ''), coalesce(c.tier::text, '')),
      ('owner', c.was_owner is distinct from c.owner, c.was_owner, c.owner)
    ) as e(kind, happened, was, now)
    where happened and not (kind in ('tier', 'owner') and c.first_run > ${before}::integer)
    on conflict (id) do nothing`.execute(trx);
}

async function countRun(trx: Transaction<Schema>, run: number): Promise<RunCounts> {
  const { rows: severities } = await sql<{ severity: string; count: number }>`
    select severity, count(*)::int as count from finding
    where state = 'open' and not suppressed and id not in (select finding from acceptance)
    group by severity`.execute(trx);
  const { rows } = await sql<Record<'open' | 'new' | 'fixed' | 'reopened' | 'identities' | 'read' | 'failed', number>>`
    select
      (select count(*)::int from finding where state = 'open') as open,
      (select count(*)::int from event where run = ${run} and kind = 'new') as new,
      (select count(*)::int from event where run = ${run} and kind = 'fixed') as fixed,
      (select count(*)::int from event where run = ${run} and kind = 'reopened') as reopened,
      (select count(*)::int from identity where state = 'present' and kind = 'identity') as identities,
      (select count(*)::int from attempt where run = ${run} and stored_at is not null) as read,
      (select count(distinct repository)::int from coverage
        where run = ${run} and state not in ('ok', 'unchanged')) as failed`.execute(trx);
  const counts = rows[0] ?? { open: 0, new: 0, fixed: 0, reopened: 0, identities: 0, read: 0, failed: 0 };
  return { ...counts, bySeverity: Object.fromEntries(severities.map(({ severity, count }) => [severity, count])) };
}
