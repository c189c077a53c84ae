import type { Attribute, Edge, Identity, PendingEdge } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { computed } from '../shared/attributes.ts';
import { edgeOf } from '../shared/edges.ts';

const KEY = 'kubernetes-service-account';
const PREFIX = 'kubernetes:';

/**
 * Workloads that use a service account. `<namespace>:<name>` is a name within one cluster or repository: an account of
 * the same scope is meant; one of another scope only where it is the single one of that name.
 */
export default defineJoin({
  id: 'kubernetes-accounts',
  title: 'workloads that use a Kubernetes service account',
  resolves: [KEY],
  join({ identities, pending }) {
    const accounts = indexAccounts(identities);
    const edges = pending.filter((edge) => edge.toKey.kind === KEY).flatMap((edge) => resolve(edge, accounts));
    return { edges, attributes: countWorkloads(identities, edges) };
  },
});

function indexAccounts(identities: readonly Identity[]): ReadonlyMap<string, readonly Identity[]> {
  const accounts = new Map<string, Identity[]>();
  for (const identity of identities) {
    for (const key of identity.keys) {
      if (key.kind !== KEY) continue;
      const list = accounts.get(key.value);
      if (list === undefined) accounts.set(key.value, [identity]);
      else list.push(identity);
    }
  }
  return accounts;
}

function resolve(edge: PendingEdge, accounts: ReadonlyMap<string, readonly Identity[]>): readonly Edge[] {
  const hits = accounts.get(edge.toKey.value) ?? [];
  const scope = scopeOf(edge.from);
  // Two that name no namespace mean the same one only where they are declared together.
  const named = !edge.toKey.value.startsWith(':');
  const near = hits.filter((hit) => scope !== undefined && scopeOf(hit.id) === scope);
  const chosen = near.length > 0 ? near : hits.slice(0, hits.length === 1 && named ? 1 : 0);
  const confidence = near.length > 0 ? 'strong' : 'inferred';
  return chosen.map((hit) => {
    const [from, to] = edge.reversed === true ? [hit.id, edge.from] : [edge.from, hit.id];
    return edgeOf(from, edge.kind, to, confidence, edge.evidence);
  });
}

/** The repository or cluster in `kubernetes:<scope>:<namespace>:<name>`; undefined for ids of other systems. */
function scopeOf(id: string): string | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  return id.slice(PREFIX.length).split(':').slice(0, -2).join(':');
}

/** A scope whose manifests show workloads shows all of them that it declares: zero is an answer there. */
function countWorkloads(
  identities: readonly Identity[],
  edges: readonly Edge[],
): ReadonlyMap<string, Readonly<Record<string, Attribute>>> {
  const scopes = new Set(
    identities.filter((identity) => identity.type === 'k8s_workload').map((identity) => scopeOf(identity.id)),
  );
  const users = new Map<string, Set<string>>();
  for (const { from, kind, to } of edges) {
    if (kind === 'uses') users.set(to, (users.get(to) ?? new Set<string>()).add(from));
  }
  const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
  for (const account of identities) {
    if (account.type !== 'k8s_service_account' || !scopes.has(scopeOf(account.id))) continue;
    const consumerCount = users.get(account.id)?.size ?? 0;
    attributes.set(account.id, computed('join kubernetes-accounts', { consumerCount }));
  }
  return attributes;
}
