import { type Exposure, ORIGIN_PARTS, type OriginPart } from '../model/artifact.ts';
import type { Owner, ScoreFactor, Suppression } from '../model/finding.ts';
import type { Coverage, Gap } from '../model/gap.ts';
import type {
  Attribute,
  Edge,
  EdgeConfidence,
  EdgeKind,
  Evidence,
  Grant,
  JoinKey,
  Precision,
  PrivilegeTier,
} from '../model/identity.ts';
import type { IdentityKind } from '../model/identity-kinds.ts';
import type { JsonFinding, JsonIdentity, JsonReport, JsonSecret } from '../model/json-report.ts';
import type { Location } from '../model/location.ts';
import type { CheckResult, Confidence, Grade, Severity } from '../model/match.ts';
import {
  type PostureCount,
  type Report,
  type RunState,
  SCHEMA_VERSION,
  type StaleEntry,
  type Summary,
} from '../model/report.ts';
import type { Verdict, VerdictState } from '../model/verdict.ts';
import { GAP_REASONS, SKIP_REASONS } from './shared/reasons.ts';
import { countsOf, listOf, mapOf, object, ref, type Schema, wordsOf } from './shared/schema-parts.ts';

const TEXT: Schema<string> = { type: 'string' };
const COUNT: Schema<number> = { type: 'integer', minimum: 0 };
const POSITION: Schema<number> = { type: 'integer', minimum: 1 };
const NUMBER: Schema<number> = { type: 'number' };
const FLAG: Schema<boolean> = { type: 'boolean' };
const TEXTS = listOf(TEXT);
/** Any JSON value. */
const ANYTHING: Schema<unknown> = {};
const FACTS = mapOf(ANYTHING);
const CONFIDENCE = wordsOf<Confidence>({ high: true, medium: true, low: true });
const SEVERITIES: Readonly<Record<Severity, true>> = {
  critical: true,
  high: true,
  medium: true,
  low: true,
  none: true,
};
const SEVERITY = wordsOf(SEVERITIES);
const TIER: Schema<PrivilegeTier> = { type: 'integer', minimum: 0, maximum: 4 };
const SCORE: Schema<number> = { type: 'number', minimum: 0, maximum: 10 };
const SCORE_RANGE: Schema<JsonFinding['scoreRange']> = { type: 'array', items: NUMBER, minItems: 2, maxItems: 2 };
const LOCATION_REF = ref<Location>('location');
const SUPPRESSION_REF = ref<Suppression>('suppression');
const EVIDENCE_REF = ref<Evidence>('evidence');

const LOCATION = object<Location>(
  {
    collector: TEXT,
    path: TEXT,
    'part?': wordsOf<OriginPart>(ORIGIN_PARTS),
    startLine: POSITION,
    startColumn: POSITION,
    endLine: POSITION,
    endColumn: POSITION,
    'cell?': POSITION,
    'repository?': TEXT,
    'commit?': TEXT,
    'blob?': TEXT,
    'author?': TEXT,
    'date?': TEXT,
    'url?': TEXT,
    'reachable?': FLAG,
    'present?': FLAG,
    'exposure?': wordsOf<Exposure>({ public: true, organisation: true, private: true, local: true, unknown: true }),
    'decoded?': TEXTS,
  },
  'Lines and columns are 1-based, columns count UTF-16 code units, the end column is exclusive.',
);

const VERDICT = object<Verdict>({
  state: wordsOf<VerdictState>({
    active: true,
    inactive: true,
    unknown: true,
    'not-verifiable': true,
    'not-tried': true,
  }),
  reason: TEXT,
  'verifier?': TEXT,
  'checkedAt?': TEXT,
  'facts?': FACTS,
});

const SUPPRESSION = object<Suppression>({
  kind: wordsOf<Suppression['kind']>({ 'ignore-file': true, inline: true, baseline: true, allowlist: true }),
  reason: TEXT,
  'owner?': TEXT,
  'expires?': TEXT,
  source: TEXT,
});

const SECRET = object<JsonSecret>(
  { redacted: TEXT, fingerprint: TEXT, length: COUNT, 'value?': TEXT },
  'The value itself is present only with --show-secrets. The fingerprint is a keyed HMAC-SHA-256, cut to 128 bits.',
);

const FINDING = object<JsonFinding>({
  id: TEXT,
  kind: wordsOf<JsonFinding['kind']>({ secret: true, posture: true }),
  ruleId: TEXT,
  title: TEXT,
  severity: SEVERITY,
  score: SCORE,
  scoreRange: SCORE_RANGE,
  vector: TEXT,
  factors: listOf(
    object<ScoreFactor>({ id: TEXT, code: TEXT, weight: NUMBER, best: NUMBER, worst: NUMBER, sentence: TEXT }),
  ),
  confidence: CONFIDENCE,
  message: TEXT,
  'grade?': wordsOf<Grade>({ secret: true, placeholder: true }),
  'secret?': SECRET,
  'verdict?': VERDICT,
  'checks?': listOf(
    object<CheckResult>({
      check: TEXT,
      state: wordsOf<CheckResult['state']>({ pass: true, lower: true, drop: true, 'not-applicable': true }),
      reason: TEXT,
    }),
  ),
  'alsoMatched?': TEXTS,
  facts: FACTS,
  'identityId?': TEXT,
  owasp: TEXTS,
  owners: listOf(
    object<Owner>({
      name: TEXT,
      kind: wordsOf<Owner['kind']>({ team: true, person: true }),
      how: TEXT,
      state: wordsOf<Owner['state']>({ active: true, gone: true, unknown: true }),
    }),
  ),
  locations: listOf(LOCATION_REF),
  moreLocations: COUNT,
  remediation: TEXT,
  references: TEXTS,
  'isNew?': FLAG,
  'suppression?': SUPPRESSION_REF,
});

