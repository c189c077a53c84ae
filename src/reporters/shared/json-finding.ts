import { defined } from '../../lib/fields/defined.ts';
import type { Finding, Owner, ScoreFactor, SecretFinding, Suppression } from '../../model/finding.ts';
import type { Identity } from '../../model/identity.ts';
import { type IdentityKind, kindOfType } from '../../model/identity-kinds.ts';
import type { Json } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { CheckResult, Confidence, Grade, Severity } from '../../model/match.ts';
import type { Report } from '../../model/report.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { RenderOptions } from '../contract.ts';

/** A found value as the JSON formats write it. */
export interface JsonSecret {
  readonly redacted: string;
  readonly fingerprint: string;
  readonly length: number;
  /** Only with `showSecrets`. */
  readonly value?: string;
}

/** What only a finding of a secret has. */
interface JsonSecretPart {
  readonly grade?: Grade;
  readonly secret?: JsonSecret;
  readonly verdict?: Verdict;
  readonly checks?: readonly CheckResult[];
  /** Other rules that matched the same value. */
  readonly alsoMatched?: readonly string[];
}

/**
 * A finding as the JSON formats write it. `json-schema.ts` publishes this type as a JSON Schema, and the compiler
 * refuses a member that only one of the two has.
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

/** A report, with the long lists made while they are written. */
type WrittenReport = Omit<JsonReport, 'findings' | 'identities'> & {
  readonly findings: Iterable<JsonFinding>;
  readonly identities: Iterable<JsonIdentity>;
};

/** A report as the `json` reporter writes it. Raw values are in it only with `showSecrets`. */
export function jsonReport(report: Report, options: RenderOptions): WrittenReport {
  const { schemaVersion, tool, run, coverage, edges, summary } = report;
  const findings = mapLater(report.findings, (finding) => jsonFinding(finding, options));
  const identities = mapLater(report.identities, (identity) => ({ kind: kindOfType(identity.type), ...identity }));
  return { schemaVersion, tool, run, coverage, findings, identities, edges, summary };
}

function mapLater<From, To>(list: readonly From[], change: (item: From) => To): Iterable<To> {
  return {
    *[Symbol.iterator]() {
      for (const item of list) yield change(item);
    },
  };
}

/** A finding as the JSON formats write it. The raw value is in it only with `showSecrets`. */
export function jsonFinding(finding: Finding, options: RenderOptions): JsonFinding {
  const { id, kind, ruleId, title, severity, score, confidence, message, facts, owasp, identityId } = finding;
  return {
    id,
    kind,
    ruleId,
    title,
    severity,
    score: score.value,
    scoreRange: score.range,
    vector: score.vector,
    factors: score.factors,
    confidence,
    message,
    ...secretPart(finding, options),
    facts,
    ...defined({ identityId }),
    owasp,
    owners: finding.owners,
    locations: finding.locations,
    moreLocations: finding.moreLocations,
    remediation: finding.remediation,
    references: finding.references,
    ...defined({ isNew: finding.isNew, suppression: finding.suppression }),
  };
}

function secretPart(finding: Finding, options: RenderOptions): JsonSecretPart {
  if (finding.kind !== 'secret') return {};
  const { grade, verdict, checks, alsoMatched } = finding;
  return { grade, secret: jsonSecret(finding, options), verdict, checks, alsoMatched };
}

function jsonSecret({ secret, fingerprint }: SecretFinding, { showSecrets }: RenderOptions): JsonSecret {
  const value = showSecrets && !secret.isSealed ? { value: secret.reveal() } : {};
  return { redacted: secret.redacted, fingerprint, length: secret.length, ...value };
}
