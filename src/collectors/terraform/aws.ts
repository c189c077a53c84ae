import { childBodies } from '../../lib/hcl/index.ts';
import { type AttachedPolicy, analysePermissions } from '../../permissions/aws/analyse.ts';
import { analyseTrust } from '../../permissions/aws/trust.ts';
import { addAssumeEdges, addOwners, addPermissions, addTagFacts, addTrust } from '../shared/aws-principal.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { type Attachments, boundaryOf, documentOf, principal, readAttachments } from './aws-policies.ts';
import { addDeclared, declaredBlock, isoDate, principalId, repositoryKey } from './declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from './module.ts';
import { itemsOf, resolve, stringMapOf, textOf } from './resolve.ts';

const KEY_ID = /^A[KS]IA[A-Z2-7]{16}$/;

/** Reads users, keys, roles, policies, OIDC providers and provider blocks of AWS. */
export function collectAws(module: TerraformModule, drafts: Drafts): void {
  const attachments = readAttachments(module);
  const accounts = module.providers.flatMap((block) => accountIds(module, block));
  for (const block of resourcesOf(module, 'aws_iam_openid_connect_provider')) addProvider(module, drafts, block);
  for (const block of resourcesOf(module, 'aws_iam_policy')) addPolicy(module, drafts, block);
  for (const block of resourcesOf(module, 'aws_iam_user')) addUser(module, drafts, block, attachments);
  for (const block of resourcesOf(module, 'aws_iam_role')) addRole(module, drafts, block, attachments, accounts);
  for (const block of resourcesOf(module, 'aws_iam_user_login_profile')) addLogin(module, drafts, block);
  for (const block of resourcesOf(module, 'aws_iam_access_key')) addAccessKey(module, drafts, block);
  for (const block of module.providers) addProviderKey(module, drafts, block);
}

function accountIds(module: TerraformModule, block: TerraformBlock): string[] {
  const accounts = (itemsOf(block, 'allowed_account_ids') ?? []).map((item) => resolve(module, item));
  return accounts.map(String).filter((text) => /^\d{12}$/.test(text));
}

function addPrincipal(module: TerraformModule, drafts: Drafts, block: TerraformBlock, type: string): Draft {
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'name') ?? block.name;
  const id = principalId(module, block);
  const account = /^arn:aws[\w-]*:iam::(\d{12}):/.exec(id)?.[1];
  const draft = addDeclared(module, drafts, block, { id, type, provider: 'aws', name, account });
  if (id.startsWith('arn:')) addKey(draft, 'aws-arn', id);
  const defaults = module.providers.flatMap((provider) => childBodies(provider.body, 'default_tags')).at(-1);
  const tags = {
    ...stringMapOf(module, defaults === undefined ? undefined : attributeValue(defaults, 'tags')),
    ...stringMapOf(module, attributeValue(block, 'tags')),
  };
  addOwners(drafts, draft, tags, evidence);
  addTagFacts(draft, tags, evidence.source);
  return draft;
}

function addProvider(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const draft = addPrincipal(module, drafts, block, 'oidc_provider');
  const evidence = evidenceOf(block);
  const url = textOf(module, block, 'url');
  const issuer = url === undefined ? undefined : `https://${url.replace(/^https:\/\//, '')}`;
  const audiences = itemsOf(block, 'client_id_list')?.map((item) => resolve(module, item));
  const allAudiences =
    audiences?.every((item): item is string => typeof item === 'string') === true ? audiences : undefined;
  setFacts(draft, { issuer, audiences: allAudiences, authMethod: 'federated_oidc' }, evidence.source);
  addKey(draft, 'jwt-issuer', issuer);
}

function addPolicy(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const draft = addPrincipal(module, drafts, block, 'iam_policy');
  const { source } = evidenceOf(block);
  const document = documentOf(module, block, attributeValue(block, 'policy'));
  addPermissions(draft, analysePermissions([{ name: draft.name, source, document }]), source);
}

