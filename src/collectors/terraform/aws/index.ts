import type { Drafts } from '../../shared/identity-drafts.ts';
import type { TerraformModule } from '../module.ts';
import { readAttachments } from './attachments.ts';
import { collectEks } from './eks.ts';
import { collectKeys } from './keys.ts';
import { collectPolicies } from './policies.ts';
import { collectPrincipals } from './principals.ts';
import { collectResourcePolicies } from './resource-policies.ts';
import { collectSecrets } from './secrets.ts';
import { collectWorkloads } from './workloads.ts';

/** Reads what AWS knows of identities: principals, policies, keys, secrets, and who may use resources. */
export function collectAws(module: TerraformModule, drafts: Drafts): void {
  const attachments = readAttachments(module);
  collectPrincipals(module, drafts, attachments);
  collectKeys(module, drafts);
  collectSecrets(module, drafts);
  collectEks(module, drafts);
  collectResourcePolicies(module, drafts);
  collectWorkloads(module, drafts);
  // Last: what nobody uses stands for itself.
  collectPolicies(module, drafts);
}
