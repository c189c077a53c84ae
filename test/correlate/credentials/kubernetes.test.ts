import { describe, expect, it } from 'vitest';
import reader from '../../../src/correlate/credentials/kubernetes.ts';
import { foundOf } from '../build.ts';

describe('kubernetes', () => {
  const keys = [{ kind: 'kubernetes-service-account', value: 'shop:ci' }];

  it('names the account, and the cluster by its issuer', () => {
    const secret = foundOf('kubernetes-service-account-token', {
      keys,
      facts: { iss: 'https://oidc.eks.acme.example/id/7/' },
    });
    expect(reader.read(secret)?.principals).toMatchObject([
      { id: 'kubernetes:oidc.eks.acme.example/id/7:shop:ci', name: 'shop/ci', confidence: 'proven' },
    ]);
  });

  it('says no cluster where the issuer is the one of every cluster of old', () => {
    const secret = foundOf('kubernetes-service-account-token', { keys, facts: { iss: 'kubernetes/serviceaccount' } });
    const [principal] = reader.read(secret)?.principals ?? [];
    expect(principal?.id).toBe('kubernetes:token:shop:ci');
    expect(principal).not.toHaveProperty('account');
    expect(reader.read(foundOf('jwt-token'))).toBeUndefined();
  });
});
