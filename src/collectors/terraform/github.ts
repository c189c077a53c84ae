import { createHash } from 'node:crypto';
import { childBodies } from '../../lib/hcl/index.ts';
import { addKey, byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { addDeclared, addValuePlace } from './declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from './module.ts';
import { booleanOf, findBlock, itemsOf, resolve, textOf } from './resolve.ts';

type Level = 'organisation' | 'repository' | 'environment';

/** Reads deploy keys, Actions secrets and webhooks that the GitHub provider manages. */
export function collectGithub(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'github_repository_deploy_key')) addDeployKey(module, drafts, block);
  for (const block of resourcesOf(module, 'github_actions_secret')) addSecret(module, drafts, block, 'repository');
  for (const block of resourcesOf(module, 'github_actions_environment_secret'))
    addSecret(module, drafts, block, 'environment');
  for (const block of resourcesOf(module, 'github_actions_organization_secret'))
    addSecret(module, drafts, block, 'organisation');
  for (const block of resourcesOf(module, 'github_repository_webhook', 'github_organization_webhook')) {
    addWebhook(module, drafts, block);
  }
}

/** Returns `owner/name` of the repository of a block, if the provider block names the owner. */
function repositoryOf(module: TerraformModule, block: TerraformBlock): string | undefined {
  const value = attributeValue(block, 'repository');
  const declared = findBlock(module, value, ['github_repository'], ['name', 'full_name', 'id']);
  const name = declared === undefined ? textOf(module, block, 'repository') : textOf(module, declared, 'name');
  const owner = ownerOf(module);
  if (name === undefined) return undefined;
  if (name.includes('/')) return name;
  return owner === undefined ? undefined : `${owner}/${name}`;
}

function ownerOf(module: TerraformModule): string | undefined {
  const provider = module.providers.find((candidate) => candidate.type === 'github');
  if (provider === undefined) return undefined;
  return textOf(module, provider, 'owner') ?? textOf(module, provider, 'organization');
}

function addDeployKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const name = textOf(module, block, 'title') ?? block.name;
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, { id, type: 'deploy_key', provider: 'github', name });
  const [type, blob] = (textOf(module, block, 'key') ?? '').split(/\s+/);
  const isPublicKey = type !== undefined && blob !== undefined && /^(?:ssh-|ecdsa-|sk-)/.test(type);
  // The provider's default is a read-only key.
  const readOnly = attributeValue(block, 'read_only') === undefined ? true : booleanOf(module, block, 'read_only');
  setFacts(
    draft,
    { readOnly, authMethod: 'key_pair', keyType: isPublicKey ? keyTypeOf(type) : undefined },
    evidence.source,
  );
  if (isPublicKey) addKey(draft, 'ssh-fingerprint', fingerprintOf(blob));
  const repository = repositoryOf(module, block);
  if (repository === undefined) return;
  drafts.edge(id, 'installed-on', { kind: 'repository', value: repository.toLowerCase() }, evidence);
}

function keyTypeOf(type: string): string {
  return type
    .replace(/^sk-/, '')
    .replace(/^ssh-/, '')
    .replace(/@.*$/, '')
    .replace(/^ecdsa-sha2-.*/, 'ecdsa')
    .replace('dss', 'dsa');
}

function fingerprintOf(blob: string): string {
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

function addSecret(module: TerraformModule, drafts: Drafts, block: TerraformBlock, level: Level): void {
  const name = textOf(module, block, 'secret_name');
  if (name === undefined) return;
  const evidence = evidenceOf(block);
  const place = placeOf(module, block, level);
  const id = place === undefined ? declaredId(module, block.address) : `github:secret:${place}:${name}`;
  const draft = addDeclared(module, drafts, block, { id, type: 'actions_secret', provider: 'github', name });
  const value = attributeValue(block, 'plaintext_value');
  const literal = value !== undefined && isLiteral(resolve(module, value));
  const facts = {
    level,
    visibility: level === 'organisation' ? textOf(module, block, 'visibility') : undefined,
    plaintextValue: literal,
    storage: literal ? 'plaintext_file' : 'ci_secret',
  };
  setFacts(draft, facts, evidence.source);
  if (literal) addValuePlace(drafts, draft, block, 'plaintext_value');
  const key = findBlock(module, value, ['aws_iam_access_key'], ['secret', 'id']);
  if (key?.mode === 'resource') drafts.edge(id, 'holds', byId(declaredId(module, key.address)), evidence);
  if (level === 'repository' && place !== undefined) addKey(draft, 'github-secret', `${place}:${name}`);
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !value.includes('${');
}

function placeOf(module: TerraformModule, block: TerraformBlock, level: Level): string | undefined {
  if (level === 'organisation') return ownerOf(module);
  const repository = repositoryOf(module, block);
  if (level === 'repository' || repository === undefined) return repository;
  const declared = findBlock(
    module,
    attributeValue(block, 'environment'),
    ['github_repository_environment'],
    ['environment'],
  );
  const environment = textOf(module, declared ?? block, 'environment');
  return environment === undefined ? undefined : `${repository}/${environment}`;
}

function addWebhook(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const id = declaredId(module, block.address);
  const [inner] = childBodies(block.body, 'configuration');
  const configuration = inner === undefined ? undefined : { ...block, body: inner.body };
  const url = configuration && textOf(module, configuration, 'url');
  const host = hostOf(url);
  const draft = addDeclared(module, drafts, block, {
    id,
    type: 'webhook',
    provider: 'github',
    name: host ?? block.name,
  });
  const events = itemsOf(block, 'events')?.map((item) => resolve(module, item));
  const facts = {
    // The path of a webhook is often a secret. So only the rest of the address is kept.
    url: url === undefined || host === undefined ? undefined : new URL(url).origin,
    hasSecret: configuration === undefined ? undefined : attributeValue(configuration, 'secret') !== undefined,
    insecureSsl:
      configuration && attributeValue(configuration, 'insecure_ssl')
        ? booleanOf(module, configuration, 'insecure_ssl')
        : false,
    active: attributeValue(block, 'active') === undefined ? true : booleanOf(module, block, 'active'),
    events: events?.every((event): event is string => typeof event === 'string') === true ? events : undefined,
  };
  setFacts(draft, facts, evidence.source);
  addKey(draft, 'host', host);
  const repository = block.type === 'github_repository_webhook' ? repositoryOf(module, block) : undefined;
  if (repository !== undefined) drafts.edge(id, 'installed-on', byId(`github:repo:${repository}`), evidence);
}

function hostOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}
