import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import type { RunCounts } from '../write/finish-run.ts';

/** A finished run with what it counted. */
export interface TrendPoint {
  readonly run: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly planned: number;
  readonly unchanged: number;
  readonly counts: RunCounts;
}

/** The last finished runs of a target, oldest first. Pruning leaves them. */
export async function listTrend(db: Kysely<Schema>, target: string, most: number): Promise<readonly TrendPoint[]> {
  const rows = await db
    .selectFrom('run')
    .select(['id', 'started_at', 'finished_at', 'planned', 'unchanged', 'counts'])
    .where('target', '=', target)
    .where('state', '=', 'finished')
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.reverse().map(({ id, started_at, finished_at, planned, unchanged, counts }) => ({
    run: id,
    startedAt: started_at,
    finishedAt: finished_at ?? started_at,
    planned,
    unchanged,
    counts: counts as RunCounts,
  }));
}
