import { describe, expect, it } from 'vitest';
import type { RiskSubject } from '../../src/risk/contract.ts';
import { factors } from '../../src/risk/factors/index.generated.ts';
import { scoreSubject, severityOf } from '../../src/risk/score.ts';
import { daysAgo, identityOf, PROFILE, postureSubject, secretSubject } from './subjects.ts';

const LIVE = { state: 'active', reason: 'the provider answered' } as const;
const ADMIN = identityOf('iam_user', { privilegeTier: 0 });
const YOUNG_ADMIN = identityOf('access_key', { privilegeTier: 0, lastRotatedAt: daysAgo(5) });

/** The worked examples of the research page (nhi.md 6.2), computed by hand there. */
const WORKED: readonly (readonly [string, RiskSubject, number])[] = [
  ['public, live, admin', secretSubject({ exposure: 'public', verdict: LIVE, identity: ADMIN }), 10],
  ['private repository, unverified, unknown', secretSubject(), 6.1],
  [
    'private repository, unverified, unknown, old and without expiry',
    secretSubject({ credential: { ...PROFILE, lifetime: 'until-revoked' }, facts: { issuedAt: daysAgo(120) } }),
    6.7,
  ],
  [
    'private, live, admin, no expiry, old',
    secretSubject({
      verdict: LIVE,
      credential: { ...PROFILE, lifetime: 'until-revoked' },
      identity: identityOf('access_key', { privilegeTier: 0, createdAt: daysAgo(45) }),
    }),
    8.9,
  ],
  [
    'the same, exposed and not rotated',
    secretSubject({
      verdict: LIVE,
      credential: { ...PROFILE, lifetime: 'until-revoked' },
      identity: identityOf('access_key', { privilegeTier: 0, createdAt: daysAgo(45) }),
      exposedAt: daysAgo(20),
    }),
    10,
  ],
  [
    'vaulted admin with rotation',
    postureSubject('service_account', { privilegeTier: 0, storage: 'vault', rotation: 'automatic' }),
    4.2,
  ],
  ['federated read-only role', postureSubject('iam_role', { privilegeTier: 3, authMethod: 'federated_oidc' }), 2.2],
  [
    'revoked admin key in a public repository',
    secretSubject({ exposure: 'public', identity: identityOf('access_key', { privilegeTier: 0, status: 'revoked' }) }),
    3.1,
  ],
  ['test key in a private repository', secretSubject({ credential: { ...PROFILE, environment: 'test' } }), 2.4],
  [
    'app of a third party, admin on all repositories, unused',
    postureSubject('github_app_installation', { privilegeTier: 0, thirdParty: 'acme', lastUsedAt: daysAgo(120) }),
    8.3,
  ],
  [
    'deploy key that writes, unused for 400 days, place unknown',
    postureSubject('deploy_key', { privilegeTier: 2, createdAt: daysAgo(500), lastUsedAt: daysAgo(400) }),
    7.1,
  ],
  ['placeholder', secretSubject({ grade: 'placeholder', exposure: 'public', identity: ADMIN }), 0],
];

describe('scoreSubject', () => {
  it.each(WORKED)('%s', (_, subject, expected) => {
    expect(scoreSubject(subject, factors).value).toBe(expected);
  });

  it('prints a vector that explains the value', () => {
    const subject = secretSubject({
      verdict: LIVE,
      credential: { ...PROFILE, lifetime: 'until-revoked' },
      identity: identityOf('access_key', { privilegeTier: 0, createdAt: daysAgo(45), ownerState: 'none' }),
    });
    const score = scoreSubject(subject, factors);
    expect(score.vector).toBe('NHI:1/E:private=.55/P:admin=1/V:live=1/L:age+noexp+noowner=1.2');
    expect(score.value).toBe(9.7);
    expect(score.factors.map((factor) => factor.sentence)).toEqual([
      'Everyone with access to the private repository can read it.',
      'It can become administrator.',
      'A live check said that it works.',
      'It is at least 45 days old; the limit is 30. Credentials of this kind live until they are revoked. Nobody owns it.',
    ]);
  });

  it('gives the range between the harmless and the harmful end of what is unknown', () => {
    const score = scoreSubject(secretSubject({ exposure: 'unknown' }), factors);
    expect(score.value).toBe(5.5);
    expect(score.range[0]).toBeLessThan(1.5);
    expect(score.range[1]).toBe(10);
    expect(score.vector).toBe('NHI:1/E:unk=.4/P:unk=.6/V:unk=.7/L:unk=1');
  });

  it('has no range where everything is known', () => {
    const attributes = { privilegeTier: 1, status: 'active', ownerState: 'active', rotation: 'manual' };
    const subject = postureSubject('deploy_key', {
      ...attributes,
      storage: 'vault',
      createdAt: daysAgo(3),
      lastUsedAt: daysAgo(1),
      expiresAt: 'never',
    });
    const score = scoreSubject(subject, factors);
    expect(score.range).toEqual([score.value, score.value]);
  });

  it('survives a factor that gives nonsense', () => {
    const broken = { id: 'X', title: 'x', exponent: 0.5, order: 9 };
    const evaluate = () => ({ id: 'X', code: 'x', weight: Number.NaN, best: -3, worst: Infinity, sentence: '' });
    const score = scoreSubject(secretSubject({ identity: YOUNG_ADMIN }), [...factors, { ...broken, evaluate }]);
    expect(score.value).toBe(0);
    expect(score.range[0]).toBe(0);
    expect(score.range[1]).toBeLessThanOrEqual(10);
  });
});

describe('severityOf', () => {
  it.each([
    [10, 'critical'],
    [9, 'critical'],
    [8.9, 'high'],
    [7, 'high'],
    [6.9, 'medium'],
    [4, 'medium'],
    [3.9, 'low'],
    [0.1, 'low'],
    [0, 'none'],
  ])('%d is %s', (score, severity) => {
    expect(severityOf(score)).toBe(severity);
  });
});
