/** How well a scope was read. `unchanged`: nothing in it differs from an earlier night that was `ok`. */
export type ScopeState = 'ok' | 'unchanged' | 'partial' | 'failed' | 'denied';

/** A repository, or another source that is read as a whole, such as the settings of an organisation. */
export interface RepositoryTable {
  id: string;
  host: string;
  name: string;
  url: string;
  visibility: string;
  archived: boolean;
  pushed_at: Date | null;
  risk: number;
  /** What the host shows now, and what was there when it was read last. */
  tips_hash: string | null;
  scanned_tips_hash: string | null;
  settings_hash: string | null;
  incremental_state: string | null;
  /** The last run in which its tips were those that were scanned. */
  unchanged_run: number | null;
  last_ok_run: number | null;
  last_ok_at: Date | null;
}

export interface RunTable {
  id: number;
  target: string;
  started_at: Date;
  finished_at: Date | null;
  state: 'running' | 'finished';
  settings_hash: string;
  planned: number;
  unchanged: number;
  /** Counts when it ended, which outlive what they were made from. */
  counts: unknown;
}

export interface AttemptTable {
  id: string;
  run: number;
  repository: string;
  worker: string;
  /** Empty once the attempt was given up. */
  lease: string;
  started_at: Date;
  stored_at: Date | null;
  error: string | null;
}

export interface WorkerTable {
  id: string;
  host: string;
  version: string;
  seen_at: Date;
}

/** What an attempt read of a scope. */
export interface CoverageTable {
  run: number;
  repository: string;
  scope: string;
  state: ScopeState;
  planned: number;
  scanned: number;
  bytes: number;
  gaps: unknown;
}

/** The present state of a scope. */
export interface ScopeTable {
  repository: string;
  scope: string;
  state: ScopeState;
  /** Since when the state is good, or bad. */
  since_run: number;
  since_at: Date;
  last_ok_run: number | null;
  last_ok_at: Date | null;
}

/** A finding over all repositories. What it says of itself comes from its worst sighting. */
export interface FindingTable {
  id: string;
  kind: string;
  rule: string;
  title: string;
  severity: string;
  score: number;
  verdict: string;
  verdict_reason: string;
  verdict_at: Date | null;
  owner: string;
  suppressed: boolean;
  /** The repository of its worst sighting. */
  home: string;
  state: 'open' | 'fixed';
  first_run: number;
  first_at: Date;
  /** When it was opened last: first seen, or reopened. */
  opened_run: number;
  opened_at: Date;
  fixed_run: number | null;
  fixed_at: Date | null;
}

/** A finding as one repository shows it. */
export interface SightingTable {
  finding: string;
  repository: string;
  severity: string;
  score: number;
  vector: string;
  title: string;
  owner: string;
  suppressed: boolean;
  /** A place of it is left in the repository. */
  live: boolean;
  body: unknown;
}

export interface PlaceTable {
  /** Hash of finding, repository, object, path, line and column. */
  id: string;
  finding: string;
  repository: string;
  scope: string;
  object: string;
  path: string;
  line: number;
  history: boolean;
  state: 'open' | 'gone';
  first_run: number;
  /** The last run that saw it in a scope that was not read whole. */
  seen_run: number;
  gone_run: number | null;
  location: unknown;
}

export interface EventTable {
  id: string;
  finding: string;
  kind: 'new' | 'fixed' | 'reopened' | 'accepted' | 'verdict';
  run: number | null;
  at: Date;
  actor: string;
  detail: string;
}

export interface IdentityTable {
  id: string;
  kind: string;
  type: string;
  provider: string;
  name: string;
  tier: number | null;
  owner: string;
  state: 'present' | 'gone';
  first_run: number;
  first_at: Date;
  gone_run: number | null;
}

/** An identity as one repository or source shows it. */
export interface IdentitySourceTable {
  identity: string;
  repository: string;
  scope: string;
  tier: number | null;
  owner: string;
  state: 'present' | 'gone';
  gone_run: number | null;
  changed_run: number;
  body: unknown;
}

export interface IdentityEventTable {
  id: string;
  identity: string;
  kind: 'new' | 'gone' | 'back' | 'tier' | 'owner';
  run: number;
  at: Date;
  was: string;
  now: string;
}

export interface EdgeTable {
  /** Hash of repository, ends and kind. */
  id: string;
  repository: string;
  scope: string;
  source: string;
  kind: string;
  target: string;
  state: 'present' | 'gone';
  first_run: number;
  gone_run: number | null;
  body: unknown;
}

export interface AcceptanceTable {
  finding: string;
  reason: string;
  owner: string;
  expires_at: Date | null;
  at: Date;
}

export interface BudgetTable {
  token_id: string;
  resource: string;
  remaining: number;
  reset_at: Date;
}

export interface OutboxTable {
  id: string;
  event: string;
  output: string;
  body: unknown;
  tries: number;
  next_at: Date;
  sent_at: Date | null;
}

/** All tables, as kysely names them. */
export interface Schema {
  repository: RepositoryTable;
  run: RunTable;
  attempt: AttemptTable;
  worker: WorkerTable;
  coverage: CoverageTable;
  scope: ScopeTable;
  finding: FindingTable;
  sighting: SightingTable;
  place: PlaceTable;
  event: EventTable;
  identity: IdentityTable;
  identity_source: IdentitySourceTable;
  identity_event: IdentityEventTable;
  edge: EdgeTable;
  acceptance: AcceptanceTable;
  budget: BudgetTable;
  outbox: OutboxTable;
}
