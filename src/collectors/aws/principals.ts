import { defined } from '../../lib/fields/defined.ts';
import type { Evidence } from '../../model/identity.ts';
import type { PermissionFacts } from '../../permissions/aws/analyse.ts';
import { addAssumeEdges, addOwners, addPermissions, addTagFacts, addTrust } from '../shared/aws-principal.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { type AccountPolicies, allOf, type Group, groupNames, DETAILS_SOURCE as SOURCE } from './account-policies.ts';
import { dateOf, type JsonRecord, recordOf, recordsOf, tagsOf, textOf } from './json.ts';
import type { Principal } from './work.ts';

const EVIDENCE: Evidence = { collector: 'aws', source: SOURCE };
/** Policies of the customer; those of AWS have `aws` in place of the account. */
const OWN_POLICY = /^arn:aws[\w-]*:iam::\d{12}:policy\//;

/** A user or role with its permissions, trust, owners and dates. */
export function addPrincipal(
  drafts: Drafts,
  account: string,
  policies: AccountPolicies,
  principal: Principal,
  facts: PermissionFacts,
): void {
  const draft = addFacts(drafts, principal, facts);
  if (principal.type === 'iam_user') addUser(drafts, policies, draft, principal.record);
  else addRole(drafts, policies, draft, principal.record, account);
}

/** The groups and policies of an account. */
export function addGroupsAndPolicies(drafts: Drafts, pages: readonly JsonRecord[], policies: AccountPolicies): void {
  for (const group of policies.groups.values()) addGroup(drafts, policies, group);
  for (const policy of allOf(pages, 'Policies')) addPolicy(drafts, policies, policy);
}

/** Returns the draft of a principal by its ARN. All endpoints that know the principal share it. */
export function principalDraft(drafts: Drafts, arn: string, type: string, name: string, evidence: Evidence): Draft {
  const account = /^arn:aws[\w-]*:iam::(\d{12}):/.exec(arn)?.[1];
  const draft = drafts.identity({ id: arn, type, provider: 'aws', name, account }, evidence);
  addKey(draft, 'aws-arn', arn);
  return draft;
}

function addFacts(drafts: Drafts, { type, record, arn, name }: Principal, facts: PermissionFacts): Draft {
  const draft = principalDraft(drafts, arn, type, name, EVIDENCE);
  setFacts(draft, { createdAt: dateOf(record['CreateDate']) }, SOURCE, 'exact');
  const tags = tagsOf(record['Tags']);
  addOwners(drafts, draft, tags, EVIDENCE);
  addTagFacts(draft, tags, SOURCE);
  addPermissions(draft, facts, SOURCE);
  addAssumeEdges(drafts, draft, facts, EVIDENCE);
  addPolicyEdges(drafts, draft, record);
  return draft;
}

function addUser(drafts: Drafts, { groups }: AccountPolicies, draft: Draft, user: JsonRecord): void {
  setFacts(draft, { directPolicies: namesOfPolicies(user) }, SOURCE);
  for (const name of groupNames(user)) {
    const arn = groups.get(name)?.arn;
    if (arn !== undefined) drafts.edge(draft.id, 'member-of', byId(arn), EVIDENCE);
  }
}

/** A group is no principal, but what it allows its members all may. */
function addGroup(drafts: Drafts, { analyser }: AccountPolicies, { record, arn, policies }: Group): void {
  const name = textOf(record['GroupName']);
  if (arn === undefined || name === undefined) return;
  const draft = principalDraft(drafts, arn, 'iam_group', name, EVIDENCE);
  setFacts(draft, { createdAt: dateOf(record['CreateDate']) }, SOURCE, 'exact');
  addPermissions(draft, analyser.analyse(policies), SOURCE);
  addPolicyEdges(drafts, draft, record);
}

/** A policy of the account, attached or not: whoever gets it next has what it allows. */
function addPolicy(drafts: Drafts, policies: AccountPolicies, policy: JsonRecord): void {
  const arn = textOf(policy['Arn']) ?? '';
  const name = textOf(policy['PolicyName']);
  if (!OWN_POLICY.test(arn) || name === undefined) return;
  const draft = principalDraft(drafts, arn, 'iam_policy', name, EVIDENCE);
  const { AttachmentCount: count, PermissionsBoundaryUsageCount: limits } = policy;
  const attached = typeof count === 'number' ? count > 0 || Number(limits ?? 0) > 0 : undefined;
  setFacts(
    draft,
    { attached, createdAt: dateOf(policy['CreateDate']), updatedAt: dateOf(policy['UpdateDate']) },
    SOURCE,
    'exact',
  );
  const document = policies.own(arn);
  addPermissions(draft, policies.analyser.analyse([{ name, source: SOURCE, ...defined({ document }) }]), SOURCE);
  addOwners(drafts, draft, tagsOf(policy['Tags']), EVIDENCE);
}

/** Edges to the policies of the account that a principal or a group has. */
function addPolicyEdges(drafts: Drafts, draft: Draft, record: JsonRecord): void {
  for (const policy of recordsOf(record['AttachedManagedPolicies'])) {
    const arn = textOf(policy['PolicyArn']) ?? '';
    if (OWN_POLICY.test(arn)) drafts.edge(draft.id, 'holds', byId(arn), EVIDENCE);
  }
}

/** Names of the policies that hang on a user itself and not on its groups. */
function namesOfPolicies(user: JsonRecord): string[] {
  const policies = [...recordsOf(user['UserPolicyList']), ...recordsOf(user['AttachedManagedPolicies'])];
  return policies.map((policy) => textOf(policy['PolicyName']) ?? 'inline');
}

function addRole(drafts: Drafts, { texts }: AccountPolicies, draft: Draft, role: JsonRecord, account: string): void {
  const accounts = [account, draft.account].filter((id) => id !== undefined);
  addTrust(drafts, draft, texts.trust(role['AssumeRolePolicyDocument'], accounts), SOURCE, EVIDENCE);
  if (!('RoleLastUsed' in role)) return;
  const lastUsedAt = dateOf(recordOf(role['RoleLastUsed'])['LastUsedDate']);
  setFacts(draft, { lastUsedAt, neverUsed: lastUsedAt === undefined }, SOURCE, 'approximate');
}
