/** Why something that should have been read was not. */
export type GapReason =
  | 'not-found'
  | 'not-a-repository'
  | 'unreadable'
  | 'too-large'
  | 'corrupt'
  | 'limit'
  | 'timeout'
  | 'shallow'
  | 'missing-object'
  | 'denied'
  | 'rate-limited'
  | 'provider-error'
  | 'unsupported'
  | 'malformed'
  | 'rule-timeout'
  | 'nothing-planned'
  | 'bug';

/** Why something was left out on purpose; a skip is shown, but does not make a run incomplete. */
export type SkipReason =
  | 'template'
  | 'symlink'
  | 'submodule'
  | 'empty'
  | 'excluded'
  | 'special-file'
  /** Listed by the index and not in the work tree: deleted, or left out of a sparse checkout. */
  | 'absent'
  /** Declares identities in a format that no collector reads yet: its text was scanned for secrets all the same. */
  | 'declarations-not-read';

/**
 * Something that should have been read and was not. `scope: true` says that a whole scope (a range, an endpoint, a
 * repository) was missed: no budget forgives that.
 */
export interface Gap {
  readonly reason: GapReason;
  /** What was missed: a path, a range, an endpoint. */
  readonly subject: string;
  /** One sentence for the user, with what to do about it. */
  readonly message: string;
  readonly scope?: boolean;
  /** Id of an object in a history that may be readable later: incremental runs try it again. */
  readonly blob?: string;
  /** The commit that brought it. */
  readonly commit?: string;
}

/** Something left out on purpose. */
export interface Skip {
  readonly reason: SkipReason;
  readonly subject: string;
}

/** One line of the coverage ledger: what a collector planned and what became of it. */
export interface Coverage {
  readonly collector: string;
  /** The target as the user would write it, for example `git:.` or `github:acme`. */
  readonly target: string;
  /** One part of the target: `files`, `history`, an endpoint. */
  readonly scope: string;
  /** What is counted: `files`, `blobs`, `messages`, `requests`. */
  readonly unit: string;
  readonly planned: number;
  readonly scanned: number;
  readonly bytes: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly state: 'ok' | 'partial' | 'failed';
  readonly gaps: readonly Gap[];
  /** Gaps beyond the ones listed (the list is capped). */
  readonly moreGaps: number;
  /** Facts about the scope: number of commits, refs, shallow or not. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}
