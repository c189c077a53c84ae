import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/json.ts';
import privilege from '../../../src/risk/factors/privilege.ts';
import { identityOf, PROFILE, postureSubject, secretSubject } from '../subjects.ts';

const TIERS: readonly (readonly [Readonly<Record<string, Json>>, number, string])[] = [
  [{ privilegeTier: 0 }, 1, 'admin'],
  [{ privilegeTier: 1 }, 0.85, 'write-all'],
  [{ privilegeTier: 2, readsSecrets: true }, 0.8, 'sensitive'],
  [{ privilegeTier: 2 }, 0.55, 'write'],
  [{ privilegeTier: 3, resourceScope: 'all' }, 0.4, 'read-all'],
  [{ privilegeTier: 3, resourceScope: 'selected' }, 0.25, 'read'],
  [{ privilegeTier: 4 }, 0.1, 'test'],
  [{}, 0.6, 'unk'],
  [{ privilegeTier: 1, sensitivity: 'restricted' }, 0.9775, 'write-all'],
  [{ privilegeTier: 0, sensitivity: 'restricted' }, 1, 'admin'],
  [{ privilegeTier: 2, sensitivity: 'public' }, 0.33, 'write'],
];

describe('privilege', () => {
  it.each(TIERS)('%j weighs %d (%s)', (attributes, weight, code) => {
    const factor = privilege.evaluate(postureSubject('iam_user', attributes));
    expect(factor.weight).toBeCloseTo(weight, 6);
    expect(factor.code).toBe(code);
  });

  it('takes the strongest grant where no tier is stated', () => {
    const grant = { permission: 's3:GetObject', resource: '*', source: 'policy' };
    const identity = {
      ...identityOf('iam_role'),
      grants: [
        { ...grant, tier: 3 as const },
        { ...grant, tier: 1 as const },
      ],
    };
    expect(privilege.evaluate(secretSubject({ identity })).code).toBe('write-all');
  });

  it('reads sensitive permissions out of grants', () => {
    const grant = { permission: 'secretsmanager:GetSecretValue', resource: '*', source: 'policy', tier: 2 as const };
    expect(privilege.evaluate(secretSubject({ identity: { ...identityOf('iam_role'), grants: [grant] } })).weight).toBe(
      0.8,
    );
  });

  it('uses the form of the credential where no identity is known, with an open range', () => {
    const credential = { ...PROFILE, privilege: { weight: 0.75, why: 'a classic token acts as its user' } };
    const factor = privilege.evaluate(secretSubject({ credential }));
    expect(factor).toMatchObject({ code: 'form', weight: 0.75, best: 0.1, worst: 1 });
    expect(factor.sentence).toContain('a classic token acts as its user');
  });

  it('takes the principal, not the key, and lets a live check speak', () => {
    const identity = identityOf('iam_user', { privilegeTier: 1 });
    const credentialIdentity = identityOf('access_key', { privilegeTier: 3 });
    expect(privilege.evaluate(secretSubject({ identity, credentialIdentity })).code).toBe('write-all');
    const verdict = { state: 'active', reason: 'answered', facts: { privilegeTier: 0 } } as const;
    expect(privilege.evaluate(secretSubject({ verdict })).code).toBe('admin');
  });
});
