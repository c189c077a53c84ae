/**
 * Things a user told us not to report, in one shape for every source (our ignore file, a baseline, gitleaks'). All
 * parts that are present must hold (AND). An entry without any part is refused by the loader.
 */
export interface AllowEntry {
  /** Finding id or secret fingerprint. */
  readonly fingerprint?: string;
  readonly ruleIds?: readonly string[];
  /** Regular expressions (source text) on the path. */
  readonly paths?: readonly string[];
  /** Globs on the path. Where there are `paths` too, one of both is enough. */
  readonly globs?: readonly string[];
  /** Regular expressions on the secret, the match or the line, by `target`. */
  readonly patterns?: readonly string[];
  readonly target?: 'secret' | 'match' | 'line';
  /** Words inside the secret, lower case. */
  readonly stopwords?: readonly string[];
  readonly commits?: readonly string[] | undefined;
  /** detect-secrets: SHA-1 of the secret, and the path that it counts for; gitleaks: `path:rule:line`. */
  readonly legacy?: { readonly form: 'detect-secrets' | 'gitleaks'; readonly value: string; readonly path?: string };
  /** Any one part is enough (gitleaks' default `condition = "OR"`). */
  readonly anyPart?: boolean;
  readonly kind: 'ignore-file' | 'baseline' | 'allowlist';
  readonly reason: string;
  readonly owner?: string;
  /** ISO date, last day of validity. */
  readonly expires?: string;
  /** File and line, for messages and the stale report. */
  readonly source: string;
}
