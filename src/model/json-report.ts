import type { Finding, Owner, ScoreFactor, Suppression } from './finding.ts';
import type { Identity } from './identity.ts';
import type { IdentityKind } from './identity-kinds.ts';
import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { CheckResult, Confidence, Grade, Severity } from './match.ts';
import type { Report } from './report.ts';
import type { Verdict } from './verdict.ts';

/** A found value as the JSON formats write it. */
export interface JsonSecret {
  readonly redacted: string;
  readonly fingerprint: string;
  readonly length: number;
  /** Only with `showSecrets`. */
  readonly value?: string;
}

/** What only a finding of a secret has. */
export interface JsonSecretPart {
  readonly grade?: Grade;
  readonly secret?: JsonSecret;
  readonly verdict?: Verdict;
  readonly checks?: readonly CheckResult[];
  /** Other rules that matched the same value. */
  readonly alsoMatched?: readonly string[];
}

/**
 * A finding as the JSON formats write it. `src/reporters/json-schema.ts` publishes this type as a JSON Schema, and the
 * compiler refuses a member that only one of the two has.
 */
export interface JsonFinding extends JsonSecretPart {
  readonly id: string;
  readonly kind: Finding['kind'];
  readonly ruleId: string;
  readonly title: string;
  readonly severity: Severity;
  /** 0 to 10, one decimal. */
  readonly score: number;
  readonly scoreRange: readonly [best: number, worst: number];
  readonly vector: string;
  readonly factors: readonly ScoreFactor[];
  readonly confidence: Confidence;
  readonly message: string;
  readonly facts: Readonly<Record<string, Json>>;
  readonly identityId?: string;
  readonly owasp: readonly string[];
  readonly owners: readonly Owner[];
  readonly locations: readonly Location[];
  readonly moreLocations: number;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly isNew?: boolean;
  readonly suppression?: Suppression;
}

/** The document of the `json` reporter. */
export interface JsonReport extends Omit<Report, 'findings' | 'identities'> {
  readonly findings: readonly JsonFinding[];
  readonly identities: readonly JsonIdentity[];
}

/** A node of the inventory as the JSON formats write it. */
export interface JsonIdentity extends Identity {
  /** Consumers, credentials and support nodes are no identities of their own. */
  readonly kind: IdentityKind;
}
