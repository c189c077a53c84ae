import { sql, type Transaction } from 'kysely';
import type { FindingRow, PlaceRow } from '../contract.ts';
import type { Schema } from '../schema.ts';
import { boundKey, hashOf, toJsonText } from './rows.ts';
import type { Reading } from './scopes.ts';

/** Findings, and places, that one statement writes. */
const MOST_FINDINGS = 500;
const MOST_PLACES = 2_000;

/** A place as it is written. */
interface PlaceRecord extends Omit<PlaceRow, 'column'> {
  readonly id: string;
  readonly finding: string;
}

/** Each finding once, in the order in which all transactions touch them: so two of them never wait for each other. */
function sortById(findings: readonly FindingRow[]): readonly FindingRow[] {
  const byId = new Map<string, FindingRow>();
  for (const finding of findings) {
    const before = byId.get(finding.id)?.places ?? [];
    byId.set(finding.id, before.length === 0 ? finding : { ...finding, places: [...before, ...finding.places] });
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : Number(a.id > b.id)));
}

/** Writes findings with their places. Returns the ids of the places. */
export async function storeFindings(
  trx: Transaction<Schema>,
  reading: Reading,
  findings: readonly FindingRow[],
): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const batch of batchesOf(sortById(findings))) {
    const places = placesOf(batch, reading.repository);
    for (const { id } of places) ids.push(id);
    const rows = toJsonText(batch.map(({ places: _, ...finding }) => ({ ...finding, id: boundKey(finding.id) })));
    await insertNew(trx, reading, rows);
    await storeSightings(trx, reading, rows);
    await storePlaces(trx, reading, toJsonText(places));
    await updateVerdicts(trx, reading, rows);
    await reopen(trx, reading, rows);
    await takeWorst(
      trx,
      batch.map(({ id }) => boundKey(id)),
    );
  }
  return ids;
}

