import { type RoleDefinition, readBuiltIn } from '../../../permissions/kubernetes/built-in.ts';
import { createRbacEvaluator } from '../../../permissions/kubernetes/evaluate.ts';
import { makeRoleBook } from '../../../permissions/kubernetes/roles.ts';
import type { Drafts } from '../identity-drafts.ts';
import { addAccounts } from './accounts.ts';
import { addBindings } from './bindings.ts';
import type { Manifest } from './manifest.ts';
import { addRoles } from './role-nodes.ts';
import { mergeRoles, readRole } from './rules.ts';
import { addSecrets } from './secrets.ts';
import { addWorkloads } from './workloads.ts';

/**
 * Adds what Kubernetes objects of one repository or cluster say: accounts, users, groups, roles, bindings, workloads,
 * secrets.
 */
export function addKubernetes(drafts: Drafts, manifests: readonly Manifest[]): void {
  const byKind = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const kind = manifest.workload === undefined ? manifest.kind : 'workload';
    const list = byKind.get(kind);
    if (list === undefined) byKind.set(kind, [manifest]);
    else list.push(manifest);
  }
  const builtIn = readBuiltIn();
  const clusterRoles = readRoles(byKind.get('ClusterRole') ?? [], ({ name }) => name);
  const roles = readRoles(byKind.get('Role') ?? [], ({ namespace, name }) => `${namespace}/${name}`);
  const book = makeRoleBook(builtIn, clusterRoles, roles);
  const graph = { drafts, byKind, builtIn, book, evaluator: createRbacEvaluator() };
  addAccounts(graph);
  const bound = addBindings(graph);
  addRoles(graph, bound);
  addWorkloads(graph);
  addSecrets(graph);
}

function readRoles(
  manifests: readonly Manifest[],
  keyOf: (manifest: Manifest) => string,
): ReadonlyMap<string, RoleDefinition> {
  const roles = new Map<string, RoleDefinition>();
  for (const manifest of manifests) {
    const key = keyOf(manifest);
    roles.set(key, mergeRoles(roles.get(key), readRole(manifest)));
  }
  return roles;
}
