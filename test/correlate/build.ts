import type { FoundSecret, JoinedFinding, JoinInput } from '../../src/correlate/contract.ts';
import type { CorrelateInput } from '../../src/correlate/correlate.ts';
import { credentialReaders } from '../../src/correlate/credentials/index.generated.ts';
import { joins } from '../../src/correlate/joins/index.generated.ts';
import {
  type EdgeKind,
  type Evidence,
  type Identity,
  identityId,
  type JoinKey,
  type PendingEdge,
} from '../../src/model/identity.ts';
import type { Json } from '../../src/model/json.ts';
import type { Location } from '../../src/model/location.ts';
import type { Match } from '../../src/model/match.ts';
import type { CompiledRule } from '../../src/model/rule.ts';
import { headOf } from '../../src/model/rule-head.ts';
import { Secret } from '../../src/model/secret.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');
export const FINGERPRINT_KEY = 'test-key';

/** An AWS key id that no scanner takes for one: built at run time. */
export const KEY_ID = `${'AK'}IA${'Q'.repeat(16)}`;

export function place(path: string, line: number, changes: Partial<Location> = {}): Location {
  const from = { startLine: line, startColumn: 1, endLine: line, endColumn: 41 };
  return { collector: 'files', path, ...from, repository: 'acme/app', ...changes };
}

export function ruleOf(id: string, changes: Partial<CompiledRule> = {}): CompiledRule {
  return {
    id,
    provider: id.split('-')[0] ?? id,
    title: id,
    description: '',
    pattern: '(?<secret>x)',
    ignoreCase: false,
    literals: [],
    checks: [],
    skipChecks: [],
    companions: [],
    confidence: 'high',
    severity: 'high',
    credential: { type: 'api_key', lifetime: 'unknown', environment: 'any', public: false },
    keys: {},
    owasp: ['NHI2'],
    remediation: '',
    references: [],
    tags: [],
    examples: { match: [], noMatch: [] },
    trusted: true,
    source: 'test',
    ...changes,
  };
}

export const RULES: readonly CompiledRule[] = [
  ruleOf('generic-password', { confidence: 'low' }),
  ruleOf('acme-token'),
  ruleOf('aws-secret-access-key'),
  ruleOf('aws-access-key-id', {
    credential: { type: 'access_key', lifetime: 'until-revoked', environment: 'any', public: true },
  }),
  ruleOf('private-key'),
];

export function matchOf(ruleId: string, value: string, location: Location, changes: Partial<Match> = {}): Match {
  const facts = { parts: {}, facts: {}, keys: [], checks: [] };
  const confidence = RULES.find((rule) => rule.id === ruleId)?.confidence ?? 'medium';
  return { ruleId, secret: new Secret(value), location, grade: 'secret', confidence, ...facts, ...changes };
}

export function identityOf(
  type: string,
  id: string,
  attributes: Readonly<Record<string, Json>> = {},
  keys: readonly JoinKey[] = [],
  evidence: readonly Evidence[] = [],
): Identity {
  const facts = Object.entries(attributes).map(([name, value]) => [name, { value, source: 'test' }] as const);
  const name = id.slice(Math.max(id.lastIndexOf(':'), id.lastIndexOf('/')) + 1);
  const rest = { attributes: Object.fromEntries(facts), keys, grants: [], evidence };
  return { id: identityId(id), type, provider: 'test', name, ...rest };
}

export function pendingOf(from: string, kind: EdgeKind, toKey: JoinKey, reversed = false): PendingEdge {
  const direction = reversed ? { reversed } : {};
  return { from: identityId(from), kind, toKey, ...direction, evidence: [{ collector: 'test', source: from }] };
}

export function inputOf(changes: Partial<CorrelateInput> = {}): CorrelateInput {
  return {
    identities: [],
    pending: [],
    matches: [],
    rules: new Map(RULES.map((rule) => [rule.id, headOf(rule)])),
    fingerprintKey: FINGERPRINT_KEY,
    joins,
    readers: credentialReaders,
    thresholds: DEFAULT_THRESHOLDS,
    now: NOW,
    ...changes,
  };
}

export function joinInputOf(changes: Partial<JoinInput> = {}): JoinInput {
  return { identities: [], pending: [], findings: [], now: NOW, scannedRepositories: new Set(), ...changes };
}

/** `from kind to (confidence)` of each edge, for short expectations. */
export function edgeLines(edges: readonly { from: string; kind: string; to: string; confidence: string }[]): string[] {
  return edges.map((edge) => `${edge.from} ${edge.kind} ${edge.to} (${edge.confidence})`).sort();
}

/** Values of an identity's attributes. */
export function factsOf(identity: Identity | undefined): Record<string, Json> {
  return Object.fromEntries(Object.entries(identity?.attributes ?? {}).map(([name, one]) => [name, one.value]));
}

/** What a reader is shown of a secret that a rule found. */
export function foundOf(ruleId: string, changes: Partial<FoundSecret> = {}): FoundSecret {
  const rule = ruleOf(ruleId, { title: `Token of ${ruleId}` });
  return { rule, facts: {}, parts: {}, keys: [], nearbyKeys: [], locations: [place('a.env', 1)], ...changes };
}

/** A found secret as joins see it. */
export function findingOf(fingerprint: string, locations: readonly Location[]): JoinedFinding {
  return { fingerprint, ruleId: 'acme-token', facts: {}, locations, credentialId: `credential:${fingerprint}` };
}
