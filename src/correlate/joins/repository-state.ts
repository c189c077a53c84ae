import type { Attribute, Identity, PendingEdge } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { attributeValue, computed, textOf } from '../shared/attributes.ts';
import { describe } from '../shared/cite.ts';

/** Kinds of edge between a credential and the repository it belongs to. */
const BELONGS = new Set(['holds', 'installed-on']);
const CREDENTIALS = new Set(['actions_secret', 'dependabot_secret', 'deploy_key', 'webhook']);

/** Whether the repository of a key, a webhook or a secret is archived: nobody looks after what it can still open. */
export default defineJoin({
  id: 'repository-state',
  title: 'credentials of archived and forgotten repositories',
  join({ identities, pending }) {
    const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    for (const edge of pending) {
      const archived = archivedOf(edge, byId);
      const credential = byId.get(edge.from);
      if (archived === undefined || credential === undefined || !CREDENTIALS.has(credential.type)) continue;
      // A secret of an organisation belongs to no single repository.
      if (attributeValue(credential, 'level') === 'organisation') continue;
      attributes.set(credential.id, computed('join repository-state', { archived: archived.state, ...archived.named }));
    }
    return { edges: [], attributes };
  },
});

interface Archived {
  readonly state: boolean;
  readonly named: Readonly<Record<string, string>>;
}

function archivedOf(edge: PendingEdge, byId: ReadonlyMap<string, Identity>): Archived | undefined {
  if (!BELONGS.has(edge.kind) || edge.toKey.kind !== 'identity') return undefined;
  const repository = byId.get(edge.toKey.value);
  const state = repository?.type === 'repository' ? attributeValue(repository, 'archived') : undefined;
  if (repository === undefined || typeof state !== 'boolean') return undefined;
  const pushed = textOf(repository, 'pushedAt');
  const named = state ? { archivedRepository: describe(repository) } : {};
  return { state, named: pushed === undefined || state ? named : { repositoryPushedAt: pushed } };
}