function* batchesOf(findings: readonly FindingRow[]): Generator<readonly FindingRow[]> {
  let [batch, places]: [FindingRow[], number] = [[], 0];
  for (const finding of findings) {
    batch.push(finding);
    places += finding.places.length;
    if (batch.length < MOST_FINDINGS && places < MOST_PLACES) continue;
    yield batch;
    [batch, places] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Places by their id, each once. */
function placesOf(findings: readonly FindingRow[], repository: string): readonly PlaceRecord[] {
  const places = new Map<string, PlaceRecord>();
  for (const { id: finding, places: own } of findings) {
    for (const { column, ...place } of own) {
      const id = hashOf([finding, repository, place.object, place.path, place.line, column]);
      places.set(id, { ...place, id, finding: boundKey(finding), scope: boundKey(place.scope) });
    }
  }
  return [...places.values()];
}

const FINDING_COLUMNS = sql`
  id text, kind text, rule text, title text, severity text, score double precision, vector text, verdict text,
  "verdictReason" text, owner text, suppressed boolean, body jsonb`;

async function insertNew(trx: Transaction<Schema>, { run, repository, now }: Reading, rows: string): Promise<void> {
  await sql`
    with made as (
      insert into finding (id, kind, rule, title, severity, score, verdict, verdict_reason, verdict_at, owner,
        suppressed, home, state, first_run, first_at, opened_run, opened_at)
      select id, kind, rule, title, severity, score, verdict, "verdictReason",
        case when verdict in ('active', 'inactive') then ${now}::timestamptz end, owner,
        suppressed, ${repository}::text, 'open', ${run}::integer, ${now}::timestamptz, ${run}::integer, ${now}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as r(${FINDING_COLUMNS})
      on conflict (id) do nothing
      returning id
    )
    insert into event (id, finding, kind, run, at)
    select md5(id || ' new'), id, 'new', ${run}::integer, ${now}::timestamptz from made
    on conflict (id) do nothing`.execute(trx);
}

async function storeSightings(trx: Transaction<Schema>, { repository }: Reading, rows: string): Promise<void> {
  await sql`
    insert into sighting as known (finding, repository, severity, score, vector, title, owner, suppressed, live, body)
    select id, ${repository}::text, severity, score, vector, title, owner, suppressed, true, body
    from jsonb_to_recordset(${rows}::jsonb) as r(${FINDING_COLUMNS})
    on conflict (finding, repository) do update set
      severity = excluded.severity, score = excluded.score, vector = excluded.vector, title = excluded.title,
      owner = excluded.owner, suppressed = excluded.suppressed, live = true, body = excluded.body
    where (known.severity, known.score, known.vector, known.title, known.owner, known.suppressed, known.live, known.body)
      is distinct from (excluded.severity, excluded.score, excluded.vector, excluded.title, excluded.owner,
        excluded.suppressed, true, excluded.body)`.execute(trx);
}

/** Where a scope was not read whole, the run that saw a place is noted; else the scope says it for all its places. */
async function storePlaces(trx: Transaction<Schema>, { run, repository }: Reading, rows: string): Promise<void> {
  await sql`
    insert into place as known (id, finding, repository, scope, object, path, line, history, state, first_run, seen_run, location)
    select r.id, finding, ${repository}::text, r.scope, object, path, line, history, 'open', ${run}::integer, ${run}::integer, location
    from jsonb_to_recordset(${rows}::jsonb) as r(
      id text, finding text, scope text, object text, path text, line integer, history boolean, location jsonb)
    on conflict (id) do update set
      scope = excluded.scope, history = excluded.history, state = 'open', gone_run = null, location = excluded.location,
      seen_run = excluded.seen_run
    where (known.scope, known.history, known.state, known.location)
      is distinct from (excluded.scope, excluded.history, 'open', excluded.location)
      or (known.seen_run < excluded.seen_run and not exists (
        select from scope s where s.repository = known.repository and s.scope = excluded.scope
          and s.last_ok_run = excluded.seen_run))`.execute(trx);
}

/** A provider's word stands until the provider says something else: "not tried" and "unknown" do not replace it. */
async function updateVerdicts(trx: Transaction<Schema>, { run, now }: Reading, rows: string): Promise<void> {
  await sql`
    with heard as (
      update finding f set verdict = r.verdict, verdict_reason = r."verdictReason",
        verdict_at = case when r.verdict in ('active', 'inactive') then ${now}::timestamptz else f.verdict_at end
      from jsonb_to_recordset(${rows}::jsonb) as r(${FINDING_COLUMNS})
      where f.id = r.id and (f.verdict, f.verdict_reason) is distinct from (r.verdict, r."verdictReason")
        and (r.verdict in ('active', 'inactive') or f.verdict not in ('active', 'inactive'))
      returning f.id, f.verdict, f.verdict_at = ${now}::timestamptz as conclusive
    )
    insert into event (id, finding, kind, run, at, detail)
    select md5(id || ' verdict ' || verdict || ${` ${run}`}::text), id, 'verdict', ${run}::integer, ${now}::timestamptz, verdict
    from heard where conclusive and not exists (
      select from event e where e.finding = heard.id and e.kind = 'new' and e.run = ${run}::integer)
    on conflict (id) do nothing`.execute(trx);
}

async function reopen(trx: Transaction<Schema>, { run, now }: Reading, rows: string): Promise<void> {
  await sql`
    with back as (
      update finding f set state = 'open', fixed_run = null, fixed_at = null,
        opened_run = ${run}::integer, opened_at = ${now}::timestamptz
      from jsonb_to_recordset(${rows}::jsonb) as r(id text)
      where f.id = r.id and f.state = 'fixed' and f.verdict <> 'inactive'
      returning f.id
    )
    insert into event (id, finding, kind, run, at)
    select md5(id || ${` reopened ${run}`}::text), id, 'reopened', ${run}::integer, ${now}::timestamptz from back
    on conflict (id) do nothing`.execute(trx);
}

/** A finding shows what its worst sighting shows: one that is left, and that nobody accepted, before others. */
export async function takeWorst(trx: Transaction<Schema>, ids: readonly string[]): Promise<void> {
  await sql`
    update finding f set severity = w.severity, score = w.score, title = w.title, owner = w.owner,
      suppressed = w.suppressed, home = w.repository
    from (
      select distinct on (finding) finding, repository, severity, score, title, owner, suppressed
      from sighting where finding in (select jsonb_array_elements_text(${toJsonText(ids)}::jsonb))
      order by finding, live desc, suppressed, score desc, repository
    ) as w
    where f.id = w.finding and (f.severity, f.score, f.title, f.owner, f.suppressed, f.home)
      is distinct from (w.severity, w.score, w.title, w.owner, w.suppressed, w.repository)`.execute(trx);
}

/** Closes the places of read scopes that this reading does not list any more. */
export async function closePlaces(
  trx: Transaction<Schema>,
  { run, repository }: Reading,
  scopes: readonly string[],
  placeIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<{ finding: string }>`
    with seen as materialized (select jsonb_array_elements_text(${toJsonText(placeIds)}::jsonb) as id),
    gone as (
      update place p set state = 'gone', gone_run = ${run}
      where p.repository = ${repository} and p.state = 'open'
        and p.scope in (select jsonb_array_elements_text(${toJsonText(scopes)}::jsonb))
        and not exists (select from seen where seen.id = p.id)
      returning p.finding
    )
    select distinct finding from gone order by finding`.execute(trx);
  if (rows.length === 0) return;
  const ids = rows.map(({ finding }) => finding);
  await sql`
    update sighting s set live = false
    where s.repository = ${repository} and s.live
      and s.finding in (select jsonb_array_elements_text(${toJsonText(ids)}::jsonb))
      and not exists (
        select from place p where p.finding = s.finding and p.repository = s.repository and p.state = 'open')`.execute(
    trx,
  );
  await takeWorst(trx, ids);
}
