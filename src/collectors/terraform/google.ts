import { defined } from '../../lib/fields/defined.ts';
import type { HclValue } from '../../lib/hcl/index.ts';
import { childBodies } from '../../lib/hcl/index.ts';
import type { PrivilegeTier } from '../../model/identity.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { addDeclared, isoDate } from './declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from './module.ts';
import { booleanOf, findBlock, itemsOf, resolve, textOf } from './resolve.ts';

const ACCOUNT_EMAIL = /^[\w.-]+@(?:[\w.-]+\.iam|developer|appspot)\.gserviceaccount\.com$/;
const DEFAULT_ACCOUNT = /^\d+-compute@developer\.|@appspot\.gserviceaccount\.com$/;
/** Roles with which a principal can become another one, or change who may do what. */
const TIER_0 =
  /^roles\/(owner|iam\.(securityAdmin|roleAdmin|serviceAccount(Admin|User|KeyAdmin|TokenCreator)|workloadIdentityUser|workloadIdentityPoolAdmin|organizationRoleAdmin)|resourcemanager\.(projectIamAdmin|organizationAdmin|folderAdmin|folderIamAdmin)|orgpolicy\.policyAdmin|deploymentmanager\.editor|cloudbuild\.builds\.editor)$/;
const TIER_2 =
  /^roles\/(viewer|browser|secretmanager\.secretAccessor|.*\.(dataViewer|dataEditor|objectViewer|objectUser|objectAdmin))$/;
const SCOPES = ['project', 'folder', 'organization'];

/** Reads service accounts, their keys, IAM grants to them and workload identity providers of Google Cloud. */
export function collectGoogle(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'google_service_account')) addAccount(module, drafts, block);
  for (const block of resourcesOf(module, 'google_service_account_key')) addServiceKey(module, drafts, block);
  for (const scope of SCOPES) {
    for (const block of resourcesOf(module, `google_${scope}_iam_member`, `google_${scope}_iam_binding`)) {
      addGrants(module, drafts, block, scope);
    }
  }
  for (const block of resourcesOf(module, 'google_service_account_iam_member', 'google_service_account_iam_binding')) {
    addImpersonation(module, drafts, block);
  }
  for (const block of resourcesOf(module, 'google_iam_workload_identity_pool_provider')) {
    addWorkloadProvider(module, drafts, block);
  }
}

function addAccount(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const email = emailOf(module, block);
  const id = email === undefined ? declaredId(module, block.address) : `gcp:service-account:${email}`;
  const name = email ?? textOf(module, block, 'account_id') ?? block.name;
  const account = textOf(module, block, 'project');
  const draft = addDeclared(module, drafts, block, { id, type: 'gcp_service_account', provider: 'gcp', name, account });
  addKey(draft, 'gcp-service-account', email);
  const disabled = booleanOf(module, block, 'disabled') === true;
  setFacts(draft, { status: disabled ? 'disabled' : undefined }, evidenceOf(block).source);
  return draft;
}

function emailOf(module: TerraformModule, block: TerraformBlock): string | undefined {
  const email = textOf(module, block, 'email');
  if (email !== undefined) return email;
  const account = textOf(module, block, 'account_id');
  const provider = module.providers.find((candidate) => candidate.type === 'google');
  const project = textOf(module, block, 'project') ?? (provider && textOf(module, provider, 'project'));
  return account === undefined || project === undefined ? undefined : `${account}@${project}.iam.gserviceaccount.com`;
}

function addServiceKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const name = module.state ? textOf(module, block, 'name') : undefined;
  const keyId = /\/keys\/(\w+)$/.exec(name ?? '')?.[1];
  const id = keyId === undefined ? declaredId(module, block.address) : `gcp:sa-key:${keyId}`;
  const evidence = evidenceOf(block);
  const draft = addDeclared(module, drafts, block, {
    id,
    type: 'gcp_sa_key',
    provider: 'gcp',
    name: keyId ?? block.address,
  });
  addKey(draft, 'gcp-key-id', keyId);
  const until = isoDate(textOf(module, block, 'valid_before'));
  const facts = {
    authMethod: 'key_pair',
    createdAt: isoDate(textOf(module, block, 'valid_after')),
    expiresAt: until?.startsWith('9999') === true ? 'never' : until,
    storage: module.state ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, evidence.source);
  const owner = accountOf(module, drafts, attributeValue(block, 'service_account_id'), block);
  if (owner !== undefined) drafts.edge(owner.id, 'has-credential', byId(id), evidence);
}

/** Returns the service account that a value names: one of the module, or any by its e-mail address. */
function accountOf(
  module: TerraformModule,
  drafts: Drafts,
  value: HclValue | undefined,
  block: TerraformBlock,
): Draft | undefined {
  const declared = findBlock(module, value, ['google_service_account'], ['name', 'email', 'id', 'unique_id']);
  if (declared?.mode === 'resource') return addAccount(module, drafts, declared);
  const text = value === undefined ? undefined : resolve(module, value);
  return typeof text === 'string' ? accountByText(module, drafts, text, block) : undefined;
}

/**
 * Reads `serviceAccount:<e-mail>`, `projects/-/serviceAccounts/<e-mail>` or the e-mail. Partly known text names a
 * block.
 */
