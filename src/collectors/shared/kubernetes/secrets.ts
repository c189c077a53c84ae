import { mergeFields } from '../../../lib/fields/merge-fields.ts';
import { setFacts } from '../identity-drafts.ts';
import { asObject, asText } from '../loose.ts';
import type { Graph } from './contract.ts';
import { displayName, type Manifest, manifestId } from './manifest.ts';

const TOKEN = 'kubernetes.io/service-account-token';

/** Adds Secret objects, and what makes them: sealed secrets and references to a secret store. */
export function addSecrets({ drafts, byKind }: Graph): void {
  for (const manifest of byKind.get('Secret') ?? []) addSecret(drafts, manifest);
  for (const manifest of byKind.get('SealedSecret') ?? []) setStorage(drafts, manifest, 'encrypted_file');
  for (const manifest of byKind.get('ExternalSecret') ?? []) {
    const target = asText(asObject(asObject(manifest.body['spec'])['target'])['name']);
    setStorage(drafts, mergeFields(manifest, { name: target ?? manifest.name }), 'vault');
  }
}

function draftSecret(drafts: Graph['drafts'], manifest: Manifest) {
  const { repository, namespace, name, evidence } = manifest;
  const head = {
    id: manifestId(manifest),
    type: 'k8s_secret',
    provider: 'kubernetes',
    name: displayName(namespace, name),
    account: repository,
  };
  return drafts.identity(head, evidence);
}

function setStorage(drafts: Graph['drafts'], manifest: Manifest, storage: string): void {
  const draft = draftSecret(drafts, manifest);
  setFacts(draft, { storage, literalData: false }, manifest.evidence.source);
}

function addSecret(drafts: Graph['drafts'], manifest: Manifest): void {
  const { namespace, body, evidence } = manifest;
  const draft = draftSecret(drafts, manifest);
  const type = asText(body['type']) ?? 'Opaque';
  const literalData = body['literal'] === true;
  const storage = literalData ? 'plaintext_file' : undefined;
  setFacts(draft, { secretType: type, literalData, storage }, evidence.source);
  if (type !== TOKEN) return;
  setFacts(draft, { expiresAt: 'never' }, evidence.source);
  const account = asText(asObject(body['annotations'])['kubernetes.io/service-account.name']);
  if (account === undefined) return;
  const key = { kind: 'kubernetes-service-account', value: `${namespace}:${account}` };
  drafts.edge(draft.id, 'has-credential', key, evidence, true);
}
