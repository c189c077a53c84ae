import { childBodies, type HclValue } from '../../../lib/hcl/index.ts';
import type { PolicyValue } from '../../../permissions/aws/document.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, principalId } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { findBlock, itemsOf, resolve, textOf } from '../resolve.ts';

/** Access policies of EKS that make an administrator of whatever their scope is. */
const ADMINISTRATOR = /:cluster-access-policy\/(?:AmazonEKSClusterAdminPolicy|AmazonEKSAdminPolicy)$/;

/** Reads who of AWS may enter a cluster, and which service accounts get a role. */
export function collectEks(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'aws_eks_access_entry', 'aws_eks_access_policy_association')) {
    addEntry(module, drafts, block);
  }
  for (const block of resourcesOf(module, 'aws_eks_pod_identity_association')) addAssociations(module, drafts, block);
}

function addEntry(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const value = attributeValue(block, 'principal_arn');
  const role = findBlock(module, value, ['aws_iam_role', 'aws_iam_user'], ['arn']);
  const arn = textOf(module, block, 'principal_arn');
  const name = role === undefined ? (arn ?? block.name) : (textOf(module, role, 'name') ?? role.name);
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, { id, type: 'eks_access_entry', provider: 'aws', name });
  addAccess(module, draft, block);
  const key =
    role?.mode === 'resource'
      ? byId(principalId(module, role))
      : arn === undefined
        ? undefined
        : { kind: 'aws-arn', value: arn };
  if (key !== undefined) drafts.edge(id, 'uses', key, evidence, true);
}

function addAccess(module: TerraformModule, draft: Draft, block: TerraformBlock): void {
  const policy = textOf(module, block, 'policy_arn');
  const scopes = childBodies(block.body, 'access_scope').map(({ body }) => textOf(module, { ...block, body }, 'type'));
  // Blocks that exclude each other, by conditions that nobody can decide here.
  const width = new Set(scopes).size === 1 ? scopes[0] : undefined;
  const items = itemsOf(block, 'kubernetes_groups');
  const groups = (items ?? []).map((item) => resolve(module, item));
  const masters = groups.includes('system:masters');
  const isEntry = block.type === 'aws_eks_access_entry';
  const admin = isEntry
    ? masters
    : policy === undefined
      ? undefined
      : ADMINISTRATOR.test(policy) && width === 'cluster';
  const unread = isEntry && attributeValue(block, 'kubernetes_groups') !== undefined && items === undefined;
  const isKnown = !unread && (isEntry || policy === undefined || width !== undefined);
  const clusterAdmin = isKnown && !(isEntry && admin === false && isAssociated(module, block)) ? admin : undefined;
  const policyName = policy?.split('/').at(-1);
  setFacts(
    draft,
    { clusterAdmin, policies: policyName === undefined ? undefined : [policyName] },
    evidenceOf(block).source,
  );
}

/** True for an entry to which an association may give more: what it opens is said there. */
function isAssociated(module: TerraformModule, entry: TerraformBlock): boolean {
  const principal = JSON.stringify(resolveOf(module, entry, 'principal_arn'));
  return resourcesOf(module, 'aws_eks_access_policy_association').some(
    (association) => JSON.stringify(resolveOf(module, association, 'principal_arn')) === principal,
  );
}

function resolveOf(module: TerraformModule, block: TerraformBlock, name: string): PolicyValue | undefined {
  const value = attributeValue(block, name);
  return value === undefined ? undefined : resolve(module, value);
}

/** One association, or one for each element of a literal `for_each`. */
function addAssociations(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const each = attributeValue(block, 'for_each');
  const bodies = each?.kind === 'object' ? each.entries.map(({ value }) => value) : [undefined];
  for (const element of bodies) {
    const namespace = partOf(module, block, element, 'namespace');
    const account = partOf(module, block, element, 'service_account');
    const role = findBlock(module, attributeValue(block, 'role_arn'), ['aws_iam_role'], ['arn']);
    const arn = textOf(module, block, 'role_arn');
    if (namespace === undefined || account === undefined) continue;
    const key = { kind: 'kubernetes-service-account', value: `${namespace}:${account}` };
    if (role?.mode === 'resource') drafts.edge(principalId(module, role), 'can-assume', key, evidenceOf(block), true);
    else if (arn !== undefined) addRoleByArn(drafts, block, arn, key);
  }
}

/** A role that is only named: it is an entry of the inventory by its ARN. */
function addRoleByArn(drafts: Drafts, block: TerraformBlock, arn: string, key: { kind: string; value: string }): void {
  const account = /^arn:aws[\w-]*:iam::(\d{12}):role\//.exec(arn)?.[1];
  if (account === undefined) return;
  const evidence = evidenceOf(block);
  const name = arn.split('/').at(-1) ?? arn;
  const draft = drafts.identity({ id: arn, type: 'iam_role', provider: 'aws', name, account }, evidence);
  addKey(draft, 'aws-arn', arn);
  drafts.edge(arn, 'can-assume', key, evidence, true);
}

function partOf(
  module: TerraformModule,
  block: TerraformBlock,
  element: HclValue | undefined,
  name: string,
): string | undefined {
  const value = attributeValue(block, name);
  if (element?.kind !== 'object' || value?.kind !== 'reference' || value.path[0] !== 'each')
    return textOf(module, block, name);
  const entry = element.entries.find(({ key }) => key.kind === 'string' && key.value === value.path[2]);
  const text = entry === undefined ? undefined : resolve(module, entry.value);
  return typeof text === 'string' && !text.includes('${') ? text : undefined;
}
