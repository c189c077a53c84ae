import { type Kysely, sql } from 'kysely';
import type { IdentityEventTable, Schema } from '../schema.ts';
import type { Window } from './changes.ts';
import { USUAL_LIMIT } from './shared.ts';

/** What changed of an identity in a window. */
export interface IdentityChange {
  readonly id: string;
  readonly kind: IdentityEventTable['kind'];
  readonly run: number;
  readonly type: string;
  readonly provider: string;
  readonly name: string;
  /** Of `tier` and `owner`: what it was, and what it is. Empty: nothing is known, or nobody. */
  readonly was: string;
  readonly now: string;
}

/** Identities that are new, gone, back, or have another tier or owner, by run. */
export async function listIdentityChanges(
  db: Kysely<Schema>,
  { since, run }: Window,
  limit: number = USUAL_LIMIT,
): Promise<readonly IdentityChange[]> {
  const { rows } = await sql<IdentityChange>`
    select e.identity as id, e.kind, e.run, i.type, i.provider, i.name, e.was, e.now
    from identity_event e join identity i on i.id = e.identity
    where e.run > ${since} and e.run <= ${run} and i.kind = 'identity'
    order by e.run, e.identity, e.kind limit ${limit}`.execute(db);
  return rows;
}
