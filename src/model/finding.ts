import type { IdentityId } from './identity.ts';
import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { CheckResult, Confidence, Grade, Severity } from './match.ts';
import type { Secret } from './secret.ts';
import type { Verdict } from './verdict.ts';

/** One factor of a score: what was read, what it weighs, and the sentence that says so to a person. */
export interface ScoreFactor {
  /** `E`, `P`, `V` or `L`. */
  readonly id: string;
  /** Short code for the vector, for example `repo-private` or `unk`. */
  readonly code: string;
  readonly weight: number;
  /** Weight if the unknowns turned out harmless / harmful. Equal to `weight` when all is known. */
  readonly best: number;
  readonly worst: number;
  readonly sentence: string;
}

/** 0 to 10 with one decimal, and the vector that explains it. Confidence is never multiplied in. */
export interface Score {
  readonly value: number;
  readonly range: readonly [best: number, worst: number];
  readonly vector: string;
  readonly factors: readonly ScoreFactor[];
}

/** Why a finding does not count against the run. */
export interface Suppression {
  readonly kind: 'ignore-file' | 'inline' | 'baseline' | 'allowlist';
  readonly reason: string;
  readonly owner?: string;
  /** ISO date; after this day the entry no longer applies. */
  readonly expires?: string;
  readonly source: string;
}

interface FindingBase {
  /** Content-based: the same secret or posture fact has the same id after a move, rename, rebase or squash. */
  readonly id: string;
  readonly ruleId: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly score: Score;
  readonly facts: Readonly<Record<string, Json>>;
  readonly owasp: readonly string[];
  readonly identityId?: IdentityId;
  readonly locations: readonly Location[];
  /** Places beyond the ones listed. */
  readonly moreLocations: number;
  readonly remediation: string;
  readonly references: readonly string[];
  /** Present: the finding is known and accepted. */
  readonly suppression?: Suppression;
  /** Whether the earlier run that an incremental run goes on from did not have it. Absent where there is none. */
  readonly isNew?: boolean;
  /** People or teams, best source first. */
  readonly owners: readonly Owner[];
}

export interface Owner {
  readonly name: string;
  readonly kind: 'team' | 'person';
  /** `CODEOWNERS`, `git author`, `app installer`, a tag. */
  readonly how: string;
  readonly state: 'active' | 'gone' | 'unknown';
}

/** All matches of one secret. */
export interface SecretFinding extends FindingBase {
  readonly kind: 'secret';
  readonly grade: Grade;
  readonly secret: Secret;
  readonly fingerprint: string;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  /** Other rules that matched the same value. */
  readonly alsoMatched: readonly string[];
}

/** One posture rule that fails for one identity. */
export interface PostureFinding extends FindingBase {
  readonly kind: 'posture';
}

export type Finding = SecretFinding | PostureFinding;

/** What a posture rule said about one identity; only `fail` becomes a finding, the rest is counted. */
export type PostureOutcome = 'fail' | 'pass' | 'not-assessed';
