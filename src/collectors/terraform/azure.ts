import { addAssignments, addDefinitions } from './azure/assignments.ts';
import type { AzureRun } from './azure/context.ts';
import { addAzureCredentials } from './azure/credentials.ts';
import { addDirectoryPowers } from './azure/directory.ts';
import { addManaged } from './azure/principals.ts';
import { addResources } from './azure/resources.ts';
import { resourcesOf, type TerraformModule } from './module.ts';

/**
 * Reads what a module declares of Azure and Entra: applications and managed identities, their credentials, roles and
 * directory permissions, secrets of Key Vault, and the keys and passwords that resources have of their own.
 */
export function collectAzure(module: TerraformModule, run: AzureRun): void {
  for (const block of resourcesOf(module, 'azurerm_user_assigned_identity')) addManaged(module, run.drafts, block);
  addDirectoryPowers(module, run);
  addAzureCredentials(module, run.drafts);
  addDefinitions(module, run);
  addAssignments(module, run);
  addResources(module, run.drafts);
}
