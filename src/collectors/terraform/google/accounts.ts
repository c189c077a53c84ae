import type { HclValue } from '../../../lib/hcl/index.ts';
import { addKey, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared } from '../declare.ts';
import { declaredId, evidenceOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { booleanOf, findBlock, resolve, textOf } from '../resolve.ts';

const ACCOUNT_EMAIL = /^[\w.-]+@(?:[\w.-]+\.iam|developer|appspot|cloudservices|cloudbuild)\.gserviceaccount\.com$/;
/** An account that is declared here or by a module. */
const ACCOUNT_ADDRESS =
  /\$\{((?:module\.[\w-]+(?:\[[^\]]*\])?\.){0,8}google_service_account\.[\w-]+)(?:\[[^\]]*\])?\.\w+\}/;
const DEFAULT_ACCOUNT = /-compute@developer\.gserviceaccount\.com$|@appspot\.gserviceaccount\.com$/;
/** Data sources that answer with a default account. */
const DEFAULT_DATA = /data\.google_(?:compute_default_service_account|app_engine_default_service_account)\./;

/** Adds the account that a block declares. */
export function addAccount(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft {
  const email = emailOf(module, block);
  const id = email === undefined ? declaredId(module, block.address) : `gcp:service-account:${email}`;
  const name = email ?? textOf(module, block, 'account_id') ?? block.name;
  const account = textOf(module, block, 'project');
  const draft = addDeclared(module, drafts, block, { id, type: 'gcp_service_account', provider: 'gcp', name, account });
  addKey(draft, 'gcp-service-account', email);
  const disabled = booleanOf(module, block, 'disabled') === true;
  setFacts(draft, { status: disabled ? 'disabled' : undefined }, evidenceOf(block).source);
  return draft;
}

function emailOf(module: TerraformModule, block: TerraformBlock): string | undefined {
  const email = textOf(module, block, 'email');
  if (email !== undefined) return email;
  const account = textOf(module, block, 'account_id');
  const project = textOf(module, block, 'project') ?? providerProject(module);
  return account === undefined || project === undefined ? undefined : `${account}@${project}.iam.gserviceaccount.com`;
}

/** The project of the provider block, where it is known. */
export function providerProject(module: TerraformModule): string | undefined {
  const provider = module.providers.find(({ type }) => type === 'google' || type === 'google-beta');
  return provider && textOf(module, provider, 'project');
}

/** Returns the service account that a value names: one of the module, or any by its e-mail address. */
export function accountOf(
  module: TerraformModule,
  drafts: Drafts,
  value: HclValue | undefined,
  block: TerraformBlock,
): Draft | undefined {
  const declared = findBlock(module, value, ['google_service_account'], ['name', 'email', 'id', 'unique_id']);
  if (declared?.mode === 'resource') return addAccount(module, drafts, declared);
  const text = value === undefined ? undefined : resolve(module, value);
  return typeof text === 'string' ? accountByText(module, drafts, text, block) : undefined;
}

/**
 * Reads `serviceAccount:<e-mail>`, `projects/-/serviceAccounts/<e-mail>` or the e-mail. Partly known text names a
 * block.
 */
export function accountByText(
  module: TerraformModule,
  drafts: Drafts,
  text: string,
  block: TerraformBlock,
): Draft | undefined {
  const address = ACCOUNT_ADDRESS.exec(text)?.[1];
  const declared = address === undefined ? undefined : module.blocks.get(address);
  if (declared !== undefined) return addAccount(module, drafts, declared);
  const email = text.slice(Math.max(text.lastIndexOf(':'), text.lastIndexOf('/')) + 1);
  if (!ACCOUNT_EMAIL.test(email)) return undefined;
  const head = { id: `gcp:service-account:${email}`, type: 'gcp_service_account', provider: 'gcp', name: email };
  const draft = drafts.detail(head, evidenceOf(block));
  addKey(draft, 'gcp-service-account', email);
  if (DEFAULT_ACCOUNT.test(email)) setFacts(draft, { isDefault: true }, evidenceOf(block).source);
  return draft;
}

/** True for text that names a default account, by its e-mail or by the data source that looks it up. */
export function isDefaultAccount(text: string): boolean {
  return DEFAULT_ACCOUNT.test(text) || DEFAULT_DATA.test(text);
}
