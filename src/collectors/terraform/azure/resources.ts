import { childBodies, type HclBody } from '../../../lib/hcl/index.ts';
import { byId, type Drafts, type Facts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { findBlock, resolve, textOf } from '../resolve.ts';
import { addManaged } from './principals.ts';

/** A switch of a resource: the attribute, what it means when true, and what holds where it is not written. */
interface Switch {
  readonly attribute: string;
  readonly path?: readonly string[];
  /** True: the attribute turns keys and passwords off. */
  readonly inverted?: true;
  readonly byDefault: boolean;
}

const ON_BY_DEFAULT = (attribute: string): Switch => ({ attribute, byDefault: true });
const OFF_UNLESS = (attribute: string): Switch => ({ attribute, byDefault: false });
const DISABLED_BY = (attribute: string): Switch => ({ attribute, inverted: true, byDefault: true });

/** Resources that have keys, passwords or an administrator of their own beside Entra. */
const LOCAL: Readonly<Record<string, Switch>> = {
  azurerm_app_configuration: ON_BY_DEFAULT('local_auth_enabled'),
  azurerm_cognitive_account: ON_BY_DEFAULT('local_auth_enabled'),
  azurerm_container_registry: OFF_UNLESS('admin_enabled'),
  azurerm_cosmosdb_account: DISABLED_BY('local_authentication_disabled'),
  azurerm_eventgrid_domain: ON_BY_DEFAULT('local_auth_enabled'),
  azurerm_eventgrid_topic: ON_BY_DEFAULT('local_auth_enabled'),
  azurerm_eventhub_namespace: ON_BY_DEFAULT('local_authentication_enabled'),
  azurerm_kubernetes_cluster: DISABLED_BY('local_account_disabled'),
  azurerm_linux_virtual_machine: { attribute: 'disable_password_authentication', inverted: true, byDefault: false },
  azurerm_linux_virtual_machine_scale_set: {
    attribute: 'disable_password_authentication',
    inverted: true,
    byDefault: false,
  },
  azurerm_log_analytics_workspace: ON_BY_DEFAULT('local_authentication_enabled'),
  azurerm_machine_learning_compute_cluster: ON_BY_DEFAULT('local_auth_enabled'),
  azurerm_mssql_server: {
    path: ['azuread_administrator'],
    ...OFF_UNLESS('azuread_authentication_only'),
    inverted: true,
    byDefault: true,
  },
  azurerm_search_service: ON_BY_DEFAULT('local_authentication_enabled'),
  azurerm_servicebus_namespace: ON_BY_DEFAULT('local_auth_enabled'),
  azurerm_storage_account: ON_BY_DEFAULT('shared_access_key_enabled'),
  azurerm_virtual_machine: {
    path: ['os_profile_linux_config'],
    attribute: 'disable_password_authentication',
    inverted: true,
    byDefault: true,
  },
  azurerm_virtual_machine_scale_set: {
    path: ['os_profile_linux_config'],
    attribute: 'disable_password_authentication',
    inverted: true,
    byDefault: true,
  },
};

/** Adds the keys and passwords of resources, and what runs as a managed identity. */
export function addResources(module: TerraformModule, drafts: Drafts): void {
  for (const [type, own] of Object.entries(LOCAL)) {
    for (const block of resourcesOf(module, type)) addLocal(module, drafts, block, own);
  }
  for (const block of resourcesOf(module, 'azurerm_storage_container')) addContainer(module, drafts, block);
  for (const [type, blocks] of module.byType) {
    if (type.startsWith('azurerm_')) for (const block of blocks) addIdentityUse(module, drafts, block);
  }
}

function addLocal(module: TerraformModule, drafts: Drafts, block: TerraformBlock, own: Switch): void {
  const id = declaredId(module, block.address);
  const name = textOf(module, block, 'name') ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_local_access', provider: 'azure', name });
  const facts: Facts = {
    resourceType: block.type,
    localAuth: switchOf(module, block, own),
    ...(MORE[block.type]?.(module, block) ?? {}),
  };
  setFacts(draft, facts, evidenceOf(block).source);
}

/** Whether keys or passwords work. Undefined where a variable decides, or the block it is in is missing. */
function switchOf(module: TerraformModule, block: TerraformBlock, own: Switch): boolean | undefined {
  let body: HclBody | undefined = block.body;
  for (const name of own.path ?? []) body = body && childBodies(body, name)[0]?.body;
  if (body === undefined) return block.type === 'azurerm_mssql_server' ? true : undefined;
  const known = truth(module, body, own.attribute);
  if (known === 'absent') return own.byDefault;
  return known === undefined ? undefined : known !== (own.inverted === true);
}

function truth(module: TerraformModule, body: HclBody, name: string): boolean | 'absent' | undefined {
  const value = attributeValue({ body }, name);
  if (value === undefined || value.kind === 'null') return 'absent';
  const resolved = resolve(module, value);
  if (resolved === 'true' || resolved === 'false') return resolved === 'true';
  return typeof resolved === 'boolean' ? resolved : undefined;
}

const known = (value: boolean | 'absent' | undefined, byDefault: boolean): boolean | undefined =>
  value === 'absent' ? byDefault : value;

const MORE: Readonly<Record<string, (module: TerraformModule, block: TerraformBlock) => Facts>> = {
  azurerm_container_registry: (module, block) => ({ publicAccess: pullsAnonymously(module, block) }),
  azurerm_cosmosdb_account: (module, block) => ({
    keyWrites: known(truth(module, block.body, 'access_key_metadata_writes_enabled'), true),
  }),
  azurerm_mssql_server: (_module, block) => ({
    entraAdministrator: childBodies(block.body, 'azuread_administrator').length > 0,
  }),
  azurerm_storage_account: (module, block) => {
    const hierarchical = known(truth(module, block.body, 'is_hns_enabled'), false);
    return {
      sasLimited: childBodies(block.body, 'sas_policy').some((policy) => !isBlank(module, policy.body)),
      localUsers: known(truth(module, block.body, 'local_user_enabled'), hierarchical === true),
    };
  },
};

/** The service level `Basic` lets nobody pull without a login. Without a level nobody knows. */
function pullsAnonymously(module: TerraformModule, block: TerraformBlock): boolean | undefined {
  const asked = known(truth(module, block.body, 'anonymous_pull_enabled'), false);
  const level = textOf(module, block, 'sku');
  if (asked !== true || level === 'Basic') return asked === undefined ? undefined : false;
  return level === undefined ? undefined : true;
}

function isBlank(module: TerraformModule, body: HclBody): boolean {
  const period = attributeValue({ body }, 'expiration_period');
  return period !== undefined && resolve(module, period) === '';
}

/** A container of blobs that answers to everybody. */
function addContainer(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const id = declaredId(module, block.address);
  const name = textOf(module, block, 'name') ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type: 'azure_local_access', provider: 'azure', name });
  const written = attributeValue(block, 'container_access_type');
  const access = written === undefined ? 'private' : textOf(module, block, 'container_access_type');
  const publicAccess = access === undefined ? undefined : access !== 'private';
  setFacts(draft, { resourceType: block.type, publicAccess }, evidenceOf(block).source);
}

/** A machine, app or job that runs as a managed identity uses it. */
function addIdentityUse(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const [identity] = childBodies(block.body, 'identity');
  const ids = identity && attributeValue(identity, 'identity_ids');
  const items = ids?.kind === 'list' ? ids.items : ids === undefined ? [] : [ids];
  for (const item of items) {
    const managed = findBlock(module, item, ['azurerm_user_assigned_identity'], ['id']);
    if (managed?.mode !== 'resource') continue;
    const target = addManaged(module, drafts, managed);
    const id = `${declaredId(module, block.address)}#workload`;
    const name = textOf(module, block, 'name') ?? block.address;
    addDeclared(module, drafts, block, { id, type: 'azure_workload', provider: 'azure', name });
    drafts.edge(id, 'uses', byId(target.id), evidenceOf(block));
  }
}
