import { defined } from '../../lib/fields/defined.ts';
import type { Evidence } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import { type AttachedPolicy, type Boundary, PermissionAnalyser } from '../../permissions/aws/analyse.ts';
import type { PolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument } from '../../permissions/aws/managed.ts';
import { addAssumeEdges, addOwners, addPermissions, addTagFacts, addTrust } from '../shared/aws-principal.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asText } from '../shared/loose.ts';
import { Documents } from './documents.ts';
import { dateOf, type JsonRecord, recordOf, recordsOf, tagsOf, textOf } from './json.ts';

const SOURCE = 'iam:GetAccountAuthorizationDetails';
const EVIDENCE: Evidence = { collector: 'aws', source: SOURCE };
/** Roles that services of AWS own: nobody can change them. */
const SERVICE_PATH = '/aws-service-role/';

/** Policies of the customer; those of AWS have `aws` in place of the account. */
const OWN_POLICY = /^arn:aws[\w-]*:iam::\d{12}:policy\//;

/** All pages together: a list continues from page to page. */
interface Details {
  /** By ARN. Policies of AWS that the dump lacks are added when somebody has them. */
  readonly documents: Map<string, PolicyDocument>;
  readonly groups: ReadonlyMap<string, Group>;
  /** What policies of resources allow, by the ARN of whom they name. */
  readonly granted: ReadonlyMap<string, readonly AttachedPolicy[]>;
  readonly analyser: PermissionAnalyser;
  /** Documents by their text. */
  readonly texts: Documents;
}

/** A group, with the policies that it gives its members. */
interface Group {
  readonly record: JsonRecord;
  readonly arn: string | undefined;
  readonly policies: readonly AttachedPolicy[];
}

/**
 * Users, roles, groups and policies with their permissions, trust, owners and dates. `granted`: what policies of
 * resources allow, by the ARN of whom they name.
 */
export function addPrincipals(
  drafts: Drafts,
  pages: readonly JsonRecord[],
  account: string,
  granted: Details['granted'],
): void {
  const all = (list: string): readonly JsonRecord[] => pages.flatMap((page) => recordsOf(page[list]));
  const texts = new Documents();
  const documents = new Map(all('Policies').flatMap((policy) => documentEntry(texts, policy)));
  const analyser = new PermissionAnalyser((arn) => documents.get(arn) ?? managedPolicyDocument(arn));
  const alone: Details = { documents, groups: new Map(), granted, analyser, texts };
  const groups = all('GroupDetailList').map((record) => readGroup(alone, record));
  const details: Details = { ...alone, groups: new Map(groups) };
  for (const user of all('UserDetailList')) addUser(drafts, details, user);
  for (const role of all('RoleDetailList')) addRole(drafts, details, role, account);
  for (const group of details.groups.values()) addGroup(drafts, details, group);
  for (const policy of all('Policies')) addPolicy(drafts, details, policy);
}

/** Its policies are read once, so that all members share their documents. */
function readGroup(details: Details, record: JsonRecord): [name: string, group: Group] {
  const arn = textOf(record['Arn']);
  return [textOf(record['GroupName']) ?? '', { record, arn, policies: policiesOf(details, record) }];
}

/** The default version of a managed policy. Without one nobody knows what it allows. */
function documentEntry(texts: Documents, policy: JsonRecord): [arn: string, document: PolicyDocument][] {
  const arn = textOf(policy['Arn']);
  const current = recordsOf(policy['PolicyVersionList']).find((version) => isDefault(policy, version));
  if (arn === undefined || current === undefined) return [];
  return [[arn, texts.read(current['Document'])]];
}

/** By its own mark, else by the id that the policy names. */
function isDefault(policy: JsonRecord, version: JsonRecord): boolean {
  const mark = version['IsDefaultVersion'];
  const id = textOf(version['VersionId']);
  return typeof mark === 'boolean' ? mark : id !== undefined && id === textOf(policy['DefaultVersionId']);
}

/** Returns the draft of a principal by its ARN. All endpoints that know the principal share it. */
export function principalDraft(drafts: Drafts, arn: string, type: string, name: string, evidence: Evidence): Draft {
  const account = /^arn:aws[\w-]*:iam::(\d{12}):/.exec(arn)?.[1];
  const draft = drafts.identity({ id: arn, type, provider: 'aws', name, account }, evidence);
  addKey(draft, 'aws-arn', arn);
  return draft;
}

function addPrincipal(drafts: Drafts, details: Details, record: JsonRecord, type: string): Draft | undefined {
  const arn = textOf(record['Arn']);
  const name = textOf(record['UserName']) ?? textOf(record['RoleName']);
  if (arn === undefined || !arn.startsWith('arn:') || name === undefined) return undefined;
  const draft = principalDraft(drafts, arn, type, name, EVIDENCE);
  setFacts(draft, { createdAt: dateOf(record['CreateDate']) }, SOURCE, 'exact');
  const tags = tagsOf(record['Tags']);
  addOwners(drafts, draft, tags, EVIDENCE);
  addTagFacts(draft, tags, SOURCE);
  const facts = details.analyser.analyse(policiesOf(details, record), boundaryOf(details, record), arn);
  addPermissions(draft, facts, SOURCE);
  addAssumeEdges(drafts, draft, facts, EVIDENCE);
  addPolicyEdges(drafts, draft, record);
  return draft;
}

