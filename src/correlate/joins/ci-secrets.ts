import type { Attribute, Edge } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import { defineJoin } from '../contract.ts';
import { computed } from '../shared/attributes.ts';
import { type CiSecret, indexCiSecrets, reachOf, resolveUse } from '../shared/ci-secret-scope.ts';
import { type CiUse, listWorkflows, readUses } from '../shared/ci-secret-use.ts';
import { citeEdge } from '../shared/cite.ts';
import { edgeOf } from '../shared/edges.ts';

const SOURCE = 'join ci-secrets';
/** A secret that at least this many repositories can read, and at most `FEW` use, is over-exposed. */
const SEVERAL = 4;
const FEW = 2;

type Added = Map<string, Readonly<Record<string, Attribute>>>;

/**
 * CI secrets by the names that workflows use, in GitHub's order: environment, repository, organisation. What nothing
 * uses is said only where every repository that can read the secret was read whole, and what is undefined only where
 * all names were read.
 */
export default defineJoin({
  id: 'ci-secrets',
  title: 'CI secrets and the workflows that use them',
  resolves: ['github-secret'],
  join({ identities, pending, scannedRepositories }) {
    const secrets = indexCiSecrets(identities);
    const uses = readUses(pending, identities);
    const edges: Edge[] = [];
    const resolved = new Set<CiUse>();
    for (const use of uses) {
      const hits = resolveUse(use, secrets);
      if (hits.length > 0) resolved.add(use);
      for (const hit of hits)
        edges.push(edgeOf(use.from, 'uses', hit.secret.identity.id, hit.confidence, use.evidence));
    }
    const attributes: Added = new Map();
    for (const secret of secrets.all)
      addSecretFacts(attributes, secret, reachOf(secret, secrets), edges, scannedRepositories);
    const open = uses.filter((use) => !resolved.has(use));
    for (const workflow of listWorkflows(identities)) {
      const source = secrets.complete.get(workflow.repository);
      if (source === undefined || workflow.reusable) continue;
      const names = open.filter((use) => use.workflow === workflow.id).map((use) => use.name);
      const facts = {
        undefinedSecrets: [...new Set(names)].sort(),
        secretLists: [`${source} of ${workflow.repository}`],
      };
      attributes.set(workflow.id, computed(SOURCE, facts));
    }
    return { edges, attributes };
  },
});

function addSecretFacts(
  attributes: Added,
  secret: CiSecret,
  reach: readonly string[] | undefined,
  edges: readonly Edge[],
  scanned: ReadonlySet<string>,
): void {
  if (reach === undefined || reach.length === 0 || !reach.every((repository) => scanned.has(repository))) return;
  const uses = edges.filter((edge) => edge.to === secret.identity.id);
  const workflows = new Set(uses.map((edge) => edge.from.replace(/#.*$/s, '')));
  const repositories = new Set([...workflows].map(repositoryOfWorkflow));
  const exposed = reach.length >= SEVERAL && repositories.size <= FEW;
  const organisation: Readonly<Record<string, Json>> = secret.level === 'organisation' ? { overExposed: exposed } : {};
  const facts = {
    consumerCount: workflows.size,
    unused: workflows.size === 0,
    readableBy: [...reach].sort(),
    usedBy: [...new Set(uses.flatMap((edge) => citeEdge(edge) ?? []))].sort(),
    ...organisation,
  };
  attributes.set(secret.identity.id, computed(SOURCE, facts));
}

function repositoryOfWorkflow(id: string): string {
  const rest = id.slice('workflow:'.length);
  return rest.slice(0, Math.max(0, rest.indexOf(':'))).toLowerCase();
}
