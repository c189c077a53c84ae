import type { PrivilegeTier } from '../../model/identity.ts';
import { unpackTable } from '../packed-table.ts';
import { GRAPH_ROLES } from './graph-roles.generated.ts';

/** Microsoft Graph, as an application id. */
export const GRAPH_APP_ID = '00000003-0000-0000-c000-000000000000';

/**
 * Application permissions with which an application can make itself, or somebody it rules, administrator of the
 * directory.
 */
const TIER_0: ReadonlySet<string> = new Set([
  'AppRoleAssignment.ReadWrite.All',
  'Application.ReadWrite.All',
  'ServicePrincipalEndpoint.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Directory.ReadWrite.All',
  'Domain.ReadWrite.All',
  'EntitlementManagement.ReadWrite.All',
  'IdentityProvider.ReadWrite.All',
  'Policy.ReadWrite.AuthenticationMethod',
  'Policy.ReadWrite.PermissionGrant',
  'PrivilegedAccess.ReadWrite.AzureADGroup',
  'PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup',
  'PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup',
  'PublicKeyInfrastructure.ReadWrite.All',
  'RoleAssignmentSchedule.ReadWrite.Directory',
  'RoleEligibilitySchedule.ReadWrite.Directory',
  'RoleManagement.ReadWrite.Directory',
  'RoleManagementPolicy.ReadWrite.Directory',
  'User-PasswordProfile.ReadWrite.All',
  'UserAuthenticationMethod.ReadWrite.All',
]);

/** Permissions that read what people wrote and stored. */
const READS_DATA = /^(?:Mail|Files|Sites|Chat|ChannelMessage|Calendars|Notes|Contacts|OnlineMeeting\w*|CallRecords?)\./;

/** Names of the application permissions of Microsoft Graph by id. Make it once for a run. */
export function readGraphRoles(): ReadonlyMap<string, string> {
  const lines = unpackTable(GRAPH_ROLES).split('\n');
  return new Map(lines.map((line) => [line.slice(0, 36), line.slice(37)]));
}

/** Returns the tier of an application permission by its name. */
export function graphTier(name: string): PrivilegeTier {
  if (TIER_0.has(name)) return 0;
  if (READS_DATA.test(name)) return /Write|FullControl|Manage|Send/.test(name) ? 1 : 2;
  if (/OwnedBy$|Selected$/.test(name)) return 2;
  return /Write|FullControl|Manage|Create|Delete|Send|Invoke/.test(name) ? 1 : 3;
}

/** True for a permission that lets somebody grant rights or become somebody else. */
export function isEscalation(name: string): boolean {
  return TIER_0.has(name);
}

/** Directory roles by tier, by name in lower case and by template id. */
const DIRECTORY_ROLES: ReadonlyMap<string, PrivilegeTier> = new Map([
  ['global administrator', 0],
  ['62e90394-69f5-4237-9190-012177145e10', 0],
  ['privileged role administrator', 0],
  ['e8611ab8-c189-46e8-94e1-60213ab1f814', 0],
  ['privileged authentication administrator', 0],
  ['7be44c8a-adaf-4e2a-84d6-ab2649e08a13', 0],
  ['application administrator', 0],
  ['9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3', 0],
  ['cloud application administrator', 0],
  ['158c047a-c907-4556-b7ef-446551a6b5f7', 0],
  ['hybrid identity administrator', 0],
  ['8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2', 0],
  ['directory readers', 3],
  ['88d8e3e3-8f55-4a1e-953a-9b9898b8876b', 3],
  ['global reader', 3],
  ['f2ef992c-3afb-46b9-b7cf-a126ee74c451', 3],
  ['security reader', 3],
  ['5d6b6bb7-de71-4623-b4af-96380a352509', 3],
  ['reports reader', 3],
  ['4a5d8f65-41da-4de4-8968-e035b65339cf', 3],
]);

/** Returns the tier of a directory role by its name or template id; undefined for one that is not judged. */
export function directoryRoleTier(nameOrTemplate: string): PrivilegeTier | undefined {
  return DIRECTORY_ROLES.get(nameOrTemplate.toLowerCase());
}
