import { mergeFields } from '../../../lib/fields/merge-fields.ts';
import { byId, setFacts } from '../identity-drafts.ts';
import { type AccountBook, makeAccountBook } from './accounts.ts';
import type { Graph } from './contract.ts';
import { controllerOf, keyOf } from './controllers.ts';
import { type Manifest, objectId } from './manifest.ts';
import { namesOf } from './pods.ts';
import { draftAccount } from './subjects.ts';

/**
 * Adds workloads with the account and the secrets that each uses. What a controller made is part of the controller, so
 * a cluster with a thousand pods of one deployment has one workload.
 */
export function addWorkloads(graph: Graph): void {
  const workloads = graph.byKind.get('workload') ?? [];
  const declared = new Map(workloads.map((manifest) => [keyOf(manifest), manifest.workload?.owner]));
  const accounts = makeAccountBook(graph);
  for (const manifest of workloads) {
    const head = controllerOf(manifest, manifest.workload?.owner, declared);
    if (head === undefined) continue;
    addWorkload(graph, accounts, mergeFields(manifest, head));
  }
}

function addWorkload({ drafts }: Graph, accounts: AccountBook, manifest: Manifest): void {
  const { repository, namespace, kind, name, evidence, workload } = manifest;
  if (workload === undefined) return;
  const id = objectId(repository, namespace, kind, name);
  const known = namespace === '' ? '' : `${namespace}/`;
  const head = {
    id,
    type: 'k8s_workload',
    provider: 'kubernetes',
    name: `${known}${kind}/${name}`,
    account: repository,
  };
  const draft = drafts.identity(head, evidence);
  const account = workload.account ?? 'default';
  const declared = accounts.find(namespace, account);
  const inherited = declared?.body['automountServiceAccountToken'];
  const automount = workload.automount ?? (typeof inherited === 'boolean' ? inherited : true);
  const environment = workload.secrets.filter(({ way }) => way === 'environment').map((secret) => secret.name);
  const facts = {
    isDefault: account === 'default',
    automountToken: automount,
    secretsInEnvironment: [...new Set(environment)].sort(),
    nodeAccess: workload.nodeAccess,
    longLivedTokens: workload.longTokens,
  };
  setFacts(draft, facts, evidence.source);
  drafts.edge(id, 'uses', { kind: 'kubernetes-service-account', value: `${namespace}:${account}` }, evidence);
  const pulls = namesOf(declared?.body['imagePullSecrets']);
  for (const secret of new Set([...workload.secrets.map((used) => used.name), ...pulls])) {
    drafts.edge(id, 'uses', byId(objectId(repository, namespace, 'Secret', secret)), evidence);
  }
  if (accounts.has(namespace, account) || account.includes('<')) return;
  const missing = draftAccount(drafts, repository, namespace, account, mergeFields(evidence, { detail: true }));
  if (accounts.knows(namespace)) setFacts(missing, { undeclared: true }, evidence.source);
}
