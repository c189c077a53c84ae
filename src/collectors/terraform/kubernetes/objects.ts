import { childBodies, type HclBody, type HclValue } from '../../../lib/hcl/index.ts';
import { isUnknown, type PolicyValue } from '../../../permissions/aws/document.ts';
import { asList, asObject, type Loose } from '../../shared/loose.ts';
import { attributeValue, resourcesOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { blockNamed, resolve, stringMapOf } from '../resolve.ts';

/** Kinds that say something of identities, by the type of the resource without provider and version. */
const KINDS: Readonly<Record<string, string>> = {
  cluster_role: 'ClusterRole',
  cluster_role_binding: 'ClusterRoleBinding',
  cron_job: 'CronJob',
  daemonset: 'DaemonSet',
  daemon_set: 'DaemonSet',
  deployment: 'Deployment',
  job: 'Job',
  pod: 'Pod',
  replication_controller: 'ReplicationController',
  role: 'Role',
  role_binding: 'RoleBinding',
  secret: 'Secret',
  service_account: 'ServiceAccount',
  stateful_set: 'StatefulSet',
};
const WHOLE_CLUSTER = new Set(['ClusterRole', 'ClusterRoleBinding']);
/** Blocks that may be written several times, and the list that they are elements of. */
const LISTS: Readonly<Record<string, string>> = {
  container: 'containers',
  env: 'env',
  env_from: 'envFrom',
  image_pull_secret: 'imagePullSecrets',
  image_pull_secrets: 'imagePullSecrets',
  init_container: 'initContainers',
  rule: 'rules',
  sources: 'sources',
  subject: 'subjects',
  volume: 'volumes',
};
/** Mappings whose keys are names of the user. */
const MAPS = new Set(['annotations', 'binary_data', 'data', 'labels', 'match_labels']);
const VERSION = /_v\d+(?:(?:alpha|beta)\d+)?$/;
/** Deepest nesting that is read. A pod of a cron job has seven levels. */
const MAX_DEPTH = 16;
/** Longest chain of references that is followed to a name. */
const MAX_HOPS = 4;

/** What stands for a value that only a run of Terraform knows. */
const UNKNOWN = '<unknown>';

/** An object as a manifest would write it, and the block that declares it. */
export interface DeclaredObject {
  readonly block: TerraformBlock;
  readonly value: Loose;
}

/** Returns the objects that a module declares, in the form of manifests. */
export function listObjects(module: TerraformModule): DeclaredObject[] {
  const types = [...module.byType.keys()].filter((type) => kindOf(type) !== undefined);
  const written = resourcesOf(module, ...types).map((block) => ({ block, value: toObject(module, block) }));
  const manifests = resourcesOf(module, 'kubernetes_manifest').flatMap((block) => {
    const manifest = attributeValue(block, 'manifest');
    const value = manifest === undefined ? undefined : plain(module, resolve(module, manifest), 0);
    return typeof value === 'object' && value !== null ? [{ block, value: value as Loose }] : [];
  });
  return [...written, ...manifests];
}

function kindOf(type: string): string | undefined {
  const name = type.startsWith('kubernetes_') ? type.slice('kubernetes_'.length).replace(VERSION, '') : '';
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

function toObject(module: TerraformModule, block: TerraformBlock): Loose {
  const kind = kindOf(block.type) ?? '';
  const body = bodyToObject(module, block.body, 0);
  const [metadata] = childBodies(block.body, 'metadata');
  const namespace = metadata === undefined ? undefined : attributeValue(metadata, 'namespace');
  return {
    ...body,
    ...('subjects' in body ? { subjects: knownSubjects(body['subjects']) } : {}),
    // The provider itself writes this namespace where none is given.
    metadata: {
      ...(namespace === undefined && !WHOLE_CLUSTER.has(kind) ? { namespace: 'default' } : {}),
      ...metadataOf(module, block, metadata),
    },
    kind,
    apiVersion: 'terraform',
  };
}

/** Whom a variable names is not known, and nobody whom another binding names. */
function knownSubjects(subjects: unknown): readonly unknown[] {
  return asList(subjects).filter((subject) => asObject(subject)['name'] !== UNKNOWN);
}

function metadataOf(
  module: TerraformModule,
  block: TerraformBlock,
  metadata: { readonly body: HclBody } | undefined,
): Loose {
  const written = metadata === undefined ? {} : bodyToObject(module, metadata.body, 0);
  const name = written['name'] ?? written['generateName'] ?? UNKNOWN;
  const annotations = metadata === undefined ? {} : stringMapOf(module, attributeValue(metadata, 'annotations'));
  // A name that a variable decides is that of the block: another one than all others.
  return { ...written, annotations, name: name === UNKNOWN ? `<${block.address}>` : name };
}

function bodyToObject(module: TerraformModule, body: HclBody, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  if (depth > MAX_DEPTH) return object;
  const names = new Set(body.blocks.map(({ type, labels }) => (type === 'dynamic' ? (labels[0] ?? '') : type)));
  for (const { name, value } of body.attributes) {
    // In a state, and in JSON, nested blocks are attributes.
    if (MAPS.has(name)) object[keyOf(name)] = plainMap(module, value);
    else if (childBodies(body, name).length > 0) names.add(name);
    else object[keyOf(name)] = plain(module, resolve(module, value), depth);
  }
  for (const name of names) {
    const children = childBodies(body, name).map((child) => bodyToObject(module, child.body, depth + 1));
    const list = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
    if (list !== undefined) object[list] = children;
    else object[keyOf(name)] = children[0];
  }
  return object;
}

function plainMap(module: TerraformModule, value: HclValue): unknown {
  const map = resolve(module, value);
  if (typeof map !== 'object' || map === null || Array.isArray(map) || isUnknown(map)) return {};
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, plain(module, item, MAX_DEPTH)]));
}

function plain(module: TerraformModule, value: PolicyValue, depth: number): unknown {
  if (isUnknown(value)) return UNKNOWN;
  if (typeof value === 'string') return value.includes('${') ? nameBehind(module, value) : value;
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return (value as readonly PolicyValue[]).map((item) => plain(module, item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(module, item, depth + 1)]));
}

/** `kubernetes_role.x.metadata[0].name` is the name of that object. */
function nameBehind(module: TerraformModule, text: string, hops = 0): string {
  const block = blockNamed(module, text);
  const attribute = /\.(name|namespace)\}$/.exec(text)?.[1];
  if (block === undefined || attribute === undefined || !block.type.startsWith('kubernetes_')) return UNKNOWN;
  const [metadata] = childBodies(block.body, 'metadata');
  const value = metadata === undefined ? undefined : attributeValue(metadata, attribute);
  if (attribute === 'namespace' && value === undefined) return 'default';
  const name = value === undefined ? undefined : resolve(module, value);
  if (typeof name === 'string' && !name.includes('${')) return name;
  if (attribute === 'name') return `<${block.address}>`;
  return typeof name === 'string' && hops < MAX_HOPS ? nameBehind(module, name, hops + 1) : UNKNOWN;
}

/** `service_account_name` is `serviceAccountName`; some words of Kubernetes are written in capitals. */
function keyOf(name: string): string {
  const key = name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
  return CAPITALS[key] ?? key;
}

const CAPITALS: Readonly<Record<string, string>> = {
  hostIpc: 'hostIPC',
  hostPid: 'hostPID',
  nonResourceUrls: 'nonResourceURLs',
};
