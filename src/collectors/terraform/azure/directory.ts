import { childBodies, type HclValue } from '../../../lib/hcl/index.ts';
import type { PrivilegeTier } from '../../../model/identity.ts';
import { directoryRoleTier, GRAPH_APP_ID, graphTier, isEscalation } from '../../../permissions/azure/entra.ts';
import type { Power } from '../../../permissions/contract.ts';
import { type Draft, setFacts } from '../../shared/identity-drafts.ts';
import { attributeValue, evidenceOf, resourcesOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { findBlock, itemsOf, resolve, textOf } from '../resolve.ts';
import { type AzureRun, giveTo } from './context.ts';
import { APPLICATIONS, addApplication, applicationOf, GUID, principalOf } from './principals.ts';

const DIRECTORY_ROLE = 'azuread_directory_role';
const MOST_PERMISSIONS = 200;

/** Adds what applications may do in the directory: application permissions, directory roles, delegated grants. */
export function addDirectoryPowers(module: TerraformModule, run: AzureRun): void {
  for (const block of resourcesOf(module, 'azuread_app_role_assignment')) addAppRole(module, run, block);
  for (const block of resourcesOf(module, ...APPLICATIONS)) addRequested(module, run, block);
  for (const block of resourcesOf(module, 'azuread_directory_role_assignment')) {
    const role = attributeValue(block, 'role_id');
    addDirectoryRole(module, run, block, { role, principal: attributeValue(block, 'principal_object_id') });
  }
  for (const block of resourcesOf(module, 'azuread_directory_role_member')) {
    const role = attributeValue(block, 'role_object_id');
    addDirectoryRole(module, run, block, { role, principal: attributeValue(block, 'member_object_id') });
  }
  for (const block of resourcesOf(module, 'azuread_service_principal_delegated_permission_grant')) {
    addDelegated(module, run, block);
  }
}

/** An application permission that an administrator has granted. */
function addAppRole(module: TerraformModule, run: AzureRun, block: TerraformBlock): void {
  const draft = principalOf(module, run.drafts, block, attributeValue(block, 'principal_object_id'));
  if (draft === undefined) return;
  const name = permissionName(module, run, attributeValue(block, 'app_role_id'));
  if (name === undefined) {
    giveTo(run, draft, { complete: false });
    return;
  }
  addToList(draft, 'permissions', [name], evidenceOf(block).source);
  giveTo(run, draft, {
    powers: [powerOf(`application permission ${name}`, graphTier(name), isEscalation(name), block)],
  });
}

/** The name of a permission: by its id, or `app_role_ids["User.Read.All"]`. Undefined for one of another API. */
function permissionName(module: TerraformModule, run: AzureRun, value: HclValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const written = 'text' in value ? /app_role_ids\s*\[\s*"([\w.-]+)"\s*\]/.exec(value.text)?.[1] : undefined;
  if (written !== undefined) return written;
  const text = resolve(module, value);
  return typeof text === 'string' ? run.graphRoles().get(text.toLowerCase()) : undefined;
}

/** Application permissions of Microsoft Graph that an application asks for. Consent decides whether it has them. */
function addRequested(module: TerraformModule, run: AzureRun, block: TerraformBlock): void {
  const draft = addApplication(module, run.drafts, block);
  for (const { body } of childBodies(block.body, 'required_resource_access')) {
    if (!isGraph(module, attributeValue({ body }, 'resource_app_id'))) continue;
    const names = childBodies(body, 'resource_access').flatMap((access) => {
      const type = attributeValue(access, 'type');
      const isRole = type !== undefined && resolve(module, type) === 'Role';
      return isRole ? (permissionName(module, run, attributeValue(access, 'id')) ?? []) : [];
    });
    addToList(draft, 'requestedPermissions', names, evidenceOf(block).source);
  }
}

function isGraph(module: TerraformModule, value: HclValue | undefined): boolean {
  if (value === undefined) return false;
  if ('text' in value && /\bMicrosoftGraph\b/.test(value.text)) return true;
  return resolve(module, value) === GRAPH_APP_ID;
}

function addDirectoryRole(
  module: TerraformModule,
  run: AzureRun,
  block: TerraformBlock,
  link: { readonly role: HclValue | undefined; readonly principal: HclValue | undefined },
): void {
  const draft = principalOf(module, run.drafts, block, link.principal);
  if (draft === undefined) return;
  const declared = findBlock(module, link.role, [DIRECTORY_ROLE], ['object_id', 'template_id', 'id']);
  const direct = link.role === undefined ? undefined : resolve(module, link.role);
  const template = declared === undefined ? undefined : textOf(module, declared, 'template_id');
  const name = (declared && textOf(module, declared, 'display_name')) ?? template ?? direct;
  const tier = typeof name === 'string' ? directoryRoleTier(name) : undefined;
  if (typeof name !== 'string' || name.includes('${')) {
    giveTo(run, draft, { complete: false });
    return;
  }
  addToList(draft, 'directoryRoles', [name], evidenceOf(block).source);
  if (tier === undefined) {
    giveTo(run, draft, { complete: false });
    return;
  }
  giveTo(run, draft, { powers: [powerOf(`directory role ${name}`, tier, tier === 0, block)] });
}

/** Permissions to act for people who are signed in: for all of them where no user is named. */
function addDelegated(module: TerraformModule, run: AzureRun, block: TerraformBlock): void {
  const draft = applicationOf(module, run.drafts, attributeValue(block, 'service_principal_object_id'));
  if (draft === undefined || attributeValue(block, 'user_object_id') !== undefined) return;
  const claims = (itemsOf(block, 'claim_values') ?? []).map((item) => resolve(module, item));
  const known = claims.filter((claim): claim is string => typeof claim === 'string');
  addToList(draft, 'delegatedPermissions', known, evidenceOf(block).source);
}

function powerOf(action: string, tier: PrivilegeTier, escalates: boolean, block: TerraformBlock): Power {
  const { source, location } = evidenceOf(block);
  const from = { policy: block.address, source, ...(location && { location }) };
  const family = escalates ? 'escalation' : tier >= 3 ? 'read' : tier === 2 ? 'data-exfiltration' : 'write';
  return { family, tier, actions: [action], resource: 'the directory', everywhere: true, source: from };
}

/** Adds texts to an attribute that is a list, each once. */
function addToList(draft: Draft, name: string, texts: readonly string[], source: string): void {
  const value = draft.attributes.get(name)?.value;
  const old = Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
  const all = [...new Set([...old, ...texts.filter((text) => !GUID.test(text) || name === 'directoryRoles')])];
  if (all.length > 0) setFacts(draft, { [name]: all.slice(0, MOST_PERMISSIONS) }, source);
}
