import { defined } from '../../lib/fields/defined.ts';
import type { Finding, SecretFinding } from '../../model/finding.ts';
import { kindOfType } from '../../model/identity-kinds.ts';
import type { JsonFinding, JsonIdentity, JsonReport, JsonSecret, JsonSecretPart } from '../../model/json-report.ts';
import type { Report } from '../../model/report.ts';
import type { RenderOptions } from '../contract.ts';

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
