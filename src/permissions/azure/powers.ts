import type { PrivilegeTier } from '../../model/identity.ts';
import type { PowerFamily } from '../contract.ts';

/** How far a scope reaches: a subscription or more, a resource group, one resource. */
export type Reach = 'wide' | 'group' | 'narrow';

/** An action that gives power, and the tier it is worth by reach. Data actions begin with `data:`. */
export interface PowerRow {
  readonly family: PowerFamily;
  readonly tiers: Readonly<Record<Reach, PrivilegeTier>>;
  readonly action: string;
}

const rows = (
  family: PowerFamily,
  [wide, group, narrow]: readonly [PrivilegeTier, PrivilegeTier, PrivilegeTier],
  actions: readonly string[],
): readonly PowerRow[] => actions.map((action) => ({ family, tiers: { wide, group, narrow }, action }));

/** Everything of the control plane, role assignments included: what Owner is. */
export const EVERYTHING = '*';

export const POWERS: readonly PowerRow[] = [
  ...rows('permission-management', [0, 1, 1], ['Microsoft.Authorization/roleAssignments/write']),
  ...rows(
    'escalation',
    [0, 1, 1],
    ['Microsoft.Authorization/roleDefinitions/write', 'Microsoft.Authorization/elevateAccess/action'],
  ),
  ...rows(
    'permission-management',
    [1, 2, 2],
    [
      'Microsoft.Authorization/policyAssignments/write',
      'Microsoft.Authorization/denyAssignments/delete',
      'Microsoft.KeyVault/vaults/accessPolicies/write',
      'Microsoft.KeyVault/vaults/write',
    ],
  ),
  ...rows(
    'lateral-movement',
    [1, 2, 2],
    [
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
      'Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action',
      'Microsoft.Compute/virtualMachines/runCommand/action',
      'Microsoft.Compute/virtualMachines/extensions/write',
      'Microsoft.Compute/virtualMachineScaleSets/extensions/write',
      'Microsoft.Automation/automationAccounts/jobs/write',
      'Microsoft.Automation/automationAccounts/runbooks/draft/write',
      'Microsoft.ContainerService/managedClusters/runcommand/action',
      'Microsoft.Web/sites/write',
      'Microsoft.Web/sites/host/listkeys/action',
      'Microsoft.Logic/workflows/write',
      'Microsoft.HybridCompute/machines/extensions/write',
      'Microsoft.Resources/deploymentScripts/write',
      'data:Microsoft.Compute/virtualMachines/loginAsAdmin/action',
    ],
  ),
  ...rows(
    'credential-exposure',
    [1, 2, 2],
    [
      'data:Microsoft.KeyVault/vaults/secrets/getSecret/action',
      'data:Microsoft.KeyVault/vaults/keys/sign/action',
      'data:Microsoft.KeyVault/vaults/keys/decrypt/action',
      'Microsoft.Storage/storageAccounts/listKeys/action',
      'Microsoft.Storage/storageAccounts/listAccountSas/action',
      'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
      'Microsoft.ContainerRegistry/registries/listCredentials/action',
      'Microsoft.ContainerRegistry/registries/generateCredentials/action',
      'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
      'Microsoft.ServiceBus/namespaces/authorizationRules/listkeys/action',
      'Microsoft.EventHub/namespaces/authorizationRules/listkeys/action',
      'Microsoft.Cache/redis/listKeys/action',
      'Microsoft.CognitiveServices/accounts/listKeys/action',
      'Microsoft.Search/searchServices/listAdminKeys/action',
      'Microsoft.Web/sites/config/list/action',
      'Microsoft.Web/sites/publishxml/action',
      'Microsoft.AppConfiguration/configurationStores/ListKeys/action',
      'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
      'Microsoft.Sql/servers/administrators/write',
    ],
  ),
  ...rows(
    'data-exfiltration',
    [2, 2, 2],
    [
      'data:Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
      'data:Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
      'data:Microsoft.Storage/storageAccounts/queueServices/queues/messages/read',
      'data:Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
      'data:Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read',
      'data:Microsoft.AppConfiguration/configurationStores/keyValues/read',
      'data:Microsoft.ServiceBus/namespaces/messages/receive/action',
      'data:Microsoft.EventHub/namespaces/messages/receive/action',
      'data:Microsoft.CognitiveServices/accounts/OpenAI/files/read',
      'Microsoft.Compute/disks/beginGetAccess/action',
      'Microsoft.Compute/snapshots/beginGetAccess/action',
    ],
  ),
];

/** What most roles carry beside their purpose, and what only reports: it changes nothing that matters. */
const SMALL =
  /^(?:data:)?microsoft\.(?:support|resourcehealth|resources\/deployments|resources\/subscriptions|insights\/(?:alertrules|metrics|telemetry|logs|register|diagnosticsettings|metricalerts|actiongroups|activitylogalerts|scheduledqueryrules|components)|aad\/register)|\/(?:operationresults|operationstatuses|register|unregister|generateuserdelegationkey|providers\/microsoft\.insights)(?:\/|$)/;

const REPLACES = /(?:\/write|\/delete|\/\*|^(?:data:)?\*)$/;
const CALLS =
  /\/(?:\*|assign|deallocate|import\w*|invoke\w*|login\w*|move|poweroff|publish|purge|redeploy|regenerate\w*|reset\w*|restart|restore|run\w*|send|start|stop|swap)\/action$/;

/** 1: replaces or removes what is there. 2: adds or calls. Undefined: reads, or does something small. */
export function writeTier(pattern: string): 1 | 2 | undefined {
  if (SMALL.test(pattern)) return undefined;
  if (REPLACES.test(pattern)) return 1;
  return CALLS.test(pattern) ? 2 : undefined;
}

/** `Microsoft.Storage/*`, `*`: everything of a service, or of all. */
export function isWholeService(pattern: string): boolean {
  return /^(?:data:)?(?:[\w.]+\/)?\*$/.test(pattern) && !SMALL.test(pattern);
}
