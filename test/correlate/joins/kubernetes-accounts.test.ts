import { describe, expect, it } from 'vitest';
import kubernetesAccounts from '../../../src/correlate/joins/kubernetes-accounts.ts';
import { joinContract } from '../../contract/join-contract.ts';
import { edgeLines, identityOf, joinInputOf, pendingOf } from '../build.ts';

const KIND = 'kubernetes-service-account';

function account(scope: string, name: string) {
  return identityOf('k8s_service_account', `kubernetes:${scope}:shop:${name}`, {}, [
    { kind: KIND, value: `shop:${name}` },
  ]);
}

function workload(scope: string, name: string) {
  return identityOf('k8s_workload', `kubernetes:${scope}:shop:Deployment/${name}`);
}

function uses(scope: string, workloadName: string, accountName: string) {
  const from = `kubernetes:${scope}:shop:Deployment/${workloadName}`;
  return pendingOf(from, 'uses', { kind: KIND, value: `shop:${accountName}` });
}

describe('kubernetes-accounts', () => {
  it('means the account of the same repository, and counts its workloads', () => {
    const identities = [
      account('acme/app', 'web'),
      account('acme/app', 'idle'),
      account('acme/other', 'web'),
      workload('acme/app', 'front'),
      workload('acme/app', 'back'),
    ];
    const pending = [uses('acme/app', 'front', 'web'), uses('acme/app', 'back', 'web')];
    const { edges, attributes } = kubernetesAccounts.join(joinInputOf({ identities, pending }));
    expect(edgeLines(edges)).toEqual([
      'kubernetes:acme/app:shop:Deployment/back uses kubernetes:acme/app:shop:web (strong)',
      'kubernetes:acme/app:shop:Deployment/front uses kubernetes:acme/app:shop:web (strong)',
    ]);
    const count = (id: string) => attributes.get(id)?.['consumerCount']?.value;
    expect(count('kubernetes:acme/app:shop:web')).toBe(2);
    expect(count('kubernetes:acme/app:shop:idle')).toBe(0);
    expect(count('kubernetes:acme/other:shop:web')).toBeUndefined();
  });

  it('guesses an account of another scope only where there is one of that name', () => {
    const pending = [uses('acme/app', 'front', 'web')];
    const join = (...scopes: string[]) =>
      kubernetesAccounts.join(joinInputOf({ identities: scopes.map((scope) => account(scope, 'web')), pending }));
    expect(edgeLines(join('a/a').edges)).toEqual([
      'kubernetes:acme/app:shop:Deployment/front uses kubernetes:a/a:shop:web (inferred)',
    ]);
    expect(join('a/a', 'b/b').edges).toEqual([]);
    expect(join().edges).toEqual([]);
  });

  it('resolves a cloud role that a service account may take', () => {
    const pending = [pendingOf('arn:role', 'can-assume', { kind: KIND, value: 'shop:web' }, true)];
    const { edges } = kubernetesAccounts.join(joinInputOf({ identities: [account('a/a', 'web')], pending }));
    expect(edgeLines(edges)).toEqual(['kubernetes:a/a:shop:web can-assume arn:role (inferred)']);
  });
});

joinContract(
  kubernetesAccounts,
  joinInputOf({
    identities: [account('acme/app', 'web'), account('acme/other', 'web'), workload('acme/app', 'front')],
    pending: [uses('acme/app', 'front', 'web')],
  }),
);
