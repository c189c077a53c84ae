import { childBodies } from '../../../lib/hcl/index.ts';
import { addOwners, addTagFacts } from '../../shared/aws-principal.ts';
import { addKey, type Draft, type Drafts } from '../../shared/identity-drafts.ts';
import { addDeclared, principalId } from '../declare.ts';
import { attributeValue, evidenceOf, type TerraformBlock, type TerraformModule } from '../module.ts';
import { itemsOf, resolve, stringMapOf, textOf } from '../resolve.ts';

/** Makes the draft of an AWS resource, with its tags. Its id is the ARN where a state tells it. */
export function addAws(module: TerraformModule, drafts: Drafts, block: TerraformBlock, type: string): Draft {
  const name = textOf(module, block, 'name') ?? block.name;
  const id = principalId(module, block);
  const account = /^arn:aws[\w-]*:iam::(\d{12}):/.exec(id)?.[1];
  const draft = addDeclared(module, drafts, block, { id, type, provider: 'aws', name, account });
  if (id.startsWith('arn:')) addKey(draft, 'aws-arn', id);
  addTags(module, drafts, draft, block);
  return draft;
}

/** Adds who owns a resource, and what else its tags and those of the provider say. */
export function addTags(module: TerraformModule, drafts: Drafts, draft: Draft, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const tags = tagsOf(module, block);
  addOwners(drafts, draft, tags, evidence);
  addTagFacts(draft, tags, evidence.source);
}

function tagsOf(module: TerraformModule, block: TerraformBlock): Readonly<Record<string, string>> {
  const alias = aliasOf(block);
  const defaults = module.providers
    .filter((provider) => provider.type === 'aws' && textOf(module, provider, 'alias') === alias)
    .flatMap((provider) => childBodies(provider.body, 'default_tags'))
    .at(-1);
  return {
    ...stringMapOf(module, defaults === undefined ? undefined : attributeValue(defaults, 'tags')),
    ...stringMapOf(module, attributeValue(block, 'tags')),
  };
}

/**
 * `target` for `provider = aws.target`; undefined for the usual provider. The names of a called module are its own: a
 * longer path, which is the alias of no provider.
 */
function aliasOf(block: TerraformBlock): string | undefined {
  const provider = attributeValue(block, 'provider');
  return provider?.kind === 'reference' && provider.path.length > 1 ? provider.path.slice(1).join('.') : undefined;
}

/** Accounts that the provider blocks name as the only ones. */
export function ownAccountsOf(module: TerraformModule): string[] {
  const accounts = module.providers.flatMap((block) =>
    (itemsOf(block, 'allowed_account_ids') ?? []).map((item) => resolve(module, item)),
  );
  return accounts.map(String).filter((text) => /^\d{12}$/.test(text));
}

/** Adds further places of what is declared. */
export function addPlaces(drafts: Drafts, draft: Draft, blocks: readonly TerraformBlock[]): void {
  for (const block of blocks) drafts.detail(draft, evidenceOf(block));
}
