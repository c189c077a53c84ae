import type { HclValue } from '../../lib/hcl/index.ts';
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
import { findBlock, resolve, textOf } from './resolve.ts';

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const APPLICATION_KEYS = ['id', 'object_id', 'application_id', 'client_id'];
const TIER_0 = ['owner', 'user access administrator', 'role based access control administrator'];
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** Reads Entra applications, their secrets and federated credentials, managed identities and role assignments. */
export function collectAzure(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'azuread_application', 'azuread_application_registration')) {
    addApplication(module, drafts, block);
  }
  for (const block of resourcesOf(module, 'azurerm_user_assigned_identity')) addManaged(module, drafts, block);
  for (const block of resourcesOf(module, 'azuread_application_password', 'azuread_service_principal_password')) {
    addPassword(module, drafts, block);
  }
  for (const block of resourcesOf(module, 'azuread_application_federated_identity_credential')) {
    addFederated(module, drafts, block);
  }
  for (const block of resourcesOf(module, 'azurerm_role_assignment')) addAssignment(module, drafts, block);
  for (const block of module.providers) addProviderCredential(module, drafts, block);
}

function addApplication(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const clientId = textOf(module, block, 'client_id') ?? textOf(module, block, 'application_id');
  const plainClientId = clientId !== undefined && GUID.test(clientId) ? clientId.toLowerCase() : undefined;
  const id = plainClientId === undefined ? declaredId(module, block.address) : `azure:application:${plainClientId}`;
  const name = textOf(module, block, 'display_name') ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_application', provider: 'azure', name });
  addKey(draft, 'azure-client-id', plainClientId);
  return draft;
}

function addManaged(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const id = declaredId(module, block.address);
  const name = textOf(module, block, 'name') ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_managed_identity', provider: 'azure', name });
  const clientId = textOf(module, block, 'client_id');
  addKey(draft, 'azure-client-id', clientId?.toLowerCase());
  setFacts(draft, { authMethod: 'instance_identity' }, evidenceOf(block).source);
  return draft;
}

/** Returns the application that a value means, directly or through its service principal. */
function applicationOf(module: TerraformModule, drafts: Drafts, value: HclValue | undefined): Draft | undefined {
  const types = ['azuread_application', 'azuread_application_registration', 'azuread_service_principal'];
  const block = findBlock(module, value, types, APPLICATION_KEYS);
  if (block?.mode !== 'resource') return undefined;
  if (block.type !== 'azuread_service_principal') return addApplication(module, drafts, block);
  const link = attributeValue(block, 'client_id') ?? attributeValue(block, 'application_id');
  const application = findBlock(module, link, types.slice(0, 2), APPLICATION_KEYS);
  return application === undefined ? undefined : addApplication(module, drafts, application);
}

function addPassword(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const keyId = module.state ? textOf(module, block, 'key_id') : undefined;
  const id = keyId === undefined ? declaredId(module, block.address) : `azure:client-secret:${keyId}`;
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'display_name') ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_client_secret', provider: 'azure', name });
  const facts = {
    authMethod: 'static_secret',
    createdAt: isoDate(textOf(module, block, 'start_date')),
    expiresAt: isoDate(textOf(module, block, 'end_date')),
    storage: module.state ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, evidence.source);
  const links = ['application_id', 'application_object_id', 'service_principal_id'].map((name) =>
    attributeValue(block, name),
  );
  const owner = applicationOf(
    module,
    drafts,
    links.find((value) => value !== undefined),
  );
  if (owner !== undefined) drafts.edge(owner.id, 'has-credential', byId(id), evidence);
}

function addFederated(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const link = attributeValue(block, 'application_id') ?? attributeValue(block, 'application_object_id');
  const draft = applicationOf(module, drafts, link);
  const issuer = textOf(module, block, 'issuer');
  const subject = textOf(module, block, 'subject');
  if (draft === undefined || issuer === undefined || subject === undefined) return;
  const evidence = evidenceOf(block);
  drafts.edge(draft.id, 'trusted-by', { kind: 'jwt-subject', value: `${issuer}|${subject}` }, evidence, true);
  const repository = issuer === GITHUB_ISSUER ? /^repo:([\w.-]+\/[\w.-]+):/.exec(subject)?.[1] : undefined;
  if (repository === undefined) return;
  drafts.edge(draft.id, 'trusted-by', { kind: 'repository', value: repository.toLowerCase() }, evidence, true);
}

function addAssignment(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const value = attributeValue(block, 'principal_id');
  const managed = findBlock(module, value, ['azurerm_user_assigned_identity'], ['principal_id']);
  const draft = managed === undefined ? applicationOf(module, drafts, value) : addManaged(module, drafts, managed);
  const role = textOf(module, block, 'role_definition_name');
  if (draft === undefined || role === undefined) return;
  const { source, location } = evidenceOf(block);
  const scope = attributeValue(block, 'scope');
  const place = scope === undefined ? 'unknown' : resolve(module, scope);
  const resource = typeof place === 'string' ? place : scope !== undefined && 'text' in scope ? scope.text : 'unknown';
  draft.grants.push({
    permission: role,
    resource,
    tier: tierOf(role, resource),
    source,
    ...(location && { location }),
  });
  const [lowest] = draft.grants.map((grant) => grant.tier).sort();
  setFacts(draft, { privilegeTier: lowest }, source);
}

/** A role on a subscription or above reaches everything. On a resource group or below it does not. */
function tierOf(role: string, resource: string): PrivilegeTier {
  const name = role.toLowerCase();
  const wide = !/resource_?group|\/providers\/(?!microsoft\.management)/i.test(resource);
  if (TIER_0.includes(name)) return wide ? 0 : 1;
  if (name === 'contributor' || name.endsWith('administrator')) return wide ? 1 : 2;
  if (/secrets (?:user|officer)|data (?:reader|contributor|owner)/.test(name)) return 2;
  return /reader$|viewer$|acrpull$/.test(name) ? 3 : 2;
}

/** A client secret in a provider block belongs to the application that is named beside it. */
function addProviderCredential(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  if (!['azurerm', 'azuread', 'azapi'].includes(block.type)) return;
  const clientId = textOf(module, block, 'client_id')?.toLowerCase();
  if (clientId === undefined || !GUID.test(clientId) || textOf(module, block, 'client_secret') === undefined) return;
  const evidence = evidenceOf(block);
  const head = { id: `azure:application:${clientId}`, type: 'azure_application', provider: 'azure', name: clientId };
  const draft = drafts.identity(head, evidence);
  addKey(draft, 'azure-client-id', clientId);
  setFacts(draft, { authMethod: 'static_secret', storage: 'plaintext_file', providerBlock: true }, evidence.source);
}
