import type { Attribute, Identity, PendingEdge } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { computed, listOf } from '../shared/attributes.ts';
import { describe, MOST_CITED } from '../shared/cite.ts';

/** Types whose trust names a repository, and the cloud whose static keys they replace. */
const CLOUDS: Readonly<Record<string, string>> = {
  azure_application: 'azure',
  azure_managed_identity: 'azure',
  gcp_service_account: 'gcp',
};

/** Jobs that use a static key of Google Cloud or Azure although an identity there trusts their repository. */
export default defineJoin({
  id: 'cloud-trust',
  title: 'workflows that an identity of Google Cloud or Azure trusts',
  join({ identities, pending }) {
    const trusts = indexTrusts(identities, pending);
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    for (const job of trusts.size === 0 ? [] : identities) {
      if (job.type !== 'workflow_job') continue;
      const clouds = listOf(job, 'staticCloudCredentials') ?? [];
      const trusting = (trusts.get(repositoryOf(job.id)) ?? []).filter(({ type }) =>
        clouds.includes(CLOUDS[type] ?? ''),
      );
      if (trusting.length === 0) continue;
      const roles = [...new Set(trusting.map(describe))].sort().slice(0, MOST_CITED);
      attributes.set(job.id, computed('join cloud-trust', { oidcRoleAvailable: true, trustingRoles: roles }));
    }
    return { edges: [], attributes };
  },
});

/** Identities that trust a repository, by its name in lower case. */
function indexTrusts(
  identities: readonly Identity[],
  pending: readonly PendingEdge[],
): ReadonlyMap<string, readonly Identity[]> {
  const trusts = new Map<string, Identity[]>();
  const named = pending.filter(({ kind, toKey }) => kind === 'trusted-by' && toKey.kind === 'repository');
  if (named.length === 0) return trusts;
  const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
  for (const edge of named) {
    const identity = byId.get(edge.from);
    if (identity === undefined || !Object.hasOwn(CLOUDS, identity.type)) continue;
    const list = trusts.get(edge.toKey.value);
    if (list === undefined) trusts.set(edge.toKey.value, [identity]);
    else list.push(identity);
  }
  return trusts;
}

function repositoryOf(id: string): string {
  return (id.split(':')[1] ?? '').toLowerCase();
}
