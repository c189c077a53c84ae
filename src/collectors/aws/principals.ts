import { defined } from '../../lib/fields/defined.ts';
import type { Evidence } from '../../model/identity.ts';
import type { Json } from '../../model/json.ts';
import { type AttachedPolicy, analysePermissions, type Boundary } from '../../permissions/aws/analyse.ts';
import { type PolicyDocument, type PolicyValue, readPolicyDocument } from '../../permissions/aws/document.ts';
import { managedPolicyDocument } from '../../permissions/aws/managed.ts';
import { analyseTrust } from '../../permissions/aws/trust.ts';
import { addAssumeEdges, addOwners, addPermissions, addTagFacts, addTrust } from '../shared/aws-principal.ts';
import { addKey, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asText } from '../shared/loose.ts';
import { dateOf, type JsonRecord, recordOf, recordsOf, tagsOf, textOf } from './json.ts';

const SOURCE = 'iam:GetAccountAuthorizationDetails';
const EVIDENCE: Evidence = { collector: 'aws', source: SOURCE };
/** Roles that services of AWS own: nobody can change them. */
const SERVICE_PATH = '/aws-service-role/';

/** All pages together: a list continues from page to page. */
interface Details {
  readonly documents: ReadonlyMap<string, PolicyDocument>;
  readonly groups: ReadonlyMap<string, JsonRecord>;
}

/** Users and roles with their permissions, trust, owners and dates. */
export function addPrincipals(drafts: Drafts, pages: readonly JsonRecord[], account: string): void {
  const all = (list: string): readonly JsonRecord[] => pages.flatMap((page) => recordsOf(page[list]));
  const details: Details = {
    documents: new Map(all('Policies').flatMap(documentEntry)),
    groups: new Map(all('GroupDetailList').map((group) => [textOf(group['GroupName']) ?? '', group])),
  };
  for (const user of all('UserDetailList')) addUser(drafts, details, user);
  for (const role of all('RoleDetailList')) addRole(drafts, details, role, account);
}

/** The default version of a managed policy. */
function documentEntry(policy: JsonRecord): [arn: string, document: PolicyDocument][] {
  const arn = textOf(policy['Arn']);
  const versions = recordsOf(policy['PolicyVersionList']);
  const current = versions.find((version) => version['IsDefaultVersion'] === true);
  if (arn === undefined || current === undefined) return [];
  return [[arn, readPolicyDocument(policyData(current['Document']))]];
}

/** Recorded JSON is plain data. So it is a policy value without unknown parts. */
function policyData(value: Json | undefined): PolicyValue | undefined {
  return value as PolicyValue | undefined;
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
  const facts = analysePermissions(policiesOf(details, record), boundaryOf(details, record));
  addPermissions(draft, facts, SOURCE);
  addAssumeEdges(drafts, draft, facts, EVIDENCE);
  return draft;
}

function addUser(drafts: Drafts, details: Details, user: JsonRecord): void {
  addPrincipal(drafts, details, user, 'iam_user');
}

function addRole(drafts: Drafts, details: Details, role: JsonRecord, account: string): void {
  if (textOf(role['Path'])?.startsWith(SERVICE_PATH) === true) return;
  const draft = addPrincipal(drafts, details, role, 'iam_role');
  if (draft === undefined) return;
  const accounts = [account, draft.account].filter((id) => id !== undefined);
  const trust = analyseTrust(readPolicyDocument(policyData(role['AssumeRolePolicyDocument'])), accounts);
  addTrust(drafts, draft, trust, SOURCE, EVIDENCE);
  if (!('RoleLastUsed' in role)) return;
  const lastUsedAt = dateOf(recordOf(role['RoleLastUsed'])['LastUsedDate']);
  setFacts(draft, { lastUsedAt, neverUsed: lastUsedAt === undefined }, SOURCE, 'approximate');
}

/** Returns inline and attached policies, and those of the groups of a user. */
function policiesOf(details: Details, record: JsonRecord): AttachedPolicy[] {
  const inline = ['UserPolicyList', 'RolePolicyList', 'GroupPolicyList'].flatMap((list) => recordsOf(record[list]));
  const attached = recordsOf(record['AttachedManagedPolicies']);
  const names = Array.isArray(record['GroupList']) ? (record['GroupList'] as readonly Json[]) : [];
  const groups = names.map((name) => details.groups.get(asText(name) ?? ''));
  return [
    ...inline.map(inlinePolicy),
    ...attached.map((policy) => managedPolicy(details, policy)),
    ...groups.flatMap((group, index) =>
      group === undefined
        ? [{ name: `group ${asText(names[index]) ?? 'without a name'}`, source: SOURCE }]
        : policiesOf(details, group),
    ),
  ];
}

function inlinePolicy(policy: JsonRecord): AttachedPolicy {
  const name = textOf(policy['PolicyName']) ?? 'inline';
  return { name, source: SOURCE, document: readPolicyDocument(policyData(policy['PolicyDocument'])) };
}

function managedPolicy(details: Details, policy: JsonRecord): AttachedPolicy {
  const arn = textOf(policy['PolicyArn']) ?? '';
  const document = documentOf(details, arn);
  return { name: textOf(policy['PolicyName']) ?? arn, source: SOURCE, ...defined({ document }) };
}

function documentOf(details: Details, arn: string): PolicyDocument | undefined {
  return details.documents.get(arn) ?? managedPolicyDocument(arn);
}

function boundaryOf(details: Details, record: JsonRecord): Boundary | undefined {
  const arn = textOf(recordOf(record['PermissionsBoundary'])['PermissionsBoundaryArn']);
  return arn === undefined ? undefined : (documentOf(details, arn) ?? 'unknown');
}
