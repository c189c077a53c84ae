import { defined } from '../../../lib/fields/defined.ts';
import type { HclValue } from '../../../lib/hcl/index.ts';
import { childBodies } from '../../../lib/hcl/index.ts';
import { type AttachedPolicy, analysePermissions, type Boundary } from '../../../permissions/aws/analyse.ts';
import { isUnknown, type PolicyDocument, readPolicyDocument } from '../../../permissions/aws/document.ts';
import { managedPolicyDocument, managedPolicyName } from '../../../permissions/aws/managed.ts';
import { attributeValue, evidenceOf, resourcesOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { blocksWith, findBlock, isUnset, itemsOf, referencedBlock, resolve, textOf } from '../resolve.ts';
import { chosenFrom, elementsOf } from '../values/each.ts';
import { possibleValues } from '../values/possible.ts';

export type Kind = 'user' | 'role' | 'group' | 'permission_set';

const TYPE_OF: Readonly<Record<Kind, string>> = {
  user: 'aws_iam_user',
  role: 'aws_iam_role',
  group: 'aws_iam_group',
  permission_set: 'aws_ssoadmin_permission_set',
};
const KINDS = ['user', 'role', 'group'] as const;

/** A user, role, group or permission set with the policies that it has. */
export interface Holder {
  readonly kind: Kind;
  /** What declares it; absent where it is only named. */
  readonly block?: TerraformBlock;
  /** The name, or the address to which the module refers. */
  readonly name: string;
  readonly policies: AttachedPolicy[];
  /** Blocks that attach or hold its policies. */
  readonly attached: TerraformBlock[];
  /** Those of them, with their documents, that make it powerful. */
  readonly places: TerraformBlock[];
  /** Names of policies that a user has itself, not from a group. */
  readonly direct: string[];
}

/** Holders by the address of what declares them, else by kind and name. */
export type Attachments = Map<string, Holder>;

/**
 * Collects every attachment of a module: separate resources, inline policies, and policies that users have from groups.
 * Who is named and not declared is a holder, too.
 */
export function readAttachments(module: TerraformModule): Attachments {
  const holders: Attachments = new Map();
  for (const kind of KINDS) readKind(module, holders, kind);
  for (const block of resourcesOf(module, 'aws_ssoadmin_managed_policy_attachment')) {
    const policies = managedPolicies(module, block, attributeValue(block, 'managed_policy_arn'));
    attach(module, holders, 'permission_set', attributeValue(block, 'permission_set_arn'), block, policies);
  }
  for (const block of resourcesOf(module, 'aws_ssoadmin_permission_set_inline_policy')) {
    const policy = inlinePolicy(module, block, attributeValue(block, 'inline_policy'));
    attach(module, holders, 'permission_set', attributeValue(block, 'permission_set_arn'), block, [policy]);
  }
  for (const role of resourcesOf(module, 'aws_iam_role')) {
    const policies = ownPolicies(module, role);
    if (policies.length > 0) holderOf(holders, 'role', role).policies.push(...policies);
  }
  for (const [user, group] of memberships(module)) {
    const policies = holders.get(group.address)?.policies ?? [];
    if (policies.length > 0) holderOf(holders, 'user', user).policies.push(...policies);
  }
  return holders;
}

function readKind(module: TerraformModule, holders: Attachments, kind: Exclude<Kind, 'permission_set'>): void {
  for (const block of resourcesOf(module, `aws_iam_${kind}_policy_attachment`)) {
    const policies = managedPolicies(module, block, attributeValue(block, 'policy_arn'));
    attach(module, holders, kind, attributeValue(block, kind), block, policies);
  }
  for (const block of resourcesOf(module, `aws_iam_${kind}_policy`)) {
    const policy = inlinePolicy(module, block, attributeValue(block, 'policy'));
    attach(module, holders, kind, attributeValue(block, kind), block, [policy]);
  }
  for (const block of resourcesOf(module, 'aws_iam_policy_attachment')) {
    const policies = managedPolicies(module, block, attributeValue(block, 'policy_arn'));
    for (const item of itemsOf(block, `${kind}s`) ?? []) attach(module, holders, kind, item, block, policies);
  }
}

function attach(
  module: TerraformModule,
  holders: Attachments,
  kind: Kind,
  to: HclValue | undefined,
  block: TerraformBlock,
  policies: readonly AttachedPolicy[],
): void {
  const declared = principal(module, to, kind);
  const name = declared === undefined ? nameOf(module, to) : undefined;
  if (declared === undefined && name === undefined) return;
  const holder = declared === undefined ? namedHolder(holders, kind, name ?? '') : holderOf(holders, kind, declared);
  holder.policies.push(...policies);
  holder.attached.push(block);
  // What gives nothing much is no place of what the holder may do.
  if (policies.some(isPowerful)) holder.places.push(block, ...documentsOf(module, block));
  if (kind === 'user') holder.direct.push(...policies.map((policy) => policy.name));
}

function isPowerful(policy: AttachedPolicy): boolean {
  return policy.document !== undefined && analysePermissions([policy]).privilegeTier === 0;
}

function holderOf(holders: Attachments, kind: Kind, block: TerraformBlock): Holder {
  const known = holders.get(block.address);
  const holder = known ?? { kind, block, name: block.name, policies: [], attached: [], places: [], direct: [] };
  holders.set(block.address, holder);
  return holder;
}

function namedHolder(holders: Attachments, kind: Kind, name: string): Holder {
  const key = `${TYPE_OF[kind]}:${name}`;
  const known = holders.get(key);
  // What else it may do is declared elsewhere.
  const elsewhere: AttachedPolicy = { name: 'policies that are declared elsewhere', source: '' };
  const holder = known ?? { kind, name, policies: [elsewhere], attached: [], places: [], direct: [] };
  holders.set(key, holder);
  return holder;
}

/** The literal name, or the address to which a value refers: `aws_iam_role.ci`, where no block of this module is it. */
export function nameOf(module: TerraformModule, value: HclValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = resolve(module, value);
  if (typeof text === 'string') return text === '' || text.includes('${') ? undefined : text.slice(0, 128);
  if (value.kind !== 'reference') return undefined;
  const resource = /^(aws_\w+\.[\w-]+)\.\w+$/.exec(value.path.filter((step) => !step.startsWith('[')).join('.'));
  return resource?.[1];
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

/** Returns the user, role, group or permission set that a value names. */
export function principal(
  module: TerraformModule,
  value: HclValue | undefined,
  kind: Kind,
): TerraformBlock | undefined {
  return findBlock(module, value, [TYPE_OF[kind]], ['name', 'id', 'arn']);
}

function ownPolicies(module: TerraformModule, role: TerraformBlock): AttachedPolicy[] {
  const managed = itemsOf(role, 'managed_policy_arns') ?? resolvedItems(module, role, 'managed_policy_arns');
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

/** The policy documents to which the attributes of a block refer directly. */
export function documentsOf(module: TerraformModule, block: TerraformBlock): TerraformBlock[] {
  const paths = block.body.attributes.flatMap(({ value }) => (value.kind === 'reference' ? [value.path] : []));
  const blocks = paths.flatMap((path) => referencedBlock(module, path) ?? []);
  return blocks.filter(({ type }) => type === 'aws_iam_policy_document');
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
    const texts = elementsOf(module, block)?.map((each) => textValue(resolve(module, value, 0, each), value));
    if (texts !== undefined && texts.length > 0) return texts.map((text) => managedPolicy(module, block, text));
  }
  return [managedPolicy(module, block, value)];
}

/** The elements of a list that is not written as one; where nobody knows them, what is written, as one of them. */
function resolvedItems(module: TerraformModule, block: TerraformBlock, name: string): readonly HclValue[] {
  const value = attributeValue(block, name);
  const list = value === undefined ? null : resolve(module, value);
  if (value === undefined || list === null) return [];
  return Array.isArray(list) ? list.map((item: unknown) => textValue(item, value)) : [value];
}

/** A text as if it were written in the place of a value. */
function textValue(text: unknown, value: HclValue): HclValue {
  const { start, end } = value;
  return typeof text === 'string' ? { kind: 'string', value: text, start, end } : value;
}

function mapValues(given: HclValue | undefined): readonly HclValue[] | undefined {
  const value = given === undefined ? undefined : (chosenFrom(given) ?? given);
  return value?.kind === 'object' ? value.entries.map((entry) => entry.value) : undefined;
}

/** Returns the policy that an ARN value means. */
export function managedPolicy(
  module: TerraformModule,
  block: TerraformBlock,
  value: HclValue | undefined,
): AttachedPolicy {
  const { source } = evidenceOf(block);
  const declared =
    findBlock(module, value, ['aws_iam_policy'], ['arn', 'id']) ?? policyByName(module, arnOf(module, value));
  if (declared?.mode === 'resource') {
    const document = documentOf(module, declared, attributeValue(declared, 'policy'));
    return { name: textOf(module, declared, 'name') ?? declared.name, source, document };
  }
  const arn = arnOf(module, value);
  const document = arn === undefined ? undefined : managedPolicyDocument(arn);
  const name = (arn === undefined ? undefined : (managedPolicyName(arn) ?? arn)) ?? writtenName(value);
  return { name, source, ...defined({ document }) };
}

/** The policy of the module that has the name in an ARN with its account: `arn:aws:iam::1:policy/x`. */
function policyByName(module: TerraformModule, arn: string | undefined): TerraformBlock | undefined {
  const [, account = '', name = ''] =
    /^arn:aws[\w-]*:iam::([^:]{1,300}):policy\/(?:.{0,300}\/)?([\w+=,.@-]{1,128})$/.exec(arn ?? '') ?? [];
  if (name === '' || account === 'aws') return undefined;
  const same = blocksWith(module, 'aws_iam_policy', 'name', name);
  return same.length === 1 ? same[0] : undefined;
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
  // For example `arn:${data.aws_partition.current.partition}:iam::aws:policy/x`: only a partition can stand there.
  return text.replace(/^arn:\$\{[^{}]{0,500}\}:(?=iam::aws:policy\/)/, 'arn:aws:');
}

function writtenName(value: HclValue | undefined): string {
  return value !== undefined && 'text' in value ? value.text.slice(0, 200) : 'unknown';
}

/** Returns the permissions boundary of a user or role, if one is set. */
export function boundaryOf(module: TerraformModule, block: TerraformBlock): Boundary | undefined {
  const value = attributeValue(block, 'permissions_boundary');
  const resolved = value === undefined ? null : resolve(module, value);
  if (value === undefined || resolved === null || resolved === '' || isGivenNowhere(module, block, value))
    return undefined;
  const policy = managedPolicy(module, block, isUnknown(resolved) ? undefined : value);
  return policy.document ?? 'unknown';
}

/** A value that a variable of the configuration would give, and that nothing in the repository gives it. */
function isGivenNowhere(module: TerraformModule, block: TerraformBlock, value: HclValue): boolean {
  return possibleValues(module, block, value)?.values.every((item) => isUnset(module, item)) === true;
}
