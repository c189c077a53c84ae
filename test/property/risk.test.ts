import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exposure } from '../../src/model/artifact.ts';
import type { Json } from '../../src/model/json.ts';
import type { Severity } from '../../src/model/match.ts';
import type { RiskSubject } from '../../src/risk/contract.ts';
import { factors } from '../../src/risk/factors/index.generated.ts';
import { scorePosture } from '../../src/risk/posture-score.ts';
import { scoreSubject, severityOf } from '../../src/risk/score.ts';
import { identityOf, NOW, PROFILE, secretSubject } from '../risk/subjects.ts';
import { tries } from './runs.ts';

const date = fc
  .integer({ min: -400, max: 2000 })
  .map((days) => new Date(NOW.getTime() - days * 86_400_000).toISOString());
const dateOrNoise = fc.oneof(date, fc.constantFrom<Json>('never', '', 'not a date', 7, null));

const attributes = fc.record(
  {
    privilegeTier: fc.constantFrom<Json>(0, 1, 2, 3, 4, 'high', -1),
    status: fc.constantFrom<Json>('active', 'disabled', 'suspended', 'revoked', 'expired', 3),
    createdAt: dateOrNoise,
    lastUsedAt: dateOrNoise,
    lastRotatedAt: dateOrNoise,
    expiresAt: dateOrNoise,
    exposedAt: dateOrNoise,
    ownerState: fc.constantFrom<Json>('active', 'gone', 'none'),
    rotation: fc.constantFrom<Json>('automatic', 'manual', 'none'),
    storage: fc.constantFrom<Json>('vault', 'ci_secret', 'encrypted_file', 'plaintext_file'),
    exposure: fc.constantFrom<Json>('public', 'organisation', 'private', 'local', 'elsewhere'),
    networkRestricted: fc.boolean(),
    sensitivity: fc.constantFrom<Json>('restricted', 'public'),
    environments: fc.array(fc.constantFrom('production', 'test')),
    thirdParty: fc.constantFrom<Json>('acme', false),
    verifiedPublisher: fc.boolean(),
  },
  { requiredKeys: [] },
);

const subjects: fc.Arbitrary<RiskSubject> = fc
  .record({
    type: fc.constantFrom('access_key', 'deploy_key', 'iam_role', 'actions_secret', 'github_app_installation'),
    attributes,
    posture: fc.boolean(),
    exposure: fc.constantFrom<Exposure>('public', 'organisation', 'private', 'local', 'unknown'),
    places: fc.integer({ min: 0, max: 40 }),
    grade: fc.constantFrom('secret' as const, 'placeholder' as const),
    state: fc.constantFrom('active' as const, 'inactive' as const, 'unknown' as const, 'not-tried' as const),
    environment: fc.constantFrom('live' as const, 'test' as const, 'any' as const),
    lifetime: fc.constantFrom<number | 'until-revoked' | 'unknown'>(1, 12, 5000, 'until-revoked', 'unknown'),
    weight: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    facts: fc.record({ expiresAt: dateOrNoise, issuedAt: dateOrNoise }, { requiredKeys: [] }),
    exposedAt: fc.option(date),
  })
  .map((made) => {
    const identity = identityOf(made.type, made.attributes);
    const { exposure, places, grade, facts } = made;
    const subject = secretSubject({ exposure, places, grade, facts, identity });
    const verdict = { state: made.state, reason: 'generated' };
    const dated = made.exposedAt === null ? {} : { exposedAt: made.exposedAt };
    if (made.posture) {
      const { credential: _, ...rest } = subject;
      return { ...rest, ...dated, verdict };
    }
    const privilege = made.weight === null ? {} : { privilege: { weight: made.weight, why: 'generated' } };
    const credential = { ...PROFILE, environment: made.environment, lifetime: made.lifetime, ...privilege };
    return { ...subject, ...dated, verdict, credential };
  });

const SEVERITIES: readonly Severity[] = ['none', 'low', 'medium', 'high', 'critical'];
const BANDS: Readonly<Record<Severity, readonly [number, number]>> = {
  none: [0, 0],
  low: [0.1, 3.9],
  medium: [4, 6.9],
  high: [7, 8.9],
  critical: [9, 10],
};
const declaredSeverity = fc.constantFrom<Severity>('low', 'medium', 'high', 'critical');

