import type { HclValue } from '../../../lib/hcl/index.ts';
import { childBodies } from '../../../lib/hcl/index.ts';
import { addKey, byId, type Draft, type Drafts, type Facts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, addValuePlace, isoDate } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { type LetsIn, subjectLetsIn } from '../oidc-subject.ts';
import { findBlock, resolve, textOf } from '../resolve.ts';
import { addManaged, applicationOf, GUID } from './principals.ts';

const SECRETS = ['azuread_application_password', 'azuread_service_principal_password'];
const CERTIFICATES = ['azuread_application_certificate', 'azuread_service_principal_certificate'];
const FEDERATED = ['azuread_application_federated_identity_credential', 'azurerm_federated_identity_credential'];
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
const GITLAB_ISSUER = 'https://gitlab.com';
const AUDIENCE = 'api://AzureADTokenExchange';
/** Microsoft ends a secret after two years where nobody says when. */
const DEFAULT_LIFETIME_DAYS = 730;
const HOURS_A_DAY = 24;

/** Adds secrets, certificates and federated credentials of applications and managed identities. */
export function addAzureCredentials(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, ...SECRETS)) addSecret(module, drafts, block, 'azure_client_secret');
  for (const block of resourcesOf(module, ...CERTIFICATES))
    addSecret(module, drafts, block, 'azure_client_certificate');
  for (const block of resourcesOf(module, ...FEDERATED)) addFederated(module, drafts, block);
  for (const block of module.providers) addProviderCredential(module, drafts, block);
  addVault(module, drafts);
}

function addSecret(module: TerraformModule, drafts: Drafts, block: TerraformBlock, type: string): void {
  const keyId = module.state ? textOf(module, block, 'key_id') : undefined;
  const kind = type === 'azure_client_secret' ? 'client-secret' : 'client-certificate';
  const id = keyId === undefined ? declaredId(module, block.address) : `azure:${kind}:${keyId}`;
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'display_name') ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type, provider: 'azure', name });
  const facts = {
    authMethod: type === 'azure_client_secret' ? 'static_secret' : 'certificate',
    createdAt: isoDate(textOf(module, block, 'start_date')),
    expiresAt: isoDate(textOf(module, block, 'end_date')),
    lifetimeDays: lifetimeOf(module, block),
    storage: module.state ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, evidence.source);
  const links = ['application_id', 'application_object_id', 'service_principal_id'];
  const owner = applicationOf(module, drafts, firstOf(block, links));
  if (owner !== undefined) drafts.edge(owner.id, 'has-credential', byId(id), evidence);
}

function firstOf(block: TerraformBlock, names: readonly string[]): HclValue | undefined {
  return names.map((name) => attributeValue(block, name)).find((value) => value !== undefined);
}

/** Days that a secret lives: `end_date_relative = "4320h"`, or what Microsoft gives where nothing is said. */
function lifetimeOf(module: TerraformModule, block: TerraformBlock): number | undefined {
  const relative = attributeValue(block, 'end_date_relative');
  if (relative === undefined)
    return attributeValue(block, 'end_date') === undefined ? DEFAULT_LIFETIME_DAYS : undefined;
  const hours = /^(\d+)h/.exec(textOf(module, block, 'end_date_relative') ?? '')?.[1];
  return hours === undefined ? undefined : Number(hours) / HOURS_A_DAY;
}

function addFederated(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const id = declaredId(module, block.address);
  const name = textOf(module, block, 'display_name') ?? textOf(module, block, 'name') ?? block.name;
  const head = { id, type: 'azure_federated_credential', provider: 'azure', name };
  const draft = addDeclared(module, drafts, block, head);
  const issuer = textOf(module, block, 'issuer');
  const subject = textOf(module, block, 'subject');
  const written = attributeValue(block, 'subject');
  const audiences = firstOf(block, ['audiences', 'audience']);
  const listed = audiences === undefined ? [] : [resolve(module, audiences)].flat();
  const facts: Facts = {
    authMethod: 'federated_oidc',
    issuer,
    conditionLetsIn: issuer === undefined ? undefined : letsIn(issuer, subject, looseSubject(module, written)),
    audiences: listed.every((audience) => typeof audience === 'string') && listed.length > 0 ? listed : undefined,
    usualAudience: listed.length === 0 ? undefined : listed.every((audience) => audience === AUDIENCE),
  };
  setFacts(draft, facts, evidence.source);
  const owner = ownerOf(module, drafts, block);
  if (owner !== undefined) addTrust(drafts, owner, { issuer, subject }, block, id);
}

