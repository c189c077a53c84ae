import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import lifecycle from '../../../src/risk/factors/lifecycle.ts';
import { daysAgo, identityOf, PROFILE, postureSubject, secretSubject } from '../subjects.ts';

const ORDERLY = { createdAt: daysAgo(5), lastUsedAt: daysAgo(1), expiresAt: daysAgo(-60), ownerState: 'active' };

/** One change to an orderly deploy key, the weight and the code it gives. */
const CHANGES: readonly (readonly [Readonly<Record<string, Json>>, number, string])[] = [
  [{}, 1, 'unk'],
  [{ rotation: 'manual' }, 1, 'ok'],
  [{ createdAt: daysAgo(91) }, 1.05, 'age'],
  [{ createdAt: daysAgo(181) }, 1.1, 'age'],
  [{ createdAt: daysAgo(500), lastRotatedAt: daysAgo(3) }, 1, 'unk'],
  [{ createdAt: daysAgo(31), privilegeTier: 0 }, 1.05, 'age'],
  [{ expiresAt: 'never' }, 1.05, 'noexp'],
  [{ lastUsedAt: daysAgo(91) }, 1.1, 'unused'],
  [{ unused: true }, 1.1, 'unused'],
  [{ ownerState: 'none' }, 1.1, 'noowner'],
  [{ ownerState: 'gone' }, 1.15, 'owner-gone'],
  [{ rotation: 'none' }, 1.05, 'norotation'],
  [{ rotation: 'automatic' }, 0.95, 'rotated'],
  [{ exposedAt: daysAgo(3) }, 1.15, 'exposed'],
  [{ exposedAt: daysAgo(3), lastRotatedAt: daysAgo(2) }, 1, 'unk'],
  [{ exposedAt: daysAgo(0.5) }, 1, 'unk'],
  [{ exposedAt: daysAgo(3), status: 'revoked' }, 1, 'unk'],
  [{ environments: ['production', 'test'] }, 1.1, 'shared'],
  [{ sharedKeyCount: 3 }, 1.1, 'shared'],
  [{ humanUse: true }, 1.05, 'human'],
  [{ consoleAccess: true, activeKeys: 1 }, 1.05, 'human'],
  [{ thirdParty: 'acme', verifiedPublisher: false }, 1.1, 'publisher'],
  [{ audited: false }, 1.05, 'noaudit'],
  [{ lastReviewedAt: daysAgo(100) }, 1.05, 'review'],
];

describe('lifecycle', () => {
  it.each(CHANGES)('%j weighs %d (%s)', (change, weight, code) => {
    const factor = lifecycle.evaluate(postureSubject('deploy_key', { ...ORDERLY, ...change }));
    expect(factor.weight).toBeCloseTo(weight, 6);
    expect(factor.code).toBe(code);
  });

  it('takes a record of no use to mean unused since creation, and the lack of a record to mean nothing', () => {
    const { lastUsedAt: _, ...rest } = { ...ORDERLY, createdAt: daysAgo(100) };
    const code = (facts: Readonly<Record<string, Json>>) =>
      lifecycle.evaluate(postureSubject('deploy_key', { ...rest, ...facts })).code;
    expect(code({ neverUsed: true })).toBe('age+unused');
    expect(code({ neverUsed: false })).toBe('age');
    expect(code({})).toBe('age');
  });

  it('stops at 1.4 and at 0.8', () => {
    const worst = { createdAt: daysAgo(900), expiresAt: 'never', lastUsedAt: daysAgo(800), ownerState: 'gone' };
    const factor = lifecycle.evaluate(postureSubject('deploy_key', { ...worst, exposedAt: daysAgo(300) }));
    expect(factor.weight).toBe(1.4);
    const best = secretSubject({
      credential: { ...PROFILE, lifetime: 1 },
      identity: identityOf('role', { rotation: 'automatic', ownerState: 'active', lastUsedAt: daysAgo(1) }),
    });
    expect(lifecycle.evaluate(best).weight).toBeCloseTo(0.85);
  });

  it('counts a key of AWS as unused sooner and a service account of Google later', () => {
    const weigh = (type: string, days: number) =>
      lifecycle.evaluate(postureSubject(type, { ...ORDERLY, lastUsedAt: daysAgo(days) })).weight;
    expect(weigh('access_key', 46)).toBeCloseTo(1.1);
    expect(weigh('access_key', 44)).toBe(1);
    expect(weigh('gcp_sa_key', 179)).toBe(1);
    expect(weigh('gcp_sa_key', 181)).toBeCloseTo(1.1);
  });

  it('lets webhooks and CI secrets live for a year', () => {
    const weigh = (days: number) =>
      lifecycle.evaluate(postureSubject('actions_secret', { ...ORDERLY, createdAt: daysAgo(days) })).weight;
    expect(weigh(364)).toBe(1);
    expect(weigh(366)).toBeCloseTo(1.05);
  });

  it('does not ask a role or an app for the age of its credential', () => {
    const old = { ...ORDERLY, createdAt: daysAgo(2000), expiresAt: 'never' };
    expect(lifecycle.evaluate(postureSubject('iam_role', old)).weight).toBe(1);
    expect(lifecycle.evaluate(postureSubject('github_app_installation', old)).weight).toBe(1);
  });

  it('takes the age of the key, never that of the user who has it', () => {
    const identity = identityOf('iam_user', { createdAt: daysAgo(2000) });
    expect(lifecycle.evaluate(secretSubject({ identity })).code).toBe('unk');
    const credentialIdentity = identityOf('access_key', { createdAt: daysAgo(2000) });
    expect(lifecycle.evaluate(secretSubject({ identity, credentialIdentity })).code).toBe('age');
  });

  it('takes a secret to be as old as the day it was first seen', () => {
    expect(lifecycle.evaluate(secretSubject({ exposedAt: daysAgo(100) })).code).toBe('age');
  });

  it('knows that a secret which still works was not rotated', () => {
    const verdict = { state: 'active', reason: 'answered' } as const;
    expect(lifecycle.evaluate(secretSubject({ verdict, exposedAt: daysAgo(10) })).code).toBe('exposed');
    const dead = { state: 'inactive', reason: 'refused' } as const;
    expect(lifecycle.evaluate(secretSubject({ verdict: dead, exposedAt: daysAgo(10) })).code).toBe('unk');
  });

  it('reads owners of a secret without an identity', () => {
    const gone = { name: 'kim', kind: 'person', how: 'git author', state: 'gone' } as const;
    expect(lifecycle.evaluate(secretSubject({ owners: [gone] })).code).toBe('owner-gone');
    const open = lifecycle.evaluate(secretSubject({ owners: [{ ...gone, state: 'unknown' }] }));
    expect(open).toMatchObject({ weight: 1, code: 'unk' });
    expect(open.worst).toBeGreaterThan(1.14);
  });

  it('uses the thresholds it is given', () => {
    const subject = { ...postureSubject('deploy_key', { ...ORDERLY, createdAt: daysAgo(20) }) };
    expect(lifecycle.evaluate({ ...subject, thresholds: { 'rotation.max_age_days': 15 } }).code).toBe('age');
  });
});
