import { addKey, byId, setFacts } from '../shared/identity-drafts.ts';
import { addDeclared, isoDate } from './declare.ts';
import { accountOf, addAccount } from './google/accounts.ts';
import { addBindings } from './google/bindings.ts';
import type { GoogleRun } from './google/context.ts';
import { addCredentials } from './google/credentials.ts';
import { addWorkloadProviders } from './google/federated.ts';
import { addInnerPolicies } from './google/inner-policies.ts';
import { addCustomRoles } from './google/roles.ts';
import { addWorkloads } from './google/workloads.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from './module.ts';
import { textOf } from './resolve.ts';

/**
 * Reads what a module declares of Google Cloud: service accounts and their keys, IAM on any resource, custom roles,
 * workload identity, workloads and the accounts that they run as, and other credentials.
 */
export function collectGoogle(module: TerraformModule, run: GoogleRun): void {
  const { drafts } = run;
  for (const block of resourcesOf(module, 'google_service_account')) addAccount(module, drafts, block);
  for (const block of resourcesOf(module, 'google_service_account_key')) addServiceKey(module, run, block);
  addCustomRoles(module, run);
  addBindings(module, run);
  addInnerPolicies(module, drafts);
  addWorkloadProviders(module, drafts);
  addWorkloads(module, drafts);
  addCredentials(module, drafts);
}

function addServiceKey(module: TerraformModule, { drafts }: GoogleRun, block: TerraformBlock): void {
  const name = module.state ? textOf(module, block, 'name') : undefined;
  const keyId = /\/keys\/(\w+)$/.exec(name ?? '')?.[1];
  const id = keyId === undefined ? declaredId(module, block.address) : `gcp:sa-key:${keyId}`;
  const evidence = evidenceOf(block);
  const head = { id, type: 'gcp_sa_key', provider: 'gcp', name: keyId ?? block.address };
  const draft = addDeclared(module, drafts, block, head);
  addKey(draft, 'gcp-key-id', keyId);
  const until = isoDate(textOf(module, block, 'valid_before'));
  const facts = {
    authMethod: 'key_pair',
    createdAt: isoDate(textOf(module, block, 'valid_after')),
    expiresAt: until?.startsWith('9999') === true ? 'never' : until,
    storage: module.state ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, evidence.source);
  const owner = accountOf(module, drafts, attributeValue(block, 'service_account_id'), block);
  if (owner !== undefined) drafts.edge(owner.id, 'has-credential', byId(id), evidence);
}
