import { defined } from '../../lib/fields/defined.ts';
import type { HclValue } from '../../lib/hcl/index.ts';
import { childBodies } from '../../lib/hcl/index.ts';
import type { AttachedPolicy, Boundary } from '../../permissions/aws/analyse.ts';
import { isUnknown, type PolicyDocument, readPolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument, managedPolicyName } from '../../permissions/aws/managed.ts';
import { attributeValue, evidenceOf, resourcesOf, type TerraformBlock, type TerraformModule } from './module.ts';
import { findBlock, itemsOf, referencedBlock, resolve, textOf } from './resolve.ts';

type Kind = 'user' | 'role' | 'group';

const TYPE_OF: Readonly<Record<Kind, string>> = { user: 'aws_iam_user', role: 'aws_iam_role', group: 'aws_iam_group' };
const KINDS: readonly Kind[] = ['user', 'role', 'group'];

/** Policies by the address of the user, role or group to which they are attached. */
export type Attachments = ReadonlyMap<string, readonly AttachedPolicy[]>;

/**
 * Collects every attachment of a module: separate resources, inline policies of roles, and policies that users have
 * from groups.
 */
export function readAttachments(module: TerraformModule): Attachments {
  const byPrincipal = new Map<string, AttachedPolicy[]>();
  const add = (to: TerraformBlock | undefined, policies: readonly AttachedPolicy[]): void => {
    if (to === undefined) return;
    const list = byPrincipal.get(to.address) ?? [];
    byPrincipal.set(to.address, list);
    list.push(...policies);
  };
  for (const kind of KINDS) {
    for (const block of resourcesOf(module, `aws_iam_${kind}_policy_attachment`)) {
      add(target(module, block, kind, kind), managedPolicies(module, block, attributeValue(block, 'policy_arn')));
    }
    for (const block of resourcesOf(module, `aws_iam_${kind}_policy`)) {
      add(target(module, block, kind, kind), [inlinePolicy(module, block, attributeValue(block, 'policy'))]);
    }
    for (const block of resourcesOf(module, 'aws_iam_policy_attachment')) {
      const policies = managedPolicies(module, block, attributeValue(block, 'policy_arn'));
      for (const item of itemsOf(block, `${kind}s`) ?? []) add(principal(module, item, kind), policies);
    }
  }
  for (const role of resourcesOf(module, 'aws_iam_role')) add(role, ownPolicies(module, role));
  for (const [user, group] of memberships(module)) add(user, byPrincipal.get(group.address) ?? []);
  return byPrincipal;
}

function memberships(module: TerraformModule): [user: TerraformBlock, group: TerraformBlock][] {
  const pairs: [TerraformBlock | undefined, TerraformBlock | undefined][] = [];
  for (const block of resourcesOf(module, 'aws_iam_user_group_membership')) {
    const user = principal(module, attributeValue(block, 'user'), 'user');
    for (const item of itemsOf(block, 'groups') ?? []) pairs.push([user, principal(module, item, 'group')]);
  }
  for (const block of resourcesOf(module, 'aws_iam_group_membership')) {
    const group = principal(module, attributeValue(block, 'group'), 'group');
    for (const item of itemsOf(block, 'users') ?? []) pairs.push([principal(module, item, 'user'), group]);
  }
  return pairs.filter(
    (pair): pair is [TerraformBlock, TerraformBlock] => pair[0] !== undefined && pair[1] !== undefined,
  );
}

function target(
  module: TerraformModule,
  block: TerraformBlock,
  attribute: string,
  kind: Kind,
): TerraformBlock | undefined {
  return principal(module, attributeValue(block, attribute), kind);
}

/** Returns the user, role or group that a value names. */
export function principal(
  module: TerraformModule,
  value: HclValue | undefined,
  kind: Kind,
): TerraformBlock | undefined {
  return findBlock(module, value, [TYPE_OF[kind]], ['name', 'id', 'arn']);
}

