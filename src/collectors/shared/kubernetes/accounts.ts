import { setFacts } from '../identity-drafts.ts';
import { asObject, asText } from '../loose.ts';
import type { Graph } from './contract.ts';
import { displayName, type Manifest } from './manifest.ts';
import { draftAccount } from './subjects.ts';

/** Annotations that let a service account act in a cloud, and the join key for their value. */
const CLOUD_ANNOTATIONS: readonly (readonly [annotation: string, keyKind: string])[] = [
  ['eks.amazonaws.com/role-arn', 'aws-arn'],
  ['iam.gke.io/gcp-service-account', 'gcp-service-account'],
  ['azure.workload.identity/client-id', 'azure-client-id'],
];

/** Adds the service accounts that are declared. */
export function addAccounts({ drafts, byKind }: Graph): void {
  for (const manifest of byKind.get('ServiceAccount') ?? []) addAccount(drafts, manifest);
}

function addAccount(drafts: Graph['drafts'], { repository, namespace, name, body, evidence }: Manifest): void {
  const draft = draftAccount(drafts, repository, namespace, name, evidence);
  setFacts(draft, { automountToken: body['automountServiceAccountToken'] !== false }, evidence.source);
  const annotations = asObject(body['annotations']);
  for (const [annotation, kind] of CLOUD_ANNOTATIONS) {
    const value = asText(annotations[annotation]);
    if (value !== undefined) drafts.edge(draft.id, 'can-assume', { kind, value }, evidence);
  }
}

/** Says whether a service account is declared, and where it is so only once. */
export interface AccountBook {
  has(namespace: string, name: string): boolean;
  /** True if accounts of this namespace are declared here at all. */
  knows(namespace: string): boolean;
  find(namespace: string, name: string): Manifest | undefined;
}

/** Makes a book of the declared service accounts. */
export function makeAccountBook({ byKind }: Graph): AccountBook {
  const accounts = new Map<string, Manifest>();
  const namespaces = new Set<string>();
  for (const manifest of byKind.get('ServiceAccount') ?? []) {
    accounts.set(displayName(manifest.namespace, manifest.name), manifest);
    namespaces.add(manifest.namespace);
  }
  return {
    has: (namespace, name) => name === 'default' || accounts.has(displayName(namespace, name)),
    knows: (namespace) => namespaces.has(namespace),
    find: (namespace, name) => accounts.get(displayName(namespace, name)),
  };
}
