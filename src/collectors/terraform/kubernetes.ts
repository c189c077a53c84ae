import { childBodies } from '../../lib/hcl/index.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { addDeclared, declaredBlock, principalId } from './declare.ts';
import { attributeValue, evidenceOf, resourcesOf, type TerraformBlock, type TerraformModule } from './module.ts';
import { booleanOf, resolve, stringMapOf, textOf } from './resolve.ts';

const VERSIONS = ['', '_v1'];

/**
 * Reads service accounts of the Kubernetes provider, the cloud roles in their annotations, and cluster-admin bindings.
 */
export function collectKubernetes(module: TerraformModule, drafts: Drafts): void {
  for (const version of VERSIONS) {
    for (const block of resourcesOf(module, `kubernetes_service_account${version}`)) addAccount(module, drafts, block);
    for (const block of resourcesOf(module, `kubernetes_cluster_role_binding${version}`))
      addBinding(module, drafts, block);
  }
}

function addAccount(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft | undefined {
  const [child] = childBodies(block.body, 'metadata');
  const metadata = child === undefined ? undefined : { ...block, body: child.body };
  const name = metadata && textOf(module, metadata, 'name');
  if (metadata === undefined || name === undefined) return undefined;
  const written = attributeValue(metadata, 'namespace');
  const namespace = written === undefined ? 'default' : textOf(module, metadata, 'namespace');
  if (namespace === undefined) return undefined;
  const evidence = evidenceOf(block);
  const draft = accountDraft(module, drafts, block, namespace, name);
  const automount = attributeValue(block, 'automount_service_account_token');
  const mounts = automount === undefined ? true : booleanOf(module, block, 'automount_service_account_token');
  setFacts(draft, { automountToken: mounts, isDefault: name === 'default' }, evidence.source);
  const annotations = stringMapOf(module, attributeValue(metadata, 'annotations'));
  const role = annotations['eks.amazonaws.com/role-arn'];
  if (role !== undefined) drafts.edge(draft.id, 'can-assume', { kind: 'aws-arn', value: role }, evidence);
  addDeclaredRole(module, drafts, draft, metadata);
  const google = annotations['iam.gke.io/gcp-service-account'];
  if (google !== undefined)
    drafts.edge(draft.id, 'can-assume', { kind: 'gcp-service-account', value: google }, evidence);
  return draft;
}

/** The role is usually written as a reference: `aws_iam_role.app.arn`. */
function addDeclaredRole(module: TerraformModule, drafts: Drafts, draft: Draft, metadata: TerraformBlock): void {
  const value = attributeValue(metadata, 'annotations');
  const map = value === undefined ? undefined : resolve(module, value);
  if (typeof map !== 'object' || map === null) return;
  const role = new Map(Object.entries(map)).get('eks.amazonaws.com/role-arn');
  const block = typeof role === 'string' ? declaredBlock(module, role) : undefined;
  if (block !== undefined) drafts.edge(draft.id, 'can-assume', byId(principalId(module, block)), evidenceOf(metadata));
}

function accountDraft(
  module: TerraformModule,
  drafts: Drafts,
  block: TerraformBlock,
  namespace: string,
  name: string,
): Draft {
  const id = `kubernetes:${module.repository}:${namespace}:${name}`;
  const draft = addDeclared(module, drafts, block, { id, type: 'k8s_service_account', provider: 'kubernetes', name });
  addKey(draft, 'kubernetes-service-account', `${namespace}:${name}`);
  return draft;
}

function addBinding(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const [role] = childBodies(block.body, 'role_ref');
  const name = role && textOf(module, { ...block, body: role.body }, 'name');
  if (name === undefined) return;
  for (const child of childBodies(block.body, 'subject')) {
    const subject = { ...block, body: child.body };
    if (textOf(module, subject, 'kind') !== 'ServiceAccount') continue;
    const account = textOf(module, subject, 'name');
    const namespace =
      attributeValue(subject, 'namespace') === undefined ? 'default' : textOf(module, subject, 'namespace');
    if (account === undefined || namespace === undefined) continue;
    grant(block, accountDraft(module, drafts, block, namespace, account), name);
  }
}

function grant(block: TerraformBlock, draft: Draft, role: string): void {
  const { source, location } = evidenceOf(block);
  const admin = role === 'cluster-admin';
  draft.grants.push({
    permission: role,
    resource: 'cluster',
    tier: admin ? 0 : 2,
    source,
    ...(location && { location }),
  });
  if (admin) setFacts(draft, { clusterAdmin: true, privilegeTier: 0 }, source);
}