function ownPolicies(module: TerraformModule, role: TerraformBlock): AttachedPolicy[] {
  const managed = itemsOf(role, 'managed_policy_arns') ?? [];
  const inline = childBodies(role.body, 'inline_policy').filter(
    (child) => attributeValue(child, 'policy') !== undefined,
  );
  return [
    ...managed.flatMap((item) => managedPolicies(module, role, item)),
    ...inline.map((child) => inlinePolicy(module, { ...role, body: child.body }, attributeValue(child, 'policy'))),
  ];
}

function inlinePolicy(module: TerraformModule, block: TerraformBlock, value: HclValue | undefined): AttachedPolicy {
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'name') ?? block.name;
  return { name, source: evidence.source, document: documentOf(module, block, value) };
}

/** Returns the document in a `policy` attribute, with the place of the block. */
export function documentOf(
  module: TerraformModule,
  block: TerraformBlock,
  value: HclValue | undefined,
): PolicyDocument {
  const data = value === undefined ? undefined : resolve(module, value);
  return readPolicyDocument(data, evidenceOf(block).location);
}

/** Returns the policies that an ARN value means: usually one, and with `for_each` one for each known element. */
function managedPolicies(
  module: TerraformModule,
  block: TerraformBlock,
  value: HclValue | undefined,
): AttachedPolicy[] {
  if (value?.kind === 'reference' && value.path[0] === 'each') {
    const items = itemsOf(block, 'for_each') ?? mapValues(attributeValue(block, 'for_each'));
    if (items !== undefined) return items.map((item) => managedPolicy(module, block, item));
  }
  return [managedPolicy(module, block, value)];
}

function mapValues(value: HclValue | undefined): readonly HclValue[] | undefined {
  return value?.kind === 'object' ? value.entries.map((entry) => entry.value) : undefined;
}

function managedPolicy(module: TerraformModule, block: TerraformBlock, value: HclValue | undefined): AttachedPolicy {
  const { source } = evidenceOf(block);
  const declared = findBlock(module, value, ['aws_iam_policy'], ['arn', 'id']);
  if (declared?.mode === 'resource') {
    const document = documentOf(module, declared, attributeValue(declared, 'policy'));
    return { name: textOf(module, declared, 'name') ?? declared.name, source, document };
  }
  const arn = arnOf(module, value);
  const document = arn === undefined ? undefined : managedPolicyDocument(arn);
  const name = (arn === undefined ? undefined : (managedPolicyName(arn) ?? arn)) ?? writtenName(value);
  return { name, source, ...defined({ document }) };
}

/**
 * Returns the ARN as text. For a data source `aws_iam_policy` by name, it is the ARN that this name has if AWS manages
 * the policy.
 */
function arnOf(module: TerraformModule, value: HclValue | undefined): string | undefined {
  const data = value?.kind === 'reference' ? referencedBlock(module, value.path) : undefined;
  if (data?.mode === 'data' && data.type === 'aws_iam_policy') {
    const name = textOf(module, data, 'name');
    const managed = name === undefined ? undefined : `arn:aws:iam::aws:policy/${name}`;
    return (
      textOf(module, data, 'arn') ?? (managed !== undefined && managedPolicyDocument(managed) ? managed : undefined)
    );
  }
  const text = value === undefined ? undefined : resolve(module, value);
  if (typeof text !== 'string') return undefined;
  // For example `arn:${data.aws_partition.current.partition}:iam::aws:policy/x`.
  return text.replace(/^arn:\$\{[^}]*partition\}:/, 'arn:aws:');
}

function writtenName(value: HclValue | undefined): string {
  return value !== undefined && 'text' in value ? value.text.slice(0, 200) : 'unknown';
}

/** Returns the permissions boundary of a user or role, if one is set. */
export function boundaryOf(module: TerraformModule, block: TerraformBlock): Boundary | undefined {
  const value = attributeValue(block, 'permissions_boundary');
  const resolved = value === undefined ? null : resolve(module, value);
  if (value === undefined || resolved === null || resolved === '') return undefined;
  const policy = managedPolicy(module, block, isUnknown(resolved) ? undefined : value);
  return policy.document ?? 'unknown';
}
