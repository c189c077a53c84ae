import { describe, expect, it } from 'vitest';
import impersonation from '../../../src/correlate/joins/kubernetes-impersonation.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf } from '../build.ts';

const ACTIONS = { escalationActions: ['impersonate serviceaccounts'] };
const input = joinInputOf({
  identities: [
    identityOf('k8s_user', 'kubernetes:prod:*:user/ops', ACTIONS),
    identityOf('k8s_role', 'kubernetes:prod:*:role/ops', ACTIONS),
    identityOf('k8s_group', 'kubernetes:prod:*:group/admins', { ...ACTIONS, clusterAdmin: true }),
    identityOf('k8s_service_account', 'kubernetes:prod:shop:api', { privilegeTier: 0 }),
    identityOf('k8s_service_account', 'kubernetes:test:shop:api'),
  ],
});

describe('kubernetes-impersonation', () => {
  it('leads to the accounts of the same cluster', () => {
    expect(edgeLines(impersonation.join(input).edges)).toEqual([
      'kubernetes:prod:*:user/ops can-impersonate kubernetes:prod:shop:api (strong)',
    ]);
  });
});

joinContract(impersonation, input);
