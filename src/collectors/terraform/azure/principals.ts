import type { HclValue } from '../../../lib/hcl/index.ts';
import { addKey, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import { attributeValue, declaredId, evidenceOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { findBlock, isUnset, referencedBlock, textOf } from '../resolve.ts';
import { possibleValues } from '../values/possible.ts';

export const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const APPLICATIONS = ['azuread_application', 'azuread_application_registration'];
const APPLICATION_KEYS = ['id', 'object_id', 'application_id', 'client_id'];
const SERVICE_PRINCIPAL = 'azuread_service_principal';

export function addApplication(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const clientId = textOf(module, block, 'client_id') ?? textOf(module, block, 'application_id');
  const plainClientId = clientId !== undefined && GUID.test(clientId) ? clientId.toLowerCase() : undefined;
  const id = plainClientId === undefined ? declaredId(module, block.address) : `azure:application:${plainClientId}`;
  const name = textOf(module, block, 'display_name') ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_application', provider: 'azure', name });
  addKey(draft, 'azure-client-id', plainClientId);
  return draft;
}

export function addManaged(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const id = declaredId(module, block.address);
  const name = textOf(module, block, 'name') ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_managed_identity', provider: 'azure', name });
  const clientId = textOf(module, block, 'client_id');
  addKey(draft, 'azure-client-id', clientId?.toLowerCase());
  setFacts(draft, { authMethod: 'instance_identity' }, evidenceOf(block).source);
  return draft;
}

/** The identity that Azure makes for one resource, and that ends with it. */
function addSystemIdentity(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const id = `${declaredId(module, block.address)}#identity`;
  const name = textOf(module, block, 'name') ?? block.name;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_managed_identity', provider: 'azure', name });
  setFacts(draft, { authMethod: 'instance_identity' }, evidenceOf(block).source);
  return draft;
}

/** Returns the application that a value means, directly or through its service principal. */
export function applicationOf(module: TerraformModule, drafts: Drafts, value: HclValue | undefined): Draft | undefined {
  const block = applicationBlock(module, value);
  return block === undefined ? undefined : addApplication(module, drafts, block);
}

function applicationBlock(module: TerraformModule, value: HclValue | undefined): TerraformBlock | undefined {
  const types = [...APPLICATIONS, SERVICE_PRINCIPAL];
  const block = findBlock(module, value, types, APPLICATION_KEYS);
  if (block?.mode !== 'resource') return undefined;
  if (block.type !== SERVICE_PRINCIPAL) return block;
  const link = attributeValue(block, 'client_id') ?? attributeValue(block, 'application_id');
  return findBlock(module, link, APPLICATIONS, APPLICATION_KEYS);
}

/**
 * Returns the principal that a value of a block means: an application, a managed identity, or the identity of a
 * resource. Undefined where it may be several.
 */
export function principalOf(
  module: TerraformModule,
  drafts: Drafts,
  block: TerraformBlock,
  value: HclValue | undefined,
): Draft | undefined {
  if (value === undefined) return undefined;
  const principal = plainPrincipal(module, value) ?? onlyPrincipal(module, block, value);
  return principal?.add(module, drafts, principal.block);
}

function onlyPrincipal(module: TerraformModule, block: TerraformBlock, value: HclValue): Principal | undefined {
  const values = possibleValues(module, block, value)?.values.filter((item) => !isUnset(module, item)) ?? [];
  const [first, ...others] = values.map((item) => plainPrincipal(module, item));
  return others.every((other) => other?.block === first?.block && other?.add === first?.add) ? first : undefined;
}

/** What declares a principal, and what makes an entry of it. */
interface Principal {
  readonly block: TerraformBlock;
  readonly add: (module: TerraformModule, drafts: Drafts, block: TerraformBlock) => Draft;
}

function plainPrincipal(module: TerraformModule, value: HclValue): Principal | undefined {
  const managed = findBlock(module, value, ['azurerm_user_assigned_identity'], ['principal_id', 'id']);
  if (managed !== undefined) return managed.mode === 'resource' ? { block: managed, add: addManaged } : undefined;
  if (value.kind === 'reference' && value.path.some((step) => step === 'identity' || step === 'kubelet_identity')) {
    const block = referencedBlock(module, value.path);
    if (block?.mode === 'resource' && block.type.startsWith('azurerm_')) return { block, add: addSystemIdentity };
  }
  const application = applicationBlock(module, value);
  return application && { block: application, add: addApplication };
}
