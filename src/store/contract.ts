import type { ScopeState } from './schema.ts';

/** What of the world a store needs. Nothing here is read from the process by the store itself. */
export interface StoreWorld {
  /** Folder of the bundle: an optional package is looked for beside it. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory, which a relative place starts from. */
  readonly cwd: string;
  readonly pid: number;
  /** Name of the machine, for the lock of a folder. */
  readonly hostname: string;
  /** Number of the user who runs this; absent where the system has none. Without it no template is kept. */
  readonly user?: number;
  readonly now: () => Date;
}

/** How a store is opened. */
export interface StoreOptions {
  /** A folder, or `postgres://user@host/database`. */
  readonly place: string;
  /** True where fingerprints are made with the key that every Bowerbird has: a shared store refuses it. */
  readonly builtInKey: boolean;
  /** Most connections to a server. Default 4. */
  readonly connections?: number;
  /** Default `write`: applies migrations. `read` refuses a store that needs them. */
  readonly use?: 'write' | 'read';
}

/** A run: one look at all of a target. Its id is a number that grows. */
export interface Run {
  readonly id: number;
  readonly target: string;
  readonly startedAt: Date;
  readonly state: 'running' | 'finished';
  /** True where an earlier process began it. */
  readonly resumed: boolean;
}

/** What an attempt is called, so that a late result is told from one that is waited for. */
export interface AttemptKey {
  readonly id: string;
  /** Drawn anew for each attempt. */
  readonly lease: string;
}

/** One part of a repository, and how well it was read. */
export interface ScopeResult {
  readonly scope: string;
  readonly state: ScopeState;
  readonly planned: number;
  readonly scanned: number;
  readonly bytes: number;
  /** Gaps as the report has them. */
  readonly gaps: readonly unknown[];
}

/** A place of a finding. */
export interface PlaceRow {
  readonly scope: string;
  readonly object: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Its secret stands in a history: that it goes away repairs nothing. */
  readonly history: boolean;
  /** The location as the JSON report has it. */
  readonly location: unknown;
}

/** A finding with its places in one repository. */
export interface FindingRow {
  readonly id: string;
  readonly kind: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: string;
  readonly score: number;
  readonly vector: string;
  readonly verdict: string;
  readonly verdictReason: string;
  readonly owner: string;
  readonly suppressed: boolean;
  /** The finding as the JSON report has it, without places, verdict, and whatever holds of one run only. */
  readonly body: unknown;
  readonly places: readonly PlaceRow[];
}

/** An identity as one repository or source shows it. */
export interface IdentityRow {
  readonly id: string;
  readonly kind: string;
  readonly type: string;
  readonly provider: string;
  readonly name: string;
  /** 0 to 4; absent where nothing is known of what it may do. */
  readonly tier?: number;
  /** Empty: nobody. */
  readonly owner: string;
  readonly scope: string;
  readonly body: unknown;
}

/** An edge of the graph as one repository or source shows it. */
export interface EdgeRow {
  readonly from: string;
  readonly kind: string;
  readonly to: string;
  readonly scope: string;
  readonly body: unknown;
}

/** All that an attempt read of one repository. */
export interface AttemptResult {
  readonly scopes: readonly ScopeResult[];
  /** True where scopes that are not named held nothing to read, and so count as read. */
  readonly restRead: boolean;
  /**
   * True where the lists hold all that is in the scopes. False where they hold only what is new since an earlier
   * attempt: then what they leave out is still there.
   */
  readonly whole: boolean;
  readonly findings: readonly FindingRow[];
  readonly identities: readonly IdentityRow[];
  readonly edges: readonly EdgeRow[];
  /** What the repository looked like when it was read, for the next night. */
  readonly tipsHash?: string;
  readonly settingsHash?: string;
  /** State of the incremental scan, as text. */
  readonly incrementalState?: string;
}

/** `late`: another attempt holds the repository, or has stored it. Nothing of this one was written. */
export type StoreOutcome = 'stored' | 'late';

/** What a place of a store is, without opening it. */
export type StorePlace =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'server'; readonly address: string };
