import { describe, expect, it } from 'vitest';
import type { RiskSubject } from '../../../src/risk/contract.ts';
import validity from '../../../src/risk/factors/validity.ts';
import { daysAgo, identityOf, PROFILE, postureSubject, secretSubject } from '../subjects.ts';

const LIVE = { state: 'active', reason: 'answered' } as const;
const DEAD = { state: 'inactive', reason: 'refused' } as const;

const SECRETS: readonly (readonly [string, Partial<RiskSubject>, number])[] = [
  ['nothing known', {}, 0.7],
  ['verified live', { verdict: LIVE }, 1],
  ['verified dead', { verdict: DEAD }, 0.05],
  ['an answer that proves nothing', { verdict: { state: 'unknown', reason: '429' } }, 0.7],
  ['placeholder, whatever else', { grade: 'placeholder', verdict: LIVE }, 0],
  ['expired by its own claim', { facts: { expiresAt: daysAgo(1) } }, 0.05],
  ['expires within a week', { facts: { expiresAt: daysAgo(-3) } }, 0.6],
  ['expires later', { facts: { expiresAt: daysAgo(-30) } }, 0.7],
  ['unreadable expiry', { facts: { expiresAt: 'soon' } }, 0.7],
  ['temporary', { credential: { ...PROFILE, lifetime: 12 } }, 0.3],
  ['not temporary', { credential: { ...PROFILE, lifetime: 13 } }, 0.7],
  ['test key, even live', { credential: { ...PROFILE, environment: 'test' }, verdict: LIVE }, 0.25],
  ['identity revoked', { identity: identityOf('pat', { status: 'revoked' }) }, 0.02],
  ['identity disabled', { identity: identityOf('pat', { status: 'disabled' }) }, 0.25],
  ['identity suspended', { identity: identityOf('pat', { status: 'suspended' }) }, 0.25],
  ['identity active', { identity: identityOf('pat', { status: 'active' }) }, 1],
  ['live beats stale metadata', { identity: identityOf('pat', { status: 'revoked' }), verdict: LIVE }, 1],
  ['network restricted', { identity: identityOf('pat', { networkRestricted: true }), verdict: LIVE }, 0.75],
];

describe('validity', () => {
  it.each(SECRETS)('secret: %s', (_, changes, weight) => {
    expect(validity.evaluate(secretSubject(changes)).weight).toBe(weight);
  });

  it('reads the status of the key, not of the user that has it', () => {
    const identity = identityOf('iam_user', { status: 'active' });
    const credentialIdentity = identityOf('access_key', { status: 'disabled' });
    expect(validity.evaluate(secretSubject({ identity, credentialIdentity })).code).toBe('disabled');
  });

  it('takes a posture object for active unless its source says otherwise', () => {
    expect(validity.evaluate(postureSubject('deploy_key', { status: 'active' }))).toMatchObject({ weight: 1, best: 1 });
    expect(validity.evaluate(postureSubject('deploy_key', {}))).toMatchObject({
      code: 'listed',
      weight: 1,
      best: 0.25,
    });
    expect(validity.evaluate(postureSubject('deploy_key', { status: 'disabled' })).weight).toBe(0.25);
    expect(validity.evaluate(postureSubject('deploy_key', { expiresAt: daysAgo(-2) })).weight).toBe(0.6);
  });
});
