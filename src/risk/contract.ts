import type { Exposure } from '../model/artifact.ts';
import type { Owner, ScoreFactor } from '../model/finding.ts';
import type { Edge, Identity } from '../model/identity.ts';
import type { Location } from '../model/location.ts';
import type { Grade } from '../model/match.ts';
import type { CredentialProfile } from '../model/rule.ts';
import type { Verdict } from '../model/verdict.ts';

/**
 * Everything a factor may look at. A posture finding has no secret: `locations` may be empty and `credential` absent.
 */
export interface RiskSubject {
  readonly now: Date;
  readonly thresholds: Readonly<Record<string, number>>;
  readonly grade: Grade;
  readonly verdict: Verdict;
  readonly locations: readonly Location[];
  /** Widest exposure of the places. */
  readonly exposure: Exposure;
  /** Distinct repositories or environments that hold the same secret. */
  readonly places: number;
  readonly credential?: CredentialProfile;
  /** Facts that checks proved from the value: expiry, scopes. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** The principal: its grants tell what the credential can do. */
  readonly identity?: Identity;
  /**
   * The node that the secret opens directly (an access key of the principal): its status and dates are the secret's
   * own.
   */
  readonly credentialIdentity?: Identity;
  readonly owners: readonly Owner[];
  /** Edges that end or start at the identity. */
  readonly edges: readonly Edge[];
  /** ISO date when the secret was first exposed, where known. */
  readonly exposedAt?: string;
}

/** One factor of the score: E, P, V or L. Pure. */
export interface Factor {
  readonly id: string;
  readonly title: string;
  /** Exponent in the geometric product; the lifecycle factor multiplies as it is (exponent 1). */
  readonly exponent: number;
  /** Position in the vector. */
  readonly order: number;
  evaluate(subject: RiskSubject): ScoreFactor;
}

/** Gives a factor its type. */
export function defineFactor(factor: Factor): Factor {
  return factor;
}
