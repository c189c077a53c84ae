import type { Finding } from '../../model/finding.ts';
import type { RenderOptions } from '../contract.ts';

/**
 * A finding as the JSON formats write it: the shape of `src/reporters/json-schema.ts`. The raw value is in it only with
 * `showSecrets`.
 */
export function jsonFinding(finding: Finding, options: RenderOptions): Record<string, unknown> {
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
    ...(identityId === undefined ? {} : { identityId }),
    owasp,
    owners: finding.owners,
    locations: finding.locations,
    moreLocations: finding.moreLocations,
    remediation: finding.remediation,
    references: finding.references,
    ...(finding.isNew === undefined ? {} : { isNew: finding.isNew }),
    ...(finding.suppression === undefined ? {} : { suppression: finding.suppression }),
  };
}

function secretPart(finding: Finding, options: RenderOptions): Record<string, unknown> {
  if (finding.kind !== 'secret') return {};
  const { secret, fingerprint, grade, verdict, checks, alsoMatched } = finding;
  const value = options.showSecrets ? { value: secret.reveal() } : {};
  return {
    grade,
    secret: { redacted: secret.redacted, fingerprint, length: secret.length, ...value },
    verdict,
    checks,
    alsoMatched,
  };
}
