import type { Edge, Identity } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { attributeValue, listOf } from '../shared/attributes.ts';
import { edgeOf } from '../shared/edges.ts';

const ACTION = 'impersonate serviceaccounts';
/** Accounts named for each who may impersonate: the most powerful ones tell what it is worth. */
const MOST_TARGETS = 5;

/**
 * Who may act as every service account of a cluster, and the most powerful of these. Whoever may do everything anyway
 * gains nothing by it.
 */
export default defineJoin({
  id: 'kubernetes-impersonation',
  title: 'who may impersonate service accounts of Kubernetes',
  join({ identities }) {
    const actors = identities.filter(mayImpersonate);
    const accounts = actors.length === 0 ? new Map<string, Identity[]>() : indexAccounts(identities);
    const edges = actors.flatMap((actor) => edgesOf(actor, accounts.get(scopeOf(actor.id)) ?? []));
    return { edges, attributes: new Map() };
  },
});

const SUBJECTS = new Set(['k8s_group', 'k8s_service_account', 'k8s_user']);

function mayImpersonate(identity: Identity): boolean {
  if (!SUBJECTS.has(identity.type) || attributeValue(identity, 'clusterAdmin') === true) return false;
  return (listOf(identity, 'escalationActions') ?? []).includes(ACTION);
}

function edgesOf(actor: Identity, accounts: readonly Identity[]): readonly Edge[] {
  const others = accounts.filter(({ id }) => id !== actor.id).slice(0, MOST_TARGETS);
  const evidence = actor.evidence.slice(0, 1);
  return others.map(({ id }) => edgeOf(actor.id, 'can-impersonate', id, 'strong', evidence));
}

/** Accounts by cluster or repository, the most powerful first. */
function indexAccounts(identities: readonly Identity[]): Map<string, Identity[]> {
  const accounts = new Map<string, Identity[]>();
  for (const account of identities) {
    if (account.type !== 'k8s_service_account') continue;
    const list = accounts.get(scopeOf(account.id));
    if (list === undefined) accounts.set(scopeOf(account.id), [account]);
    else list.push(account);
  }
  for (const list of accounts.values()) list.sort((a, b) => tierOf(a) - tierOf(b) || (a.id < b.id ? -1 : 1));
  return accounts;
}

function tierOf(identity: Identity): number {
  const tier = attributeValue(identity, 'privilegeTier');
  return typeof tier === 'number' ? tier : 9;
}

/** The repository or cluster in `kubernetes:<scope>:<namespace>:<name>`. */
function scopeOf(id: string): string {
  return id.split(':').slice(1, -2).join(':');
}
