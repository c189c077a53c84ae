import { matchesWildcard } from '../../lib/patterns/wildcard.ts';
import type { Attribute, Edge, EdgeConfidence, Identity } from '../../model/identity.ts';
import { defineJoin } from '../contract.ts';
import { attributeValue, computed, listOf } from '../shared/attributes.ts';
import { describe, MOST_CITED } from '../shared/cite.ts';
import { edgeOf } from '../shared/edges.ts';

const SOURCE = 'join aws-trust';

/** A subject pattern of a role's trust policy that names GitHub repositories. */
interface Trust {
  readonly role: Identity;
  readonly pattern: string;
}

/**
 * AWS roles that trust GitHub's OIDC issuer, joined to the repositories whose workflows can take them. The subject of a
 * run is `repo:<owner>/<name>:<rest>`; a trust policy matches it with `*` and `?`.
 */
export default defineJoin({
  id: 'aws-trust',
  title: 'repositories and workflows that an AWS role trusts',
  join({ identities }) {
    const trusts = identities.flatMap(trustsOf);
    if (trusts.length === 0) return { edges: [], attributes: new Map() };
    const edges: Edge[] = [];
    const attributes = new Map<string, Readonly<Record<string, Attribute>>>();
    for (const node of identities) {
      const repository = repositoryOf(node);
      const trusted =
        repository === undefined ? [] : trusts.filter((trust) => fitsRepository(trust.pattern, repository));
      if (trusted.length === 0) continue;
      for (const trust of trusted) edges.push(...edgesOf(node, trust));
      if (node.type === 'repository') continue;
      const roles = [...new Set(trusted.map(({ role }) => describe(role)))].sort().slice(0, MOST_CITED);
      attributes.set(node.id, computed(SOURCE, { oidcRoleAvailable: true, trustingRoles: roles }));
    }
    return { edges, attributes };
  },
});

function trustsOf(role: Identity): readonly Trust[] {
  const patterns = listOf(role, 'oidcSubjects') ?? [];
  return patterns.map((pattern) => ({ role, pattern }));
}

/** `owner/name` of a repository, a workflow or a job; the case of names does not matter to GitHub. */
function repositoryOf(node: Identity): string | undefined {
  if (node.type === 'repository') return node.id.startsWith('github:repo:') ? node.id.slice(12) : undefined;
  if (node.type !== 'workflow' && node.type !== 'workflow_job') return undefined;
  const rest = node.id.slice('workflow:'.length);
  const end = rest.indexOf(':');
  return end < 0 ? undefined : rest.slice(0, end);
}

/** True when some run of the repository has a subject that fits: the part up to the name is compared. */
function fitsRepository(pattern: string, repository: string): boolean {
  const subject = `repo:${repository}:`.toLowerCase();
  const lower = pattern.toLowerCase();
  if (lower.startsWith('*')) return true;
  const end = lower.indexOf(':', 'repo:'.length);
  const head = end < 0 ? lower : lower.slice(0, end + 1);
  return matchesWildcard(head, subject) || (head.endsWith('*') && matchesWildcard(`${head}*`, subject));
}

/**
 * A workflow takes the role only if it may ask for a token; the rest of the subject (branch, environment) is not
 * compared.
 */
function edgesOf(node: Identity, trust: Trust): readonly Edge[] {
  const evidence = [...trust.role.evidence.slice(0, 1), ...node.evidence.slice(0, 1)];
  if (node.type === 'repository') return [edgeOf(node.id, 'trusted-by', trust.role.id, 'strong', evidence)];
  if (attributeValue(node, 'idTokenWrite') !== true) return [];
  const whole: EdgeConfidence = /^(?:repo:[^:]*:?)?\*$/.test(trust.pattern) ? 'strong' : 'inferred';
  return [edgeOf(node.id, 'can-assume', trust.role.id, whole, evidence)];
}