function addUser(module: TerraformModule, drafts: Drafts, block: TerraformBlock, attachments: Attachments): void {
  const draft = addPrincipal(module, drafts, block, 'iam_user');
  judge(module, drafts, draft, block, attachments.get(block.address) ?? []);
}

function addLogin(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const user = principal(module, attributeValue(block, 'user'), 'user');
  if (user !== undefined)
    setFacts(addPrincipal(module, drafts, user, 'iam_user'), { consoleAccess: true }, evidenceOf(block).source);
}

function addRole(
  module: TerraformModule,
  drafts: Drafts,
  block: TerraformBlock,
  attachments: Attachments,
  accounts: readonly string[],
): void {
  const draft = addPrincipal(module, drafts, block, 'iam_role');
  const evidence = evidenceOf(block);
  judge(module, drafts, draft, block, attachments.get(block.address) ?? []);
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
  }
  for (const text of trust.principals) {
    const trusted = declaredBlock(module, text);
    const kind = trusted?.type === 'aws_iam_openid_connect_provider' ? 'trusted-by' : 'can-assume';
    if (trusted !== undefined) drafts.edge(draft.id, kind, byId(principalId(module, trusted)), evidence, true);
  }
}

/**
 * Adds permission facts if any policy is known. A principal without one may have policies that are attached elsewhere.
 */
function judge(
  module: TerraformModule,
  drafts: Drafts,
  draft: Draft,
  block: TerraformBlock,
  policies: readonly AttachedPolicy[],
): void {
  if (policies.length === 0) return;
  const evidence = evidenceOf(block);
  const facts = analysePermissions(policies, boundaryOf(module, block));
  addPermissions(draft, facts, evidence.source);
  addAssumeEdges(drafts, draft, facts, evidence);
  for (const role of facts.assumable) {
    const declared = declaredBlock(module, role);
    if (declared !== undefined) drafts.edge(draft.id, 'can-assume', byId(principalId(module, declared)), evidence);
  }
}

function addAccessKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const keyId = module.state ? textOf(module, block, 'id') : undefined;
  const plainKeyId = keyId !== undefined && KEY_ID.test(keyId) ? keyId : undefined;
  const id = plainKeyId === undefined ? declaredId(module, block.address) : `aws:access-key:${plainKeyId}`;
  const name = plainKeyId ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type: 'access_key', provider: 'aws', name });
  addKey(draft, 'aws-access-key-id', plainKeyId);
  const status = textOf(module, block, 'status')?.toLowerCase();
  const stored = module.state && textOf(module, block, 'encrypted_secret') === undefined;
  const facts = {
    authMethod: 'static_secret',
    expiresAt: 'never',
    status: status === 'active' ? 'active' : status === 'inactive' ? 'disabled' : undefined,
    createdAt: isoDate(textOf(module, block, 'create_date')),
    storage: stored ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, evidence.source);
  const user = principal(module, attributeValue(block, 'user'), 'user');
  if (user === undefined) return;
  const owner = addPrincipal(module, drafts, user, 'iam_user');
  setFacts(owner, { accessKeyDeclared: true }, evidence.source);
  drafts.edge(owner.id, 'has-credential', byId(id), evidence);
}

/** Adds a key id that is written into a provider block. The detector finds the secret beside it. */
function addProviderKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const keyId = block.type === 'aws' ? textOf(module, block, 'access_key') : undefined;
  if (keyId === undefined || !KEY_ID.test(keyId)) return;
  const evidence = evidenceOf(block);
  const id = `aws:access-key:${keyId}`;
  const draft = drafts.identity({ id, type: 'access_key', provider: 'aws', name: keyId }, evidence);
  addKey(draft, 'aws-access-key-id', keyId);
  setFacts(draft, { authMethod: 'static_secret', storage: 'plaintext_file', providerBlock: true }, evidence.source);
  drafts.edge(id, 'uses', repositoryKey(module), evidence, true);
}
