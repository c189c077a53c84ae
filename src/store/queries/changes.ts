import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { LAST_LOOKED, USUAL_LIMIT } from './shared.ts';

/** What became of a finding between two runs. */
export type Change = 'new' | 'fixed' | 'reopened' | 'still' | 'not-looked-at';

/** A finding with what became of it. */
export interface ChangedFinding {
  readonly id: string;
  readonly change: Change;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly score: number;
  readonly owner: string;
  /** The repository of its worst sighting. */
  readonly repository: string;
  readonly firstRun: number;
  readonly firstAt: Date;
  /** The last run that looked at a place of it. */
  readonly lastRun: number;
}

/** From which run to which: `since` is left out, `run` is in. */
export interface Window {
  readonly since: number;
  readonly run: number;
}

/** The window that ends with a run and begins with the last finished one of the same target before it. */
export async function windowOf(db: Kysely<Schema>, run: number): Promise<Window> {
  const { rows } = await sql<{ since: number }>`
    select coalesce(max(e.id), 0)::int as since from run r
    left join run e on e.target = r.target and e.id < r.id and e.state = 'finished'
    where r.id = ${run}`.execute(db);
  return { since: rows[0]?.since ?? 0, run };
}

const CHANGED = ({ since, run }: Window) => sql`
  select f.*, l.looked,
    case
      when f.state = 'fixed' then 'fixed'
      when f.first_run > ${since} then 'new'
      when f.opened_run > ${since} then 'reopened'
      when coalesce(l.looked, 0) <= ${since} then 'not-looked-at'
      else 'still'
    end as change
  from finding f cross join lateral (select ${LAST_LOOKED} as looked) as l
  where f.first_run <= ${run} and (f.state = 'open' or f.fixed_run > ${since})`;

/**
 * How many findings are new, fixed, reopened, still there, or were not looked at since. Each finding is in one of them.
 * *Fixed* is judged when a run ends; asked in the middle of one, those findings are still there.
 */
export async function countChanges(db: Kysely<Schema>, window: Window): Promise<Readonly<Record<Change, number>>> {
  const { rows } = await sql<{ change: Change; count: number }>`
    select change, count(*)::int as count from (${CHANGED(window)}) as c group by change`.execute(db);
  const counts = { new: 0, fixed: 0, reopened: 0, still: 0, 'not-looked-at': 0 };
  for (const { change, count } of rows) counts[change] = count;
  return counts;
}

/** The findings that changed so, worst first. */
export async function listChanges(
  db: Kysely<Schema>,
  window: Window,
  changes: readonly Change[],
  limit: number = USUAL_LIMIT,
): Promise<readonly ChangedFinding[]> {
  const { rows } = await sql<ChangedFinding>`
    select id, change, rule, title, severity, score, owner, home as repository, first_run as "firstRun",
      first_at as "firstAt", coalesce(looked, first_run) as "lastRun"
    from (${CHANGED(window)}) as c
    where change in (${sql.join(changes.length > 0 ? [...changes] : [''])})
    order by score desc, id limit ${limit}`.execute(db);
  return rows;
}
