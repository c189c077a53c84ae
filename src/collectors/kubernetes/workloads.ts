import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import type { Manifest } from './manifest.ts';

const TEMPLATED = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job']);

/** Adds workloads with the service account that each uses, and Secret objects. */
export function addWorkloads(drafts: Drafts, manifests: readonly Manifest[]): void {
  for (const manifest of manifests) {
    const spec = podSpec(manifest);
    if (spec !== undefined) addWorkload(drafts, manifest, spec);
    if (manifest.kind === 'Secret') addSecret(drafts, manifest);
  }
}

function podSpec(manifest: Manifest): Loose | undefined {
  const spec = asObject(manifest.body['spec']);
  if (manifest.kind === 'Pod') return spec;
  if (TEMPLATED.has(manifest.kind)) return asObject(asObject(spec['template'])['spec']);
  if (manifest.kind !== 'CronJob') return undefined;
  const job = asObject(asObject(spec['jobTemplate'])['spec']);
  return asObject(asObject(job['template'])['spec']);
}

function addWorkload(drafts: Drafts, manifest: Manifest, spec: Loose): void {
  const { repository, namespace, kind, name, evidence } = manifest;
  const id = `kubernetes:${repository}:${namespace}:${kind}/${name}`;
  const head = {
    id,
    type: 'k8s_workload',
    provider: 'kubernetes',
    name: `${namespace}/${kind}/${name}`,
    account: repository,
  };
  const draft = drafts.identity(head, evidence);
  const account = asText(spec['serviceAccountName']) ?? asText(spec['serviceAccount']) ?? 'default';
  setFacts(draft, { isDefault: account === 'default' }, evidence.source);
  if (typeof spec['automountServiceAccountToken'] === 'boolean') {
    setFacts(draft, { automountToken: spec['automountServiceAccountToken'] }, evidence.source);
  }
  drafts.edge(id, 'uses', { kind: 'kubernetes-service-account', value: `${namespace}:${account}` }, evidence);
}

function addSecret(drafts: Drafts, manifest: Manifest): void {
  const { repository, namespace, name, body, evidence } = manifest;
  const id = `kubernetes:${repository}:${namespace}:secret/${name}`;
  const head = { id, type: 'k8s_secret', provider: 'kubernetes', name: `${namespace}/${name}`, account: repository };
  const draft = drafts.identity(head, evidence);
  const type = asText(body['type']) ?? 'Opaque';
  const names = [...Object.keys(asObject(body['data'])), ...Object.keys(asObject(body['stringData']))];
  setFacts(draft, { secretType: type, literalData: names.length > 0, storage: 'plaintext_file' }, evidence.source);
  if (type !== 'kubernetes.io/service-account-token') return;
  setFacts(draft, { expiresAt: 'never' }, evidence.source);
  const annotations = asObject(asObject(body['metadata'])['annotations']);
  const account = asText(annotations['kubernetes.io/service-account.name']);
  if (account === undefined) return;
  const key = { kind: 'kubernetes-service-account', value: `${namespace}:${account}` };
  drafts.edge(id, 'has-credential', key, evidence, true);
}
