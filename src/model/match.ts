import type { JoinKey } from './identity.ts';
import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { Secret } from './secret.ts';

export type Confidence = 'high' | 'medium' | 'low';
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'none';

/** `placeholder` is a value that looks like the format but proves not to be one (failed checksum, sample text). */
export type Grade = 'secret' | 'placeholder';

/** What one check said about a match. */
export interface CheckResult {
  readonly check: string;
  readonly state: 'pass' | 'lower' | 'drop' | 'not-applicable';
  readonly reason: string;
}

/** One rule hit in one artifact, after the checks. */
export interface Match {
  readonly ruleId: string;
  readonly secret: Secret;
  /** Named parts that are not secret: key id, host, account. */
  readonly parts: Readonly<Record<string, string>>;
  readonly location: Location;
  readonly grade: Grade;
  readonly confidence: Confidence;
  /** What the value itself proves: account id, expiry, scopes, environment. Never holds the secret. */
  readonly facts: Readonly<Record<string, Json>>;
  readonly keys: readonly JoinKey[];
  readonly checks: readonly CheckResult[];
}

/** A match that the checks dropped, kept for `explain`. */
export interface DroppedMatch extends Match {
  readonly droppedBy: string;
}
