import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { USUAL_LIMIT } from './shared.ts';

/** A secret that more than one repository holds. */
export interface SpreadSecret {
  readonly id: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly score: number;
  readonly repositories: readonly string[];
}

/** Open secrets in more than one repository, the widest spread first. */
export async function listSpreadSecrets(
  db: Kysely<Schema>,
  limit: number = USUAL_LIMIT,
): Promise<readonly SpreadSecret[]> {
  const { rows } = await sql<SpreadSecret>`
    select f.id, f.rule, f.title, f.severity, f.score, to_jsonb(s.repositories) as repositories
    from (
      select finding, array_agg(repository order by repository) as repositories
      from sighting where live group by finding having count(*) > 1
    ) as s join finding f on f.id = s.finding
    where f.state = 'open' and f.kind = 'secret'
    order by cardinality(s.repositories) desc, f.score desc, f.id limit ${limit}`.execute(db);
  return rows;
}
