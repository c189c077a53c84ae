import { SCHEMA_VERSION } from '../model/report.ts';

/** A part of a JSON Schema. */
type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const NUMBER: Schema = { type: 'number' };
const FLAG: Schema = { type: 'boolean' };
const TEXTS: Schema = listOf(TEXT);
const ANYTHING: Schema = {};
const FACTS: Schema = { type: 'object', additionalProperties: ANYTHING };
const CONFIDENCE: Schema = oneOf('high', 'medium', 'low');
const SEVERITY: Schema = oneOf('critical', 'high', 'medium', 'low', 'none');
const TIER: Schema = { type: 'integer', minimum: 0, maximum: 4 };

/** Every listed member is required unless its name ends in `?`. */
function object(members: Readonly<Record<string, Schema>>, description?: string): Schema {
  const names = Object.keys(members);
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(names.map((name) => [name.replace('?', ''), members[name]])),
    required: names.filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

function oneOf(...values: readonly string[]): Schema {
  return { enum: values };
}

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

function counts(names: readonly string[]): Schema {
  const properties = Object.fromEntries(names.map((name) => [name, COUNT]));
  return { type: 'object', properties, additionalProperties: false };
}

const LOCATION = object(
  {
    collector: TEXT,
    path: TEXT,
    'part?': oneOf('content', 'commit-message', 'tag-message', 'text'),
    startLine: { type: 'integer', minimum: 1 },
    startColumn: { type: 'integer', minimum: 1 },
    endLine: { type: 'integer', minimum: 1 },
    endColumn: { type: 'integer', minimum: 1 },
    'repository?': TEXT,
    'commit?': TEXT,
    'blob?': TEXT,
    'author?': TEXT,
    'date?': TEXT,
    'url?': TEXT,
    'reachable?': FLAG,
    'present?': FLAG,
    'decoded?': TEXTS,
  },
  'Lines and columns are 1-based, columns count UTF-16 code units, the end column is exclusive.',
);

const VERDICT = object({
  state: oneOf('active', 'inactive', 'unknown', 'not-verifiable', 'not-tried'),
  reason: TEXT,
  'verifier?': TEXT,
  'checkedAt?': TEXT,
  'facts?': FACTS,
});

const SUPPRESSION = object({
  kind: oneOf('ignore-file', 'inline', 'baseline', 'allowlist'),
  reason: TEXT,
  'owner?': TEXT,
  'expires?': TEXT,
  source: TEXT,
});

const SECRET = object(
  { redacted: TEXT, fingerprint: TEXT, length: COUNT, 'value?': TEXT },
  'The value itself is present only with --show-secrets. The fingerprint is a keyed HMAC-SHA-256, cut to 128 bits.',
);

const FINDING = object({
  id: TEXT,
  kind: oneOf('secret', 'posture'),
  ruleId: TEXT,
  title: TEXT,
  severity: SEVERITY,
  score: { type: 'number', minimum: 0, maximum: 10 },
  scoreRange: { type: 'array', items: NUMBER, minItems: 2, maxItems: 2 },
  vector: TEXT,
  factors: listOf(object({ id: TEXT, code: TEXT, weight: NUMBER, best: NUMBER, worst: NUMBER, sentence: TEXT })),
  confidence: CONFIDENCE,
  message: TEXT,
  'grade?': oneOf('secret', 'placeholder'),
  'secret?': SECRET,
  'verdict?': VERDICT,
  'checks?': listOf(object({ check: TEXT, state: oneOf('pass', 'lower', 'drop', 'not-applicable'), reason: TEXT })),
  'alsoMatched?': TEXTS,
  facts: FACTS,
  'identityId?': TEXT,
  owasp: TEXTS,
  owners: listOf(
    object({ name: TEXT, kind: oneOf('team', 'person'), how: TEXT, state: oneOf('active', 'gone', 'unknown') }),
  ),
  locations: listOf(ref('location')),
  moreLocations: COUNT,
  remediation: TEXT,
  references: TEXTS,
  'suppression?': ref('suppression'),
});

const GAP_REASONS = [
  'not-found',
  'not-a-repository',
  'unreadable',
  'too-large',
  'corrupt',
  'limit',
  'timeout',
  'shallow',
  'missing-object',
  'denied',
  'rate-limited',
  'provider-error',
  'unsupported',
  'malformed',
  'rule-timeout',
  'nothing-planned',
  'bug',
] as const;
const SKIP_REASONS = ['ignored', 'binary', 'symlink', 'submodule', 'empty', 'excluded', 'special-file'];

const COVERAGE = object({
  collector: TEXT,
  target: TEXT,
  scope: TEXT,
  unit: TEXT,
  planned: COUNT,
  scanned: COUNT,
  bytes: COUNT,
  skipped: counts(SKIP_REASONS),
  state: oneOf('ok', 'partial', 'failed'),
  gaps: listOf(object({ reason: oneOf(...GAP_REASONS), subject: TEXT, message: TEXT, 'scope?': FLAG })),
  moreGaps: COUNT,
  facts: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
});

const EVIDENCE = object({ collector: TEXT, source: TEXT, 'location?': ref('location') });

const ATTRIBUTE = object({ value: ANYTHING, source: TEXT, 'precision?': oneOf('exact', 'day', 'approximate') });

const IDENTITY = object({
  id: TEXT,
  type: TEXT,
  provider: TEXT,
  'account?': TEXT,
  name: TEXT,
  attributes: { type: 'object', additionalProperties: ATTRIBUTE },
  keys: listOf(object({ kind: TEXT, value: TEXT })),
  grants: listOf(object({ permission: TEXT, resource: TEXT, tier: TIER, source: TEXT, 'location?': ref('location') })),
  evidence: listOf(ref('evidence')),
});

const EDGE_KINDS = [
  'authenticates',
  'has-credential',
  'can-assume',
  'can-mint-credential',
  'owns',
  'created',
  'uses',
  'trusted-by',
  'installed-on',
  'declares',
  'same-key-as',
  'uses-tool',
  'holds',
  'member-of',
  'runs-in',
] as const;

const EDGE = object({
  from: TEXT,
  kind: oneOf(...EDGE_KINDS),
  to: TEXT,
  confidence: oneOf('proven', 'strong', 'inferred'),
  evidence: listOf(ref('evidence')),
});

const SUMMARY = object({
  state: oneOf('clean', 'findings', 'incomplete'),
  exitCode: COUNT,
  bySeverity: {
    ...counts(['critical', 'high', 'medium', 'low', 'none']),
    required: ['critical', 'high', 'medium', 'low', 'none'],
  },
  suppressed: COUNT,
  placeholders: COUNT,
  gaps: COUNT,
  identities: COUNT,
  edges: COUNT,
  rules: COUNT,
  postureRules: COUNT,
  posture: listOf(object({ ruleId: TEXT, fail: COUNT, pass: COUNT, notAssessed: COUNT })),
  staleEntries: listOf(
    object({
      source: TEXT,
      entry: TEXT,
      problem: oneOf('unused', 'expired', 'expires-soon'),
      'suppression?': ref('suppression'),
    }),
  ),
  notes: TEXTS,
});

/**
 * JSON Schema (2020-12) of the `json` reporter. A minor version may add members: validate a report with the schema of the
 * version that `schemaVersion` names.
 */
export const REPORT_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:bowerbird:report:${SCHEMA_VERSION}`,
  title: `Bowerbird report ${SCHEMA_VERSION}`,
  ...object({
    schemaVersion: { const: SCHEMA_VERSION },
    tool: object({ name: TEXT, version: TEXT, rulesHash: TEXT }),
    run: object({ started: TEXT, finished: TEXT, targets: TEXTS }),
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
