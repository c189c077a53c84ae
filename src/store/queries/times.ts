import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { isAccepted, USUAL_LIMIT } from './shared.ts';

const DAY_SECONDS = 86_400;

/** By what times are put together. */
export type Grouping = 'owner' | 'repository' | 'rule';

/** How long findings of a group took from their first sight to the run that called them fixed. */
export interface FixTime {
  /** Empty: nobody owns them. */
  readonly group: string;
  readonly fixed: number;
  readonly medianDays: number;
  readonly p90Days: number;
}

const COLUMNS = { owner: 'owner', repository: 'home', rule: 'rule' } as const;

/** Time to fix of findings that were fixed since a day, the slowest group first. */
export async function timeToFix(
  db: Kysely<Schema>,
  by: Grouping,
  since: Date,
  limit: number = USUAL_LIMIT,
): Promise<readonly FixTime[]> {
  const days = sql`extract(epoch from fixed_at - first_at)::double precision / ${DAY_SECONDS}`;
  const { rows } = await sql<FixTime>`
    select ${sql.ref(COLUMNS[by])} as "group", count(*)::int as fixed,
      percentile_cont(0.5) within group (order by ${days}) as "medianDays",
      percentile_cont(0.9) within group (order by ${days}) as "p90Days"
    from finding where state = 'fixed' and fixed_at >= ${since}::timestamptz
    group by 1 order by 3 desc, 1 limit ${limit}`.execute(db);
  return rows;
}

/** How old open findings of a severity are, counted from when they were opened last. */
export interface Age {
  readonly severity: string;
  readonly open: number;
  readonly medianDays: number;
  readonly oldestDays: number;
}

/** Ages of open findings that nobody accepted. */
export async function listAges(db: Kysely<Schema>, now: Date): Promise<readonly Age[]> {
  const days = sql`extract(epoch from ${now}::timestamptz - f.opened_at)::double precision / ${DAY_SECONDS}`;
  const { rows } = await sql<Age>`
    select severity, count(*)::int as open, max(${days}) as "oldestDays",
      percentile_cont(0.5) within group (order by ${days}) as "medianDays"
    from finding f where state = 'open' and not ${isAccepted(now)}
    group by severity order by severity`.execute(db);
  return rows;
}
