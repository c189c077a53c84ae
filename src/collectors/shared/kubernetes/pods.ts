import { defined } from '../../../lib/fields/defined.ts';
import { mergeFields } from '../../../lib/fields/merge-fields.ts';
import { asList, asObject, asText, type Loose } from '../loose.ts';

/** How a pod gets a secret. */
export type SecretWay = 'environment' | 'file' | 'image pull';

/** What a workload says of the identity of its pods. */
export interface Workload {
  /** Kind and name of the controller that made it. */
  readonly owner?: { readonly kind: string; readonly name: string };
  /** Absent: the default account. */
  readonly account?: string;
  readonly automount?: boolean;
  readonly secrets: readonly { readonly name: string; readonly way: SecretWay }[];
  /** What lets its processes read the tokens of other pods of the node. */
  readonly nodeAccess: readonly string[];
  /** Projected tokens that live longer than a day. */
  readonly longTokens: readonly string[];
}

const SPEC = ['spec'];
const TEMPLATE = ['spec', 'template', 'spec'];

/** Where a kind keeps the specification of its pods. */
const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: SPEC,
  PodTemplate: ['template', 'spec'],
  Deployment: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  ReplicaSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  Job: TEMPLATE,
  CronJob: ['spec', 'jobTemplate', ...TEMPLATE],
  // OpenShift, Argo, OpenKruise, Knative
  DeploymentConfig: TEMPLATE,
  Rollout: TEMPLATE,
  CloneSet: TEMPLATE,
  Workflow: SPEC,
  WorkflowTemplate: SPEC,
  ClusterWorkflowTemplate: SPEC,
  CronWorkflow: ['spec', 'workflowSpec'],
  // The operator of Prometheus
  Alertmanager: SPEC,
  Prometheus: SPEC,
  PrometheusAgent: SPEC,
  ThanosRuler: SPEC,
};
/** Kinds of other vendors are only theirs in their own groups. */
const KNATIVE = /^serving\.knative\.dev\//;
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];
const DAY = 24 * 60 * 60;
/** Folders of a node that hold credentials: everything, the kubelet's, the cluster's, the container runtime's. */
const CREDENTIAL_PATH =
  /^\/(?:$|etc\/?$|etc\/kubernetes|root|var\/?$|var\/lib\/?$|var\/lib\/(?:kubelet|docker|containerd)|(?:var\/)?run\/?$|(?:var\/)?run\/(?:docker|containerd|crio|secrets))/;

/** The keys that lead to the specification of the pods of an object, or undefined for an object that has no pods. */
export function podPath(kind: string, value: Loose): readonly string[] | undefined {
  if (kind === 'Service') return KNATIVE.test(asText(value['apiVersion']) ?? '') ? TEMPLATE : undefined;
  return Object.hasOwn(POD_PATHS, kind) ? POD_PATHS[kind] : undefined;
}

/** Returns what a workload says, or undefined for an object that has no pods. */
export function readWorkload(kind: string, value: Loose): Workload | undefined {
  const path = podPath(kind, value);
  if (path === undefined) return undefined;
  const spec = path.reduce<Loose>((part, key) => asObject(part[key]), value);
  const containers = CONTAINERS.flatMap((field) => asObjects(spec[field]));
  // Argo writes containers into the templates of a workflow.
  for (const template of asObjects(spec['templates'])) {
    containers.push(
      ...[template['container'], template['script']].map(asObject),
      ...asObjects(template['initContainers']),
    );
  }
  const volumes = asObjects(spec['volumes']);
  const account = asText(spec['serviceAccountName']) ?? asText(spec['serviceAccount']);
  const automount = spec['automountServiceAccountToken'];
  const said = defined({
    owner: ownerOf(value),
    account: account === '' ? undefined : account,
    automount: typeof automount === 'boolean' ? automount : undefined,
  });
  return mergeFields(said, {
    secrets: secretsOf(spec, containers, volumes),
    nodeAccess: nodeAccessOf(spec, containers, volumes),
    longTokens: longTokensOf(volumes),
  });
}

function asObjects(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

/** Kind and name of the controller that made an object. */
export function ownerOf(value: Loose): Workload['owner'] {
  const owners = asObjects(asObject(value['metadata'])['ownerReferences']);
  const owner = owners.find((reference) => reference['controller'] === true);
  const [kind, name] = [asText(owner?.['kind']), asText(owner?.['name'])];
  return kind === undefined || name === undefined || kind === 'Node' ? undefined : { kind, name };
}

function secretsOf(spec: Loose, containers: readonly Loose[], volumes: readonly Loose[]): Workload['secrets'] {
  const secrets = new Map<string, { readonly name: string; readonly way: SecretWay }>();
  const add = (value: unknown, way: SecretWay): void => {
    const name = asText(value);
    if (name !== undefined && name !== '') secrets.set(`${way} ${name}`, { name, way });
  };
  for (const container of containers) {
    for (const variable of asObjects(container['env'])) {
      add(asObject(asObject(variable['valueFrom'])['secretKeyRef'])['name'], 'environment');
    }
    for (const source of asObjects(container['envFrom'])) add(asObject(source['secretRef'])['name'], 'environment');
  }
  for (const volume of volumes) {
    add(asObject(volume['secret'])['secretName'], 'file');
    for (const source of asObjects(asObject(volume['projected'])['sources']))
      add(asObject(source['secret'])['name'], 'file');
  }
  for (const reference of asObjects(spec['imagePullSecrets'])) add(reference['name'], 'image pull');
  return [...secrets.values()];
}

function nodeAccessOf(spec: Loose, containers: readonly Loose[], volumes: readonly Loose[]): readonly string[] {
  const ways = new Set<string>();
  if (containers.some((container) => asObject(container['securityContext'])['privileged'] === true)) {
    ways.add('privileged');
  }
  if (spec['hostPID'] === true) ways.add('hostPID');
  for (const volume of volumes) {
    const path = asText(asObject(volume['hostPath'])['path']);
    if (path !== undefined && CREDENTIAL_PATH.test(path)) ways.add(`hostPath ${path}`);
  }
  return [...ways];
}

/** The kubelet renews a mounted token; one that lives for days works long after its pod. */
function longTokensOf(volumes: readonly Loose[]): readonly string[] {
  const sources = volumes.flatMap((volume) => asObjects(asObject(volume['projected'])['sources']));
  return sources.flatMap((source) => {
    const token = asObject(source['serviceAccountToken']);
    const seconds = Number(token['expirationSeconds'] ?? 0);
    if (!(seconds > DAY)) return [];
    return [`${asText(token['audience']) ?? 'the API server'}, ${Math.round(seconds / DAY)} days`];
  });
}

/** Names of a list of references, as `imagePullSecrets` of an account are. */
export function namesOf(value: unknown): readonly string[] {
  return asList(value).flatMap((item) => asText(asObject(item)['name']) ?? []);
}
