import { defined } from '../../../lib/fields/defined.ts';
import type { Evidence } from '../../../model/identity.ts';
import { asObject, asText, type Loose } from '../loose.ts';
import { podPath, readWorkload, type Workload } from './pods.ts';

/** One Kubernetes object that says something about identities. What it does not say of them was left out. */
export interface Manifest {
  readonly kind: string;
  readonly name: string;
  /** `*` for objects of the whole cluster, empty where nothing names the namespace. */
  readonly namespace: string;
  readonly repository: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly body: Loose;
  /** What a workload says of its pods. */
  readonly workload?: Workload;
  readonly evidence: Evidence;
}

/** What stands for a part of a text that only a template engine knows. */
export const UNKNOWN = '<';

const CLUSTER_KINDS = new Set(['ClusterRole', 'ClusterRoleBinding']);
/** Kinds other than workloads that are kept, and the fields of each that are. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Role: ['rules'],
  ClusterRole: ['rules', 'aggregationRule'],
  RoleBinding: ['roleRef', 'subjects'],
  ClusterRoleBinding: ['roleRef', 'subjects'],
  ServiceAccount: ['automountServiceAccountToken', 'imagePullSecrets'],
  Secret: ['type', 'data', 'stringData'],
  SealedSecret: [],
  ExternalSecret: ['spec'],
};

/** The fields of a kind other than a workload that are kept; undefined for other kinds. */
export function fieldsOf(kind: string): readonly string[] | undefined {
  return Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
}

/** Annotations that are read. */
export const ANNOTATIONS: readonly string[] = [
  'eks.amazonaws.com/role-arn',
  'iam.gke.io/gcp-service-account',
  'azure.workload.identity/client-id',
  'kubernetes.io/service-account.name',
];

/** What tools of secret managers replace: 1Password, vals, bank-vaults, and ARNs and addresses of managers. */
const REFERENCE =
  /^(?:op:\/\/|(?:secret)?ref\+\w+:\/\/|(?:>>)?vault:[\w-]+\/|(?:awss?sm|gcpsm|gsm|azkv|akv|doppler|bws):\/\/|arn:aws[\w-]*:secretsmanager:)/;

/** What an object is. */
export type ManifestHead = Pick<Manifest, 'kind' | 'name' | 'namespace'>;

/** What an object is, or undefined for one that says nothing of identities. */
export function readHead(value: Loose): ManifestHead | undefined {
  const metadata = asObject(value['metadata']);
  const kind = asText(value['kind']);
  const name = asText(metadata['name']) ?? asText(metadata['generateName']);
  if (kind === undefined || name === undefined || asText(value['apiVersion']) === undefined) return undefined;
  if (!isReadKind(kind, value)) return undefined;
  return { kind, name, namespace: CLUSTER_KINDS.has(kind) ? '*' : knownText(metadata['namespace']) };
}

/** Whether objects of a kind say something of identities. Of the value only `apiVersion` is looked at. */
export function isReadKind(kind: string, value: Loose): boolean {
  return fieldsOf(kind) !== undefined || podPath(kind, value) !== undefined;
}

/** Returns an object without what nobody reads, or undefined for one that says nothing of identities. */
export function toManifest(value: Loose, repository: string, evidence: () => Evidence): Manifest | undefined {
  const head = readHead(value);
  if (head === undefined) return undefined;
  const { kind, name, namespace } = head;
  const metadata = asObject(value['metadata']);
  const fields = fieldsOf(kind);
  const workload = fields === undefined ? readWorkload(kind, value) : undefined;
  return {
    kind,
    name,
    namespace,
    repository,
    labels: kind === 'ClusterRole' ? textsOf(metadata['labels']) : {},
    body: keepFields(value, fields ?? []),
    ...defined({ workload }),
    evidence: evidence(),
  };
}

function keepFields(value: Loose, fields: readonly string[]): Loose {
  const kept: Record<string, unknown> = {};
  for (const field of fields) if (value[field] !== undefined) kept[field] = value[field];
  if (kept['data'] !== undefined || kept['stringData'] !== undefined) hideValues(kept);
  const written = asObject(asObject(value['metadata'])['annotations']);
  const annotations = ANNOTATIONS.filter((key) => asText(written[key]) !== undefined);
  if (annotations.length > 0) kept['annotations'] = Object.fromEntries(annotations.map((key) => [key, written[key]]));
  return kept;
}

/** Of the data of a secret only stays whether any value is written there. */
function hideValues(kept: Record<string, unknown>): void {
  const values = [...Object.values(asObject(kept['data'])), ...Object.values(asObject(kept['stringData']))];
  kept['literal'] = values.some((value) => isLiteral(asText(value)));
  delete kept['data'];
  delete kept['stringData'];
}

/**
 * Blank values, and those that something else fills in (`$(KEY)`, `${KEY}`, a template, a reference to a secret
 * manager), are none.
 */
function isLiteral(value: string | undefined): boolean {
  const text = value?.trim() ?? '';
  return text !== '' && !/^(?:\$\(.*\)|\$\{.*\}|<.*>|\{\{.*\}\})$/s.test(text) && !REFERENCE.test(text);
}

/** A text that no template engine has to finish, or an empty one. */
export function knownText(value: unknown): string {
  const text = asText(value) ?? '';
  return text.includes(UNKNOWN) ? '' : text;
}

function textsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(asObject(value)).flatMap(([key, text]) => {
    const known = asText(text);
    return known === undefined ? [] : [[key, known] as const];
  });
  return Object.fromEntries(entries);
}

/** Id of the identity that an object declares. */
export function manifestId({
  repository,
  namespace,
  kind,
  name,
}: Omit<Manifest, 'labels' | 'body' | 'evidence'>): string {
  return objectId(repository, namespace, kind, name);
}

/** Id of a Kubernetes object. Those of a service account carry no kind. */
export function objectId(repository: string, namespace: string, kind: string, name: string): string {
  const last = kind === 'ServiceAccount' ? name : `${PREFIXES[kind] ?? kind}/${name}`;
  return `kubernetes:${repository}:${namespace}:${last}`;
}

const PREFIXES: Readonly<Record<string, string>> = {
  Secret: 'secret',
  SealedSecret: 'secret',
  ExternalSecret: 'secret',
  Role: 'role',
  ClusterRole: 'role',
  RoleBinding: 'binding',
  ClusterRoleBinding: 'binding',
  User: 'user',
  Group: 'group',
};

/** Name of an object as people say it. */
export function displayName(namespace: string, name: string): string {
  return namespace === '' || namespace === '*' ? name : `${namespace}/${name}`;
}
