import { defined } from '../../lib/fields/defined.ts';
import type { Evidence } from '../../model/identity.ts';
import type { AttachedPolicy } from '../../permissions/aws/analyse.ts';
import { isUnknown, type PolicyValue, readPolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument, managedPolicyName } from '../../permissions/aws/managed.ts';
import { listOf, logicalId, mappingOf, plainText, type Template, type TemplateEntry } from './template.ts';

/** Types of identity by the type of the resource that has policies. */
const HOLDERS: Readonly<Record<string, string>> = {
  'AWS::IAM::User': 'iam_user',
  'AWS::IAM::Role': 'iam_role',
  'AWS::IAM::Group': 'iam_group',
};
/** Properties of a policy that say who has it. */
const TARGETS: Readonly<Record<string, string>> = {
  Users: 'iam_user',
  UserName: 'iam_user',
  Roles: 'iam_role',
  RoleName: 'iam_role',
  Groups: 'iam_group',
  GroupName: 'iam_group',
};
/** Policies that are no resource of AWS: each is part of the users, roles and groups that it names. */
const INLINE = /^AWS::IAM::(?:User|Role|Group)?Policy$/;
/** Properties that hold the name of what a template declares. */
export const NAMES: readonly string[] = ['UserName', 'RoleName', 'GroupName', 'ManagedPolicyName', 'PolicyName'];

/** A policy with the places that give it, and the group that it comes from. */
export interface GivenPolicy extends AttachedPolicy {
  readonly place: Evidence;
  readonly group?: string;
}

/** Who is named in a template and not declared there. */
export interface NamedHolder {
  readonly type: string;
  readonly name: string;
}

export interface Attachments {
  /** By the logical id of who has them, or by the key of who is only named. */
  readonly policies: ReadonlyMap<string, readonly GivenPolicy[]>;
  readonly named: ReadonlyMap<string, NamedHolder>;
}

/** Collects every policy of a template with who has it. Users also have the policies of their groups. */
export function readAttachments(template: Template): Attachments {
  const policies = new Map<string, GivenPolicy[]>();
  const named = new Map<string, NamedHolder>();
  const add = (key: string, given: readonly GivenPolicy[]): void => {
    const list = policies.get(key) ?? [];
    policies.set(key, list);
    list.push(...given);
  };
  const keyOf = makeKeyOf(template, named);
  const entries = [...template.resources.values()];
  for (const entry of entries) {
    if (Object.hasOwn(HOLDERS, entry.type)) add(entry.name, given(ownPolicies(template, entry), entry));
    if (!isInline(entry) && entry.type !== 'AWS::IAM::ManagedPolicy') continue;
    for (const [type, target] of targetsOf(entry)) {
      const key = keyOf(type, target);
      if (key !== undefined) add(key, given([documentPolicy(entry)], entry));
    }
  }
  for (const entry of entries.filter((candidate) => candidate.type === 'AWS::IAM::User')) {
    for (const group of listOf(entry.properties['Groups'])) {
      const key = keyOf('iam_group', group) ?? '';
      add(
        entry.name,
        (policies.get(key) ?? []).map((policy) => ({ ...policy, group: key })),
      );
    }
  }
  return { policies, named };
}

/** True for a policy that is part of who has it. */
export function isInline({ type }: TemplateEntry): boolean {
  return INLINE.test(type);
}

/** Finds whom a value names: a logical id, or a key of its own for a name that the template does not declare. */
function makeKeyOf(
  template: Template,
  named: Map<string, NamedHolder>,
): (type: string, target: PolicyValue) => string | undefined {
  const names = namesOf(template);
  return (type, target) => {
    const id = logicalId(target);
    if (id !== undefined) return id;
    const name = plainText(target);
    if (name === undefined || name === '') return undefined;
    const key = `${type}:${name}`;
    const declared = names.get(key);
    if (declared === undefined) named.set(key, { type, name });
    return declared ?? key;
  };
}

function given(policies: readonly AttachedPolicy[], { evidence }: TemplateEntry): GivenPolicy[] {
  return policies.map((policy) => ({ ...policy, place: evidence }));
}

function targetsOf({ properties }: TemplateEntry): readonly (readonly [type: string, target: PolicyValue])[] {
  return Object.entries(TARGETS).flatMap(([name, type]) =>
    listOf(properties[name]).map((target) => [type, target] as const),
  );
}

/** Maps literal names of principals, each with its type before it, to their logical ids. */
export function namesOf(template: Template): ReadonlyMap<string, string> {
  const pairs: [string, string][] = [];
  for (const entry of template.resources.values()) {
    const type = HOLDERS[entry.type];
    const name = NAMES.map((key) => plainText(entry.properties[key])).find((text) => text !== undefined);
    if (type !== undefined && name !== undefined) pairs.push([`${type}:${name}`, entry.name]);
  }
  return new Map(pairs);
}

function ownPolicies(template: Template, entry: TemplateEntry): AttachedPolicy[] {
  const { source, location } = entry.evidence;
  const inline = listOf(entry.properties['Policies']).map((policy) => {
    const { PolicyName: name, PolicyDocument: data } = mappingOf(policy);
    return { name: plainText(name) ?? 'inline', source, document: readPolicyDocument(data, location) };
  });
  const managed = listOf(entry.properties['ManagedPolicyArns']).map((arn) => managedPolicy(template, arn, source));
  return [...inline, ...managed];
}

/** Returns the policy of an ARN: one that AWS manages, or one of the template. */
export function managedPolicy(template: Template, arn: PolicyValue, source: string): AttachedPolicy {
  const declared = template.resources.get(logicalId(arn) ?? '');
  if (declared?.type === 'AWS::IAM::ManagedPolicy') return documentPolicy(declared);
  if (typeof arn !== 'string') return { name: isUnknown(arn) ? arn.text : 'unknown', source };
  const document = managedPolicyDocument(arn);
  return { name: managedPolicyName(arn) ?? arn, source, ...defined({ document }) };
}

export function documentPolicy({ name, properties, evidence }: TemplateEntry): AttachedPolicy {
  const given = plainText(properties['PolicyName']) ?? plainText(properties['ManagedPolicyName']);
  const document = readPolicyDocument(properties['PolicyDocument'], evidence.location);
  return { name: given ?? name, source: evidence.source, document };
}
