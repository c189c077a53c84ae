import { analysePermissions } from '../../../permissions/aws/analyse.ts';
import { analyseTrust } from '../../../permissions/aws/trust.ts';
import { addAssumeEdges, addPermissions, addTrust } from '../../shared/aws-principal.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, declaredBlock, principalId } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { itemsOf, resolve, textOf } from '../resolve.ts';
import {
  type Attachments,
  boundaryOf,
  documentOf,
  documentsOf,
  type Holder,
  type Kind,
  principal,
} from './attachments.ts';
import { addAws, addPlaces, ownAccountsOf } from './declare.ts';

const TYPES: Readonly<Record<Kind, string>> = {
  user: 'iam_user',
  role: 'iam_role',
  group: 'iam_group',
  permission_set: 'aws_permission_set',
};

/** Reads users, roles, groups, permission sets and OIDC providers, and who else gets a policy. */
export function collectPrincipals(module: TerraformModule, drafts: Drafts, attachments: Attachments): void {
  const accounts = ownAccountsOf(module);
  for (const block of resourcesOf(module, 'aws_iam_openid_connect_provider')) addProvider(module, drafts, block);
  for (const block of resourcesOf(module, 'aws_iam_user')) addHolder(module, drafts, 'user', block, attachments);
  for (const block of resourcesOf(module, 'aws_iam_group')) addHolder(module, drafts, 'group', block, attachments);
  for (const block of resourcesOf(module, 'aws_ssoadmin_permission_set'))
    addHolder(module, drafts, 'permission_set', block, attachments);
  for (const block of resourcesOf(module, 'aws_iam_role')) {
    const draft = addHolder(module, drafts, 'role', block, attachments);
    addRoleTrust(module, drafts, draft, block, accounts);
  }
  for (const holder of attachments.values()) if (isElsewhere(holder)) addNamed(module, drafts, holder);
  for (const block of resourcesOf(module, 'aws_iam_user_login_profile')) addLogin(module, drafts, block);
}

function addProvider(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const draft = addAws(module, drafts, block, 'oidc_provider');
  const evidence = evidenceOf(block);
  const url = textOf(module, block, 'url');
  const issuer = url === undefined ? undefined : `https://${url.replace(/^https:\/\//, '')}`;
  const audiences = itemsOf(block, 'client_id_list')?.map((item) => resolve(module, item));
  const allAudiences =
    audiences?.every((item): item is string => typeof item === 'string') === true ? audiences : undefined;
  setFacts(draft, { issuer, audiences: allAudiences, authMethod: 'federated_oidc' }, evidence.source);
  addKey(draft, 'jwt-issuer', issuer);
}

/** Declared by a data source, or only named: its policies are known in part. */
function isElsewhere({ block }: Holder): boolean {
  return block === undefined || block.mode === 'data';
}

function addNamed(module: TerraformModule, drafts: Drafts, holder: Holder): void {
  const [place] = [...holder.places, ...holder.attached];
  if (place === undefined) return;
  const type = TYPES[holder.kind];
  const name = holder.block === undefined ? holder.name : (textOf(module, holder.block, 'name') ?? holder.name);
  const id = declaredId(module, holder.block?.address ?? `${type}:${name}`);
  const draft = addDeclared(module, drafts, place, { id, type, provider: 'aws', name });
  addPlaces(drafts, draft, holder.places.length > 0 ? holder.places : documentsOf(module, place));
  const { source } = evidenceOf(place);
  addPermissions(draft, analysePermissions(holder.policies, undefined), source);
  setDirect(draft, holder, source);
}

function setDirect(draft: Draft, { kind, direct }: Holder, source: string): void {
  if (kind === 'user' && direct.length > 0) setFacts(draft, { directPolicies: [...new Set(direct)].sort() }, source);
}

function addHolder(
  module: TerraformModule,
  drafts: Drafts,
  kind: Kind,
  block: TerraformBlock,
  attachments: Attachments,
): Draft {
  const draft = addAws(module, drafts, block, TYPES[kind]);
  const evidence = evidenceOf(block);
  const holder = attachments.get(block.address);
  if (kind === 'user' || kind === 'role') addLimits(module, draft, block);
  if (holder === undefined) return draft;
  addPlaces(drafts, draft, holder.places);
  setDirect(draft, holder, evidence.source);
  // Without a known policy nothing is said: its policies may be attached elsewhere.
  if (holder.policies.length === 0) return draft;
  const facts = analysePermissions(holder.policies, boundaryOf(module, block));
  addPermissions(draft, facts, evidence.source);
  addAssumeEdges(drafts, draft, facts, evidence);
  for (const role of facts.assumable) {
    const declared = declaredBlock(module, role);
    if (declared !== undefined) drafts.edge(draft.id, 'can-assume', byId(principalId(module, declared)), evidence);
  }
  return draft;
}

/** What limits a principal beside its policies. */
function addLimits(module: TerraformModule, draft: Draft, block: TerraformBlock): void {
  const boundary = attributeValue(block, 'permissions_boundary');
  const resolved = boundary === undefined ? null : resolve(module, boundary);
  const known = resolved === null || resolved === '' ? false : typeof resolved === 'string' ? true : undefined;
  const seconds = Number(textOrNumber(module, block, 'max_session_duration'));
  // The default of AWS is one hour.
  const declared = attributeValue(block, 'max_session_duration') === undefined ? 1 : seconds / 3600;
  const isRole = block.type === 'aws_iam_role';
  const hours = isRole && Number.isFinite(declared) && declared > 0 ? declared : undefined;
  setFacts(draft, { permissionsBoundary: known, maxSessionHours: hours }, evidenceOf(block).source);
}

function textOrNumber(module: TerraformModule, block: TerraformBlock, name: string): unknown {
  const value = attributeValue(block, name);
  const resolved = value === undefined ? undefined : resolve(module, value);
  return typeof resolved === 'number' || typeof resolved === 'string' ? resolved : undefined;
}

function addRoleTrust(
  module: TerraformModule,
  drafts: Drafts,
  draft: Draft,
  block: TerraformBlock,
  accounts: readonly string[],
): void {
  const evidence = evidenceOf(block);
  addPlaces(drafts, draft, documentsOf(module, block));
  const ownAccounts = draft.account === undefined ? accounts : [...accounts, draft.account];
  const trust = analyseTrust(documentOf(module, block, attributeValue(block, 'assume_role_policy')), ownAccounts);
  addTrust(drafts, draft, trust, evidence.source, evidence);
  if (
    ownAccounts.length === 0 &&
    trust.trustsExternalAccounts !== undefined &&
    trust.trustsExternalAccounts.length > 0
  ) {
    // The own account is not known here. So a literal account id is probably foreign, but not certainly.
    setFacts(draft, { trustsExternalAccounts: trust.trustsExternalAccounts }, evidence.source, 'approximate');
    // Roles that are named one by one may be of the own account, where no external id is asked for.
    if (trust.accounts.length === 0) draft.attributes.delete('requiresExternalId');
  }
  for (const text of trust.principals) {
    const trusted = declaredBlock(module, text);
    const kind = trusted?.type === 'aws_iam_openid_connect_provider' ? 'trusted-by' : 'can-assume';
    if (trusted !== undefined) drafts.edge(draft.id, kind, byId(principalId(module, trusted)), evidence, true);
  }
}

function addLogin(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const user = principal(module, attributeValue(block, 'user'), 'user');
  if (user === undefined) return;
  const draft = addAws(module, drafts, user, 'iam_user');
  addPlaces(drafts, draft, [block]);
  setFacts(draft, { consoleAccess: true }, evidenceOf(block).source);
}
