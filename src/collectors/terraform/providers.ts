import { type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { repositoryKey } from './declare.ts';
import { declaredId, evidenceOf, type TerraformBlock, type TerraformModule } from './module.ts';
import { textOf } from './resolve.ts';

/** Providers whose credentials are read elsewhere, with who they are. */
const READ_ELSEWHERE = new Set(['aws', 'azapi', 'azuread', 'azurerm', 'google', 'google-beta']);
/** Arguments of providers that take a credential: `api_key`, `admin_password`, `application_credential_secret`. */
const CREDENTIAL = /(?:^|_)(?:password|token|secret|api_?key|access_key|secret_key|private_key)$/;

/** Adds credentials that are written into provider blocks. Of a value only stays that it is there. */
export function collectProviders(module: TerraformModule, drafts: Drafts): void {
  for (const block of module.providers) if (!READ_ELSEWHERE.has(block.type)) addCredentials(module, drafts, block);
}

function addCredentials(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const alias = textOf(module, block, 'alias');
  const address = alias === undefined ? block.address : `${block.address}.${alias}`;
  for (const { name } of block.body.attributes) {
    if (!CREDENTIAL.test(name) || textOf(module, block, name) === undefined) continue;
    const id = declaredId(module, `${address}.${name}`);
    const type = name.endsWith('password') ? 'password' : 'api_key';
    const evidence = evidenceOf(block);
    const draft = drafts.identity({ id, type, provider: block.type, name: `${address}.${name}` }, evidence);
    setFacts(draft, { authMethod: 'static_secret', storage: 'plaintext_file', providerBlock: true }, evidence.source);
    drafts.edge(id, 'uses', repositoryKey(module), evidence, true);
  }
}
