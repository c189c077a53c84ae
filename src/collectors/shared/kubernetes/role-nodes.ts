import { defined } from '../../../lib/fields/defined.ts';
import { setFacts } from '../identity-drafts.ts';
import { setAccess } from './access.ts';
import type { Graph } from './contract.ts';
import { displayName, type Manifest, manifestId } from './manifest.ts';

/** A label of the objects that the server itself keeps in every cluster. */
const BOOTSTRAP = 'kubernetes.io/bootstrapping';

/**
 * Adds roles, each with what it gives where it holds: a Role in its namespace, a ClusterRole in the whole cluster.
 * `bound`: the ids of those that a binding names.
 */
export function addRoles(graph: Graph, bound: ReadonlySet<string>): void {
  for (const kind of ['Role', 'ClusterRole']) {
    for (const manifest of graph.byKind.get(kind) ?? []) {
      if (!isBuiltIn(graph, manifest)) addRole(graph, manifest, bound);
    }
  }
}

function isBuiltIn({ builtIn }: Graph, { kind, name, namespace, labels }: Manifest): boolean {
  if (kind === 'Role') return builtIn.roles.has(`${namespace}/${name}`);
  return builtIn.clusterRoles.has(name) && labels[BOOTSTRAP] !== undefined;
}

function addRole(graph: Graph, manifest: Manifest, bound: ReadonlySet<string>): void {
  const { repository, kind, namespace, name, evidence } = manifest;
  const id = manifestId(manifest);
  const head = {
    id,
    type: 'k8s_role',
    provider: 'kubernetes',
    name: displayName(namespace, name),
    account: repository,
  };
  const draft = graph.drafts.identity(head, evidence);
  if (draft.attributes.has('bound')) return;
  const role = kind === 'ClusterRole' ? graph.book.clusterRole(name) : graph.book.role(namespace, name);
  const { source, location } = evidence;
  const from = { policy: `${kind} ${name}`, source, ...defined({ location }) };
  if (role !== undefined) setAccess(draft, graph.evaluator, [{ role, where: namespace, source: from }], source);
  setFacts(draft, { bound: bound.has(id) || aggregates(manifest) }, source);
}

/** A role whose rules others take in is used without a binding. */
function aggregates({ labels }: Manifest): boolean {
  return Object.keys(labels).some((label) => label.includes('aggregate-to-'));
}
