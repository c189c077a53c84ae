import { type Identity, identityId } from '../../src/model/identity.ts';
import type { Json } from '../../src/model/json.ts';
import type { CredentialProfile } from '../../src/model/rule.ts';
import { DEFAULT_THRESHOLDS } from '../../src/model/thresholds.ts';
import { NOT_TRIED } from '../../src/model/verdict.ts';
import type { RiskSubject } from '../../src/risk/contract.ts';
import { subjectOfIdentity } from '../../src/risk/subject.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');

/** ISO date `days` before NOW. */
export function daysAgo(days: number): string {
  return new Date(NOW.getTime() - days * 86_400_000).toISOString();
}

export function identityOf(type: string, attributes: Readonly<Record<string, Json>> = {}): Identity {
  const facts = Object.entries(attributes).map(([name, value]) => [name, { value, source: 'test' }] as const);
  const id = identityId(`test:${type}`);
  const lists = { keys: [], grants: [], evidence: [] };
  return { id, type, provider: 'test', name: type, attributes: Object.fromEntries(facts), ...lists };
}

export const PROFILE: CredentialProfile = { type: 'api_key', lifetime: 'unknown', environment: 'any', public: false };

/** A secret in a private repository about which nothing else is known. */
export function secretSubject(changes: Partial<RiskSubject> = {}): RiskSubject {
  return {
    now: NOW,
    thresholds: DEFAULT_THRESHOLDS,
    grade: 'secret',
    verdict: NOT_TRIED,
    locations: [],
    exposure: 'private',
    places: 1,
    credential: PROFILE,
    facts: {},
    owners: [],
    edges: [],
    ...changes,
  };
}

/** A posture finding about an identity. */
export function postureSubject(type: string, attributes: Readonly<Record<string, Json>>): RiskSubject {
  const identity = identityOf(type, attributes);
  return subjectOfIdentity({ identity, edges: [], owners: [], thresholds: DEFAULT_THRESHOLDS, now: NOW });
}
