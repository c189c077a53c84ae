import { type Kysely, sql } from 'kysely';

/** Statements in the order in which they run. A migration that was released is never edited: write the next one. */
const STATEMENTS: readonly string[] = [
  `create table repository (
    id text primary key,
    host text not null, name text not null, url text not null,
    visibility text not null, archived boolean not null,
    pushed_at timestamptz, risk double precision not null default 0,
    tips_hash text, scanned_tips_hash text, settings_hash text, incremental_state text,
    unchanged_run integer, last_ok_run integer, last_ok_at timestamptz
  ) with (fillfactor = 80)`,
  `create table run (
    id integer primary key,
    target text not null,
    started_at timestamptz not null, finished_at timestamptz,
    state text not null check (state in ('running', 'finished')),
    settings_hash text not null,
    planned integer not null default 0, unchanged integer not null default 0,
    counts jsonb not null default '{}'
  )`,
  `create unique index run_open on run (target) where state = 'running'`,
  `create table attempt (
    id text primary key,
    run integer not null, repository text not null, worker text not null, lease text not null,
    started_at timestamptz not null, stored_at timestamptz, error text
  )`,
  `create index attempt_of on attempt (run, repository)`,
  `create unique index attempt_stored on attempt (run, repository) where stored_at is not null`,
  `create index attempt_open on attempt (worker) where stored_at is null and lease <> ''`,
  `create table worker (id text primary key, host text not null, version text not null, seen_at timestamptz not null)`,
  `create table coverage (
    run integer not null, repository text not null, scope text not null,
    state text not null check (state in ('ok', 'unchanged', 'partial', 'failed', 'denied')),
    planned double precision not null, scanned double precision not null, bytes double precision not null,
    gaps jsonb not null,
    primary key (run, repository, scope)
  )`,
  `create table scope (
    repository text not null, scope text not null,
    state text not null check (state in ('ok', 'unchanged', 'partial', 'failed', 'denied')),
    since_run integer not null, since_at timestamptz not null,
    last_ok_run integer, last_ok_at timestamptz,
    primary key (repository, scope)
  ) with (fillfactor = 80)`,
  `create index scope_unread on scope (since_run) where state not in ('ok', 'unchanged')`,
  `create table finding (
    id text primary key,
    kind text not null, rule text not null, title text not null,
    severity text not null, score double precision not null,
    verdict text not null, verdict_reason text not null, verdict_at timestamptz,
    owner text not null, suppressed boolean not null, home text not null,
    state text not null check (state in ('open', 'fixed')),
    first_run integer not null, first_at timestamptz not null,
    opened_run integer not null, opened_at timestamptz not null,
    fixed_run integer, fixed_at timestamptz
  ) with (fillfactor = 90)`,
  `create index finding_first on finding (first_run)`,
  `create index finding_opened on finding (opened_run)`,
  `create index finding_fixed on finding (fixed_run) where fixed_run is not null`,
  `create index finding_inactive on finding (id) where state = 'open' and verdict = 'inactive'`,
  `create table sighting (
    finding text not null, repository text not null,
    severity text not null, score double precision not null, vector text not null, title text not null,
    owner text not null, suppressed boolean not null, live boolean not null,
    body jsonb not null,
    primary key (finding, repository)
  )`,
  `create index sighting_of on sighting (repository) where live`,
  `create table place (
    id text primary key,
    finding text not null, repository text not null, scope text not null,
    object text not null, path text not null, line integer not null,
    history boolean not null,
    state text not null check (state in ('open', 'gone')),
    first_run integer not null, seen_run integer not null, gone_run integer,
    location jsonb not null
  )`,
  `create index place_finding on place (finding)`,
  `create index place_open on place (repository, scope) where state = 'open'`,
  `create index place_gone on place (gone_run) where gone_run is not null`,
  `create table event (
    id text primary key,
    finding text not null, kind text not null, run integer, at timestamptz not null,
    actor text not null default '', detail text not null default ''
  )`,
  `create index event_run on event (run, kind)`,
  `create index event_finding on event (finding)`,
  `create table identity (
    id text primary key,
    kind text not null, type text not null, provider text not null, name text not null,
    tier integer, owner text not null,
    state text not null check (state in ('present', 'gone')),
    first_run integer not null, first_at timestamptz not null, gone_run integer
  )`,
  `create table identity_source (
    identity text not null, repository text not null, scope text not null,
    tier integer, owner text not null,
    state text not null check (state in ('present', 'gone')),
    gone_run integer, changed_run integer not null,
    body jsonb not null,
    primary key (identity, repository)
  )`,
  `create index identity_source_of on identity_source (repository) where state = 'present'`,
  `create index identity_source_changed on identity_source (changed_run)`,
  `create table identity_event (
    id text primary key,
    identity text not null, kind text not null, run integer not null, at timestamptz not null,
    was text not null default '', now text not null default ''
  )`,
  `create index identity_event_run on identity_event (run)`,
  `create table edge (
    id text primary key,
    repository text not null, scope text not null, source text not null, kind text not null, target text not null,
    state text not null check (state in ('present', 'gone')),
    first_run integer not null, gone_run integer,
    body jsonb not null
  )`,
  `create index edge_source on edge (md5(source)) where state = 'present'`,
  `create index edge_target on edge (md5(target)) where state = 'present'`,
  `create index edge_of on edge (repository) where state = 'present'`,
  `create table acceptance (
    finding text primary key,
    reason text not null, owner text not null, expires_at timestamptz, at timestamptz not null
  )`,
  `create table budget (
    token_id text not null, resource text not null,
    remaining integer not null, reset_at timestamptz not null,
    primary key (token_id, resource)
  )`,
  `create table outbox (
    id text primary key,
    event text not null, output text not null, body jsonb not null,
    tries integer not null default 0, next_at timestamptz not null, sent_at timestamptz
  )`,
  `create index outbox_due on outbox (next_at) where sent_at is null`,
];

/** The tables of the first release. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}
