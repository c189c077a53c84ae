import { byId, setFacts } from '../identity-drafts.ts';
import { type AccountBook, makeAccountBook } from './accounts.ts';
import type { Graph } from './contract.ts';
import { type Manifest, objectId } from './manifest.ts';
import { namesOf } from './pods.ts';
import { draftAccount } from './subjects.ts';

/** Controllers above each other: Pod, ReplicaSet, Deployment. */
const MOST_OWNERS = 4;
/** Controllers that run pods of their own: what an operator makes of them are several workloads, not one. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  'Deployment',
  'DaemonSet',
  'StatefulSet',
  'CronJob',
  'DeploymentConfig',
  'Rollout',
]);

/**
 * Adds workloads with the account and the secrets that each uses. What a controller made is part of the controller, so
 * a cluster with a thousand pods of one deployment has one workload.
 */
export function addWorkloads(graph: Graph): void {
  const workloads = graph.byKind.get('workload') ?? [];
  const declared = new Map(workloads.map((manifest) => [keyOf(manifest), manifest]));
  const accounts = makeAccountBook(graph);
  for (const manifest of workloads) {
    const head = headOf(manifest, declared);
    if (head === undefined) continue;
    addWorkload(graph, accounts, { ...manifest, ...head });
  }
}

function keyOf({ namespace, kind, name }: Pick<Manifest, 'namespace' | 'kind' | 'name'>): string {
  return `${namespace}/${kind}/${name}`;
}

/** Kind and name of the highest controller; undefined where that one is in the input itself. */
function headOf(
  manifest: Manifest,
  declared: ReadonlyMap<string, Manifest>,
): { readonly kind: string; readonly name: string } | undefined {
  const { namespace, kind, name } = manifest;
  let head = { kind, name };
  let owner = CONTROLLERS.has(kind) ? undefined : manifest.workload?.owner;
  for (let level = 0; owner !== undefined && level < MOST_OWNERS; level += 1) {
    head = { kind: owner.kind, name: owner.name };
    const above = declared.get(keyOf({ namespace, ...head }));
    const isTop = CONTROLLERS.has(owner.kind) || above?.workload?.owner === undefined;
    if (above !== undefined && isTop) return undefined;
    owner = above?.workload?.owner;
  }
  return head;
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
  const missing = draftAccount(drafts, repository, namespace, account, { ...evidence, detail: true });
  if (accounts.knows(namespace)) setFacts(missing, { undeclared: true }, evidence.source);
}