/** An application, or a managed identity. */
function ownerOf(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft | undefined {
  const link = firstOf(block, ['parent_id', 'user_assigned_identity_id', 'application_id', 'application_object_id']);
  const managed = findBlock(module, link, ['azurerm_user_assigned_identity'], ['id']);
  if (managed?.mode === 'resource') return addManaged(module, drafts, managed);
  return applicationOf(module, drafts, link);
}

function addTrust(
  drafts: Drafts,
  owner: Draft,
  { issuer, subject }: { readonly issuer: string | undefined; readonly subject: string | undefined },
  block: TerraformBlock,
  id: string,
): void {
  const evidence = evidenceOf(block);
  drafts.edge(owner.id, 'has-credential', byId(id), evidence);
  if (issuer === undefined || subject === undefined) return;
  drafts.edge(owner.id, 'trusted-by', { kind: 'jwt-subject', value: `${issuer}|${subject}` }, evidence, true);
  const account = /^system:serviceaccount:([\w-]+):([\w.-]+)$/.exec(subject);
  if (account !== null) {
    const value = `${account[1]}:${account[2]}`;
    drafts.edge(owner.id, 'can-assume', { kind: 'kubernetes-service-account', value }, evidence, true);
  }
  const repository = issuer === GITHUB_ISSUER ? /^repo:([\w.-]+\/[\w.-]+):/.exec(subject)?.[1] : undefined;
  if (repository === undefined) return;
  drafts.edge(owner.id, 'trusted-by', { kind: 'repository', value: repository.toLowerCase() }, evidence, true);
}

function looseSubject(module: TerraformModule, value: HclValue | undefined): string | undefined {
  const text = value === undefined ? undefined : resolve(module, value);
  return typeof text === 'string' ? text : undefined;
}

/** Who gets in. A subject that is known in part says so only where its known beginning does. */
function letsIn(issuer: string, subject: string | undefined, loose: string | undefined): LetsIn | undefined {
  const shared = issuer.replace(/\/$/, '') === GITHUB_ISSUER || issuer.replace(/\/$/, '') === GITLAB_ISSUER;
  if (subject === undefined) return undefined;
  if (/^\*+$/.test(loose ?? '')) return 'anyone';
  return shared ? subjectLetsIn(subject) : 'other';
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

/** Adds secrets and keys of Key Vault: when they end. Values are never read, only whether one is written there. */
function addVault(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'azurerm_key_vault_secret', 'azurerm_key_vault_key')) {
    const type = block.type === 'azurerm_key_vault_key' ? 'azure_vault_key' : 'azure_vault_secret';
    const id = declaredId(module, block.address);
    const name = textOf(module, block, 'name') ?? block.name;
    const draft = addDeclared(module, drafts, block, { id, type, provider: 'azure', name });
    const until = attributeValue(block, 'expiration_date');
    const renewed = childBodies(block.body, 'rotation_policy').length > 0;
    const ends =
      until === undefined || until.kind === 'null' ? 'never' : isoDate(textOf(module, block, 'expiration_date'));
    const literal = type === 'azure_vault_secret' && attributeValue(block, 'value')?.kind === 'string' && !module.state;
    const facts = {
      expiresAt: renewed && ends === 'never' ? undefined : ends,
      rotation: renewed ? 'automatic' : undefined,
      plaintextValue: literal || undefined,
    };
    setFacts(draft, facts, evidenceOf(block).source);
    if (type === 'azure_vault_secret') addValuePlace(drafts, draft, block, 'value');
  }
}
