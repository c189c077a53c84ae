import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { toJsonText } from '../write/rows.ts';
import { isAccepted, USUAL_LIMIT } from './shared.ts';

const SOON_DAYS = 7;

/** How many days a finding of a severity may stay open. A severity that is not named has no limit. */
export type Limits = Readonly<Record<string, number>>;

/** How many findings of a severity break their limit. */
export interface OverdueCount {
  readonly severity: string;
  readonly now: number;
  /** Those that break it in the next seven days, if nothing happens. */
  readonly soon: number;
}

/** A finding that is open for longer than its severity may be. */
export interface OverdueFinding {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly owner: string;
  readonly repository: string;
  readonly dueAt: Date;
}

/** Open findings that nobody accepted, with the day on which they are due. */
function dueFindings(limits: Limits, now: Date): RawBuilder<unknown> {
  const rows = Object.entries(limits).map(([severity, days]) => ({ severity, days }));
  return sql`
    select f.*, f.opened_at + l.days * interval '1 day' as due
    from finding f
    join jsonb_to_recordset(${toJsonText(rows)}::jsonb) as l(severity text, days double precision)
      on l.severity = f.severity
    where f.state = 'open' and not ${isAccepted(now)}`;
}

/** Counts what breaks the limits now and within seven days. */
export async function countOverdue(db: Kysely<Schema>, limits: Limits, now: Date): Promise<readonly OverdueCount[]> {
  const { rows } = await sql<OverdueCount>`
    select severity, (count(*) filter (where due <= ${now}::timestamptz))::int as now,
      (count(*) filter (where due > ${now}::timestamptz))::int as soon
    from (${dueFindings(limits, now)}) as d
    where due <= ${now}::timestamptz + ${SOON_DAYS} * interval '1 day'
    group by severity order by severity`.execute(db);
  return rows;
}

/** The findings that are due until a day, longest overdue first. */
export async function listOverdue(
  db: Kysely<Schema>,
  limits: Limits,
  { now, until = now, limit = USUAL_LIMIT }: { readonly now: Date; readonly until?: Date; readonly limit?: number },
): Promise<readonly OverdueFinding[]> {
  const { rows } = await sql<OverdueFinding>`
    select id, rule, title, severity, owner, home as repository, due as "dueAt"
    from (${dueFindings(limits, now)}) as d
    where due <= ${until}::timestamptz order by due, id limit ${limit}`.execute(db);
  return rows;
}