function addUser(drafts: Drafts, details: Details, user: JsonRecord): void {
  const draft = addPrincipal(drafts, details, user, 'iam_user');
  if (draft === undefined) return;
  setFacts(draft, { directPolicies: namesOfPolicies(user) }, SOURCE);
  for (const name of groupNames(user)) {
    const arn = details.groups.get(name)?.arn;
    if (arn !== undefined) drafts.edge(draft.id, 'member-of', byId(arn), EVIDENCE);
  }
}

/** A group is no principal, but what it allows its members all may. */
function addGroup(drafts: Drafts, { analyser }: Details, { record, arn, policies }: Group): void {
  const name = textOf(record['GroupName']);
  if (arn === undefined || name === undefined) return;
  const draft = principalDraft(drafts, arn, 'iam_group', name, EVIDENCE);
  setFacts(draft, { createdAt: dateOf(record['CreateDate']) }, SOURCE, 'exact');
  addPermissions(draft, analyser.analyse(policies), SOURCE);
  addPolicyEdges(drafts, draft, record);
}

/** A policy of the account, attached or not: whoever gets it next has what it allows. */
function addPolicy(drafts: Drafts, { analyser, documents }: Details, policy: JsonRecord): void {
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
  const document = documents.get(arn);
  addPermissions(draft, analyser.analyse([{ name, source: SOURCE, ...defined({ document }) }]), SOURCE);
  addOwners(drafts, draft, tagsOf(policy['Tags']), EVIDENCE);
}

/** Edges to the policies of the account that a principal or a group has. */
function addPolicyEdges(drafts: Drafts, draft: Draft, record: JsonRecord): void {
  for (const policy of recordsOf(record['AttachedManagedPolicies'])) {
    const arn = textOf(policy['PolicyArn']) ?? '';
    if (OWN_POLICY.test(arn)) drafts.edge(draft.id, 'holds', byId(arn), EVIDENCE);
  }
}

function groupNames(user: JsonRecord): readonly string[] {
  const names = Array.isArray(user['GroupList']) ? (user['GroupList'] as readonly Json[]) : [];
  return names.map((name) => asText(name) ?? 'without a name');
}

/** Names of the policies that hang on a user itself and not on its groups. */
function namesOfPolicies(user: JsonRecord): string[] {
  const policies = [...recordsOf(user['UserPolicyList']), ...recordsOf(user['AttachedManagedPolicies'])];
  return policies.map((policy) => textOf(policy['PolicyName']) ?? 'inline');
}

function addRole(drafts: Drafts, details: Details, role: JsonRecord, account: string): void {
  if (textOf(role['Path'])?.startsWith(SERVICE_PATH) === true) return;
  const draft = addPrincipal(drafts, details, role, 'iam_role');
  if (draft === undefined) return;
  const accounts = [account, draft.account].filter((id) => id !== undefined);
  const trust = details.texts.trust(role['AssumeRolePolicyDocument'], accounts);
  addTrust(drafts, draft, trust, SOURCE, EVIDENCE);
  if (!('RoleLastUsed' in role)) return;
  const lastUsedAt = dateOf(recordOf(role['RoleLastUsed'])['LastUsedDate']);
  setFacts(draft, { lastUsedAt, neverUsed: lastUsedAt === undefined }, SOURCE, 'approximate');
}

/** Returns inline and attached policies, those of the groups of a user, and what resources allow by themselves. */
function policiesOf(details: Details, record: JsonRecord): AttachedPolicy[] {
  const inline = ['UserPolicyList', 'RolePolicyList', 'GroupPolicyList'].flatMap((list) => recordsOf(record[list]));
  const attached = recordsOf(record['AttachedManagedPolicies']);
  return [
    ...inline.map((policy) => inlinePolicy(details, policy)),
    ...attached.map((policy) => managedPolicy(details, policy)),
    ...(details.granted.get(textOf(record['Arn']) ?? '') ?? []),
    ...groupNames(record).flatMap(
      (name) => details.groups.get(name)?.policies ?? [{ name: `group ${name}`, source: SOURCE }],
    ),
  ];
}

function inlinePolicy({ texts }: Details, policy: JsonRecord): AttachedPolicy {
  const name = textOf(policy['PolicyName']) ?? 'inline';
  return { name, source: SOURCE, document: texts.read(policy['PolicyDocument']) };
}

function managedPolicy(details: Details, policy: JsonRecord): AttachedPolicy {
  const arn = textOf(policy['PolicyArn']) ?? '';
  const document = documentOf(details, arn);
  return { name: textOf(policy['PolicyName']) ?? arn, source: SOURCE, ...defined({ document }) };
}

function documentOf(details: Details, arn: string): PolicyDocument | undefined {
  const known = details.documents.get(arn);
  if (known !== undefined) return known;
  const document = managedPolicyDocument(arn);
  if (document !== undefined) details.documents.set(arn, document);
  return document;
}

function boundaryOf(details: Details, record: JsonRecord): Boundary | undefined {
  const arn = textOf(recordOf(record['PermissionsBoundary'])['PermissionsBoundaryArn']);
  return arn === undefined ? undefined : (documentOf(details, arn) ?? 'unknown');
}