describe('risk score', () => {
  it('is a number from 0 to 10 inside its range, for any input', () => {
    fc.assert(
      fc.property(subjects, (subject) => {
        const { value, range } = scoreSubject(subject, factors);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(10);
        expect(range[0]).toBeLessThanOrEqual(value);
        expect(range[1]).toBeGreaterThanOrEqual(value);
      }),
      tries(500),
    );
  });

  it('follows from its printed vector alone', () => {
    const exponents = new Map(factors.map((factor) => [factor.id, factor.exponent]));
    fc.assert(
      fc.property(subjects, (subject) => {
        const { value, vector } = scoreSubject(subject, factors);
        let product = 10;
        for (const part of vector.split('/').slice(1)) {
          const weight = Number(part.slice(part.lastIndexOf('=') + 1));
          product *= weight ** (exponents.get(part.slice(0, part.indexOf(':'))) ?? Number.NaN);
        }
        expect(value).toBeCloseTo(Math.round(Math.min(10, product) * 10) / 10, 6);
      }),
      tries(500),
    );
  });

  it('gives a severity that is the band of the score, for secrets and posture, never falling as the score grows', () => {
    fc.assert(
      fc.property(subjects, subjects, declaredSeverity, declaredSeverity, (one, two, here, there) => {
        const scores = [
          scoreSubject(one, factors),
          scoreSubject(two, factors),
          scorePosture(one, factors, here),
          scorePosture(two, factors, there),
        ].sort((a, b) => a.value - b.value);
        const ranks = scores.map(({ value }) => SEVERITIES.indexOf(severityOf(value)));
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
        for (const [index, { value }] of scores.entries()) {
          const [least, most] = BANDS[SEVERITIES[ranks[index] ?? 0] ?? 'none'];
          expect(value).toBeGreaterThanOrEqual(least);
          expect(value).toBeLessThanOrEqual(most);
        }
      }),
      tries(1_000),
    );
  });

  it('leaves a posture finding within one band of what its rule declares, and grows with the risk of the identity', () => {
    fc.assert(
      fc.property(subjects, subjects, declaredSeverity, (one, two, declared) => {
        const [a, b] = [scorePosture(one, factors, declared), scorePosture(two, factors, declared)];
        const rank = SEVERITIES.indexOf(severityOf(a.value));
        expect(Math.abs(rank - SEVERITIES.indexOf(declared))).toBeLessThanOrEqual(1);
        expect(a.range[0]).toBeLessThanOrEqual(a.value);
        expect(a.range[1]).toBeGreaterThanOrEqual(a.value);
        if (scoreSubject(one, factors).value >= scoreSubject(two, factors).value) {
          expect(a.value).toBeGreaterThanOrEqual(b.value);
        }
      }),
      tries(1_000),
    );
  });

  it('of a posture finding follows from its printed vector alone', () => {
    fc.assert(
      fc.property(subjects, declaredSeverity, (subject, declared) => {
        const { value, vector } = scorePosture(subject, factors, declared);
        const [, least = '', most = ''] = /\/R:[a-z]+=([\d.]+)-([\d.]+)\//.exec(vector) ?? [];
        const risk = scoreSubject(subject, factors);
        expect(vector.replace(/\/R:[^/]*/, '')).toBe(risk.vector);
        const placed = Number(least) + ((Number(most) - Number(least)) * risk.value) / 10;
        expect(Math.abs(value - placed)).toBeLessThanOrEqual(0.0501);
      }),
    );
  });

  it('never falls when one factor weighs more', () => {
    fc.assert(
      fc.property(subjects, fc.nat(3), fc.double({ min: 0, max: 0.5, noNaN: true }), (subject, index, more) => {
        const heavier = factors.map((factor, at) => {
          if (at !== index) return factor;
          const evaluate: typeof factor.evaluate = (one) => {
            const part = factor.evaluate(one);
            return { ...part, weight: part.weight + more };
          };
          return { ...factor, evaluate };
        });
        expect(scoreSubject(subject, heavier).value).toBeGreaterThanOrEqual(scoreSubject(subject, factors).value);
      }),
    );
  });

  it('changes only validity and lifecycle with the time', () => {
    fc.assert(
      fc.property(subjects, fc.integer({ min: 0, max: 3000 }), (subject, days) => {
        const later = { ...subject, now: new Date(NOW.getTime() + days * 86_400_000) };
        const before = scoreSubject(subject, factors).factors;
        const after = scoreSubject(later, factors).factors;
        expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
        // Lifecycle penalties only grow with age; validity only falls.
        expect(after[2]?.weight).toBeLessThanOrEqual(before[2]?.weight ?? 0);
      }),
    );
  });

  it('rates a wider place, a stronger grant and a live key at least as high', () => {
    const order: readonly Exposure[] = ['local', 'unknown', 'private', 'organisation', 'public'];
    fc.assert(
      fc.property(subjects, fc.nat(3), (subject, at) => {
        const secret = { ...subject, credential: subject.credential ?? PROFILE };
        const score = (changes: Partial<RiskSubject>) => scoreSubject({ ...secret, ...changes }, factors).value;
        const [narrow, wide] = [order[at] ?? 'local', order[at + 1] ?? 'public'];
        expect(score({ exposure: wide })).toBeGreaterThanOrEqual(score({ exposure: narrow }));
        const live = score({ verdict: { state: 'active', reason: 'x' } });
        expect(live).toBeGreaterThanOrEqual(score({ verdict: { state: 'inactive', reason: 'x' } }));
        const tier = (value: number) => score({ identity: identityOf('iam_user', { privilegeTier: value }) });
        expect(tier(at)).toBeGreaterThanOrEqual(tier(at + 1));
      }),
    );
  });
});