function accountByText(
  module: TerraformModule,
  drafts: Drafts,
  text: string,
  block: TerraformBlock,
): Draft | undefined {
  const address = /\$\{(google_service_account\.[\w-]+)\.\w+\}/.exec(text)?.[1];
  const declared = address === undefined ? undefined : module.blocks.get(address);
  if (declared !== undefined) return addAccount(module, drafts, declared);
  const email = text.slice(Math.max(text.lastIndexOf(':'), text.lastIndexOf('/')) + 1);
  if (!ACCOUNT_EMAIL.test(email)) return undefined;
  const head = { id: `gcp:service-account:${email}`, type: 'gcp_service_account', provider: 'gcp', name: email };
  const draft = drafts.identity(head, evidenceOf(block));
  addKey(draft, 'gcp-service-account', email);
  if (DEFAULT_ACCOUNT.test(email)) setFacts(draft, { isDefault: true }, evidenceOf(block).source);
  return draft;
}

function membersOf(module: TerraformModule, block: TerraformBlock): readonly HclValue[] {
  const member = attributeValue(block, 'member');
  const all = member === undefined ? (itemsOf(block, 'members') ?? []) : [member];
  return all.filter((value) => typeof resolve(module, value) === 'string');
}

function addGrants(module: TerraformModule, drafts: Drafts, block: TerraformBlock, scope: string): void {
  const role = textOf(module, block, 'role');
  if (role === undefined) return;
  const { source, location } = evidenceOf(block);
  const attribute = scope === 'organization' ? 'org_id' : scope;
  const resource = `${scope}:${textOf(module, block, attribute) ?? 'unknown'}`;
  const tier = tierOf(role);
  for (const member of membersOf(module, block)) {
    const draft = accountOf(module, drafts, member, block);
    if (draft === undefined) continue;
    draft.grants.push({ permission: role, resource, tier, source, ...defined({ location }) });
    const lowest = [...draft.grants].map((grant) => grant.tier).sort()[0];
    setFacts(draft, { privilegeTier: lowest }, source);
  }
}

/** Returns the tier of a role on a project, folder or organisation. A custom role is assumed to write. */
function tierOf(role: string): PrivilegeTier {
  if (TIER_0.test(role)) return 0;
  if (role === 'roles/editor') return 1;
  if (TIER_2.test(role)) return 2;
  if (/[vV]iewer$|[rR]eader$|\.user$|[lL]ogWriter$|[mM]etricWriter$/.test(role)) return 3;
  return /\.admin$|Admin$/.test(role) ? 1 : 2;
}

function addImpersonation(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const role = textOf(module, block, 'role') ?? '';
  const target = accountOf(module, drafts, attributeValue(block, 'service_account_id'), block);
  if (
    target === undefined ||
    !/^roles\/iam\.(serviceAccount(User|TokenCreator|KeyAdmin|Admin)|workloadIdentityUser)$/.test(role)
  )
    return;
  const evidence = evidenceOf(block);
  for (const member of membersOf(module, block)) {
    const from = accountOf(module, drafts, member, block);
    if (from !== undefined) drafts.edge(from.id, 'can-assume', byId(target.id), evidence);
    else addFederated(drafts, target, String(resolve(module, member)), evidence.source, block);
  }
}

/**
 * Reads `principalSet://…/attribute.repository/<owner>/<name>`, `principal://…/subject/<subject>`, or a Kubernetes
 * account.
 */
function addFederated(drafts: Drafts, target: Draft, member: string, source: string, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const repository = /^principalSet:\/\/.*\/attribute\.repository\/([\w.-]+\/[\w.-]+)$/.exec(member)?.[1];
  const subject = /^principal:\/\/.*\/subject\/repo:([\w.-]+\/[\w.-]+):/.exec(member)?.[1];
  const named = repository ?? subject;
  if (named !== undefined)
    drafts.edge(target.id, 'trusted-by', { kind: 'repository', value: named.toLowerCase() }, evidence, true);
  const account = /\.svc\.id\.goog\[([\w-]+)\/([\w-]+)\]$/.exec(member);
  if (account !== null) {
    const value = `${account[1]}:${account[2]}`;
    drafts.edge(target.id, 'can-assume', { kind: 'kubernetes-service-account', value }, evidence, true);
  }
  if (/^principalSet:\/\/.*\/\*$/.test(member)) setFacts(target, { oidcSubjectWildcard: true }, source);
}

function addWorkloadProvider(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'workload_identity_pool_provider_id') ?? block.name;
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, { id, type: 'workload_identity_provider', provider: 'gcp', name });
  const [oidc] = childBodies(block.body, 'oidc');
  const issuer = oidc === undefined ? undefined : attributeValue(oidc, 'issuer_uri');
  const url = issuer === undefined ? undefined : resolve(module, issuer);
  const condition = attributeValue(block, 'attribute_condition');
  const facts = {
    issuer: typeof url === 'string' ? url : undefined,
    attributeCondition: condition !== undefined && condition.kind !== 'null',
    authMethod: oidc === undefined ? undefined : 'federated_oidc',
  };
  setFacts(draft, facts, evidence.source);
}
