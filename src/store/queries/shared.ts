import { type RawBuilder, sql } from 'kysely';

/** Most rows of a list, where the caller does not say. */
export const USUAL_LIMIT = 1_000;

/** True for findings that somebody accepted, in the report's own files or in the store, and that still holds. */
export function isAccepted(now: Date): RawBuilder<boolean> {
  return sql<boolean>`(f.suppressed or exists (
    select from acceptance a where a.finding = f.id and (a.expires_at is null or a.expires_at > ${now}::timestamptz)))`;
}

/**
 * The last run that looked at a finding `f`: the newest over its places that are left, or were in a history. A place
 * was looked at where it was seen, where its scope was read, and where nothing in its repository had changed.
 */
export const LAST_LOOKED: RawBuilder<number> = sql<number>`(
  select max(greatest(p.seen_run, s.last_ok_run,
    case when s.state in ('ok', 'unchanged') then r.unchanged_run end))
  from place p
  left join scope s on s.repository = p.repository and s.scope = p.scope
  left join repository r on r.id = p.repository
  where p.finding = f.id and (p.state = 'open' or p.history))`;