const SCALAR: Schema<string | number | boolean> = { type: ['string', 'number', 'boolean'] };

const COVERAGE = object<Coverage>({
  collector: TEXT,
  target: TEXT,
  scope: TEXT,
  unit: TEXT,
  planned: COUNT,
  scanned: COUNT,
  bytes: COUNT,
  skipped: countsOf(SKIP_REASONS),
  state: wordsOf<Coverage['state']>({ ok: true, partial: true, failed: true }),
  gaps: listOf(
    object<Gap>({
      reason: wordsOf(GAP_REASONS),
      subject: TEXT,
      message: TEXT,
      'scope?': FLAG,
      'blob?': TEXT,
      'commit?': TEXT,
    }),
  ),
  moreGaps: COUNT,
  facts: mapOf(SCALAR),
});

const EVIDENCE = object<Evidence>({
  collector: TEXT,
  source: TEXT,
  'location?': LOCATION_REF,
  'detail?': { const: true },
});

const ATTRIBUTE = object<Attribute>({
  value: ANYTHING,
  source: TEXT,
  'precision?': wordsOf<Precision>({ exact: true, day: true, approximate: true }),
});

const IDENTITY = object<JsonIdentity>({
  kind: wordsOf<IdentityKind>({ identity: true, credential: true, consumer: true, permissions: true, support: true }),
  id: TEXT,
  type: TEXT,
  provider: TEXT,
  'account?': TEXT,
  name: TEXT,
  attributes: mapOf(ATTRIBUTE),
  keys: listOf(object<JoinKey>({ kind: TEXT, value: TEXT })),
  grants: listOf(
    object<Grant>({ permission: TEXT, resource: TEXT, tier: TIER, source: TEXT, 'location?': LOCATION_REF }),
  ),
  'moreGrants?': COUNT,
  evidence: listOf(EVIDENCE_REF),
  'moreEvidence?': COUNT,
});

const EDGE_KINDS: Readonly<Record<EdgeKind, true>> = {
  authenticates: true,
  'has-credential': true,
  'can-assume': true,
  'can-mint-credential': true,
  'can-read': true,
  'can-use': true,
  'can-manage': true,
  'can-impersonate': true,
  owns: true,
  created: true,
  uses: true,
  'trusted-by': true,
  'installed-on': true,
  declares: true,
  'same-key-as': true,
  'uses-tool': true,
  holds: true,
  'member-of': true,
  'runs-in': true,
};

const EDGE = object<Edge>({
  from: TEXT,
  kind: wordsOf(EDGE_KINDS),
  to: TEXT,
  confidence: wordsOf<EdgeConfidence>({ proven: true, strong: true, inferred: true }),
  evidence: listOf(EVIDENCE_REF),
  'moreEvidence?': COUNT,
});

const VERSION: Schema<string> = { const: SCHEMA_VERSION };

const SUMMARY = object<Summary>({
  state: wordsOf<RunState>({ clean: true, findings: true, incomplete: true }),
  exitCode: COUNT,
  bySeverity: { ...countsOf(SEVERITIES), required: Object.keys(SEVERITIES) },
  suppressed: COUNT,
  placeholders: COUNT,
  gaps: COUNT,
  identities: COUNT,
  edges: COUNT,
  rules: COUNT,
  postureRules: COUNT,
  posture: listOf(object<PostureCount>({ ruleId: TEXT, fail: COUNT, pass: COUNT, notAssessed: COUNT })),
  staleEntries: listOf(
    object<StaleEntry>({
      source: TEXT,
      entry: TEXT,
      problem: wordsOf<StaleEntry['problem']>({ unused: true, expired: true, 'expires-soon': true }),
      'suppression?': SUPPRESSION_REF,
    }),
  ),
  notes: TEXTS,
});

/**
 * JSON Schema (2020-12) of the `json` reporter. A minor version may add members: validate a report with the schema of
 * the version that `schemaVersion` names.
 */
export const REPORT_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:bowerbird:report:${SCHEMA_VERSION}`,
  title: `Bowerbird report ${SCHEMA_VERSION}`,
  ...object<JsonReport>({
    schemaVersion: VERSION,
    tool: object<Report['tool']>({ name: TEXT, version: TEXT, rulesHash: TEXT }),
    run: object<Report['run']>({ started: TEXT, finished: TEXT, targets: TEXTS }),
    coverage: listOf(COVERAGE),
    findings: listOf(FINDING),
    identities: listOf(IDENTITY),
    edges: listOf(EDGE),
    summary: SUMMARY,
  }),
  $defs: { location: LOCATION, suppression: SUPPRESSION, evidence: EVIDENCE },
};

/** Text of `fixtures/reports/report.schema.json`. */
export function renderReportSchema(): string {
  return `${JSON.stringify(REPORT_SCHEMA, undefined, 2)}\n`;
}
