import { sql, type Transaction } from 'kysely';
import type { EdgeRow, IdentityRow } from '../contract.ts';
import type { Schema } from '../schema.ts';
import { boundKey, chunksOf, hashOf, toJsonText } from './rows.ts';
import type { Reading } from './scopes.ts';

const BATCH = 500;

/** Writes identities as this repository shows them. Returns their ids. */
export async function storeIdentities(
  trx: Transaction<Schema>,
  reading: Reading,
  identities: readonly IdentityRow[],
): Promise<readonly string[]> {
  const byId = new Map(identities.map((identity) => [boundKey(identity.id), identity]));
  const rows = [...byId].map(([id, identity]) => ({ ...identity, id, scope: boundKey(identity.scope) }));
  rows.sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  for (const batch of chunksOf(rows, BATCH)) await storeBatch(trx, reading, toJsonText(batch));
  return [...byId.keys()];
}

async function storeBatch(trx: Transaction<Schema>, { run, repository, now }: Reading, rows: string): Promise<void> {
  await sql`
    with made as (
      insert into identity (id, kind, type, provider, name, tier, owner, state, first_run, first_at)
      select id, kind, type, provider, name, tier, owner, 'present', ${run}::integer, ${now}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as r(
        id text, kind text, type text, provider text, name text, tier integer, owner text)
      on conflict (id) do nothing
      returning id
    )
    insert into identity_event (id, identity, kind, run, at)
    select md5(id || ' new'), id, 'new', ${run}::integer, ${now}::timestamptz from made
    on conflict (id) do nothing`.execute(trx);
  await sql`
    insert into identity_source as known (identity, repository, scope, tier, owner, state, changed_run, body)
    select id, ${repository}::text, scope, tier, owner, 'present', ${run}::integer, body
    from jsonb_to_recordset(${rows}::jsonb) as r(id text, scope text, tier integer, owner text, body jsonb)
    on conflict (identity, repository) do update set
      scope = excluded.scope, tier = excluded.tier, owner = excluded.owner, state = 'present', gone_run = null,
      changed_run = excluded.changed_run, body = excluded.body
    where (known.scope, known.tier, known.owner, known.state, known.body)
      is distinct from (excluded.scope, excluded.tier, excluded.owner, 'present', excluded.body)`.execute(trx);
}

/** Writes edges as this repository shows them. Returns their ids. */
export async function storeEdges(
  trx: Transaction<Schema>,
  { run, repository }: Reading,
  edges: readonly EdgeRow[],
): Promise<readonly string[]> {
  const byId = new Map(edges.map((edge) => [hashOf([repository, edge.from, edge.kind, edge.to]), edge]));
  const rows = [...byId].map(([id, edge]) => ({ ...edge, id, scope: boundKey(edge.scope) }));
  rows.sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
  for (const batch of chunksOf(rows, BATCH)) {
    await sql`
      insert into edge as known (id, repository, scope, source, kind, target, state, first_run, body)
      select id, ${repository}::text, scope, "from", kind, "to", 'present', ${run}::integer, body
      from jsonb_to_recordset(${toJsonText(batch)}::jsonb) as r(
        id text, scope text, "from" text, kind text, "to" text, body jsonb)
      on conflict (id) do update set
        scope = excluded.scope, state = 'present', gone_run = null, body = excluded.body
      where (known.scope, known.state, known.body) is distinct from (excluded.scope, 'present', excluded.body)`.execute(
      trx,
    );
  }
  return [...byId.keys()];
}

/** Marks identities and edges of read scopes as gone that this reading does not list any more. */
export async function closeGraph(
  trx: Transaction<Schema>,
  { run, repository }: Reading,
  scopes: readonly string[],
  kept: { readonly identities: readonly string[]; readonly edges: readonly string[] },
): Promise<void> {
  const read = toJsonText(scopes);
  await sql`
    with seen as materialized (select jsonb_array_elements_text(${toJsonText(kept.identities)}::jsonb) as id)
    update identity_source i set state = 'gone', gone_run = ${run}, changed_run = ${run}
    where i.repository = ${repository} and i.state = 'present'
      and i.scope in (select jsonb_array_elements_text(${read}::jsonb))
      and not exists (select from seen where seen.id = i.identity)`.execute(trx);
  await sql`
    with seen as materialized (select jsonb_array_elements_text(${toJsonText(kept.edges)}::jsonb) as id)
    update edge e set state = 'gone', gone_run = ${run}
    where e.repository = ${repository} and e.state = 'present'
      and e.scope in (select jsonb_array_elements_text(${read}::jsonb))
      and not exists (select from seen where seen.id = e.id)`.execute(trx);
}
