import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, isoDate, repositoryKey } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { textOf } from '../resolve.ts';
import { nameOf, principal } from './attachments.ts';
import { addAws, addPlaces } from './declare.ts';

const KEY_ID = /^A[KS]IA[A-Z2-7]{16}$/;

/** Reads access keys, key ids in provider blocks, and private keys that Terraform makes. */
export function collectKeys(module: TerraformModule, drafts: Drafts): void {
  for (const block of resourcesOf(module, 'aws_iam_access_key')) addAccessKey(module, drafts, block);
  for (const block of module.providers) addProviderKey(module, drafts, block);
  for (const block of resourcesOf(module, 'tls_private_key')) addPrivateKey(module, drafts, block);
}

function addAccessKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const evidence = evidenceOf(block);
  const keyId = module.state ? textOf(module, block, 'id') : undefined;
  const plainKeyId = keyId !== undefined && KEY_ID.test(keyId) ? keyId : undefined;
  const id = plainKeyId === undefined ? declaredId(module, block.address) : `aws:access-key:${plainKeyId}`;
  const name = plainKeyId ?? block.address;
  const draft = addDeclared(module, drafts, block, { id, type: 'access_key', provider: 'aws', name });
  addKey(draft, 'aws-access-key-id', plainKeyId);
  const status = textOf(module, block, 'status')?.toLowerCase();
  const stored = module.state && textOf(module, block, 'encrypted_secret') === undefined;
  const facts = {
    authMethod: 'static_secret',
    expiresAt: 'never',
    status: status === 'active' ? 'active' : status === 'inactive' ? 'disabled' : undefined,
    createdAt: isoDate(textOf(module, block, 'create_date')),
    storage: stored ? 'plaintext_file' : undefined,
  };
  setFacts(draft, facts, evidence.source);
  const owner = ownerOf(module, drafts, block);
  if (owner === undefined) return;
  addPlaces(drafts, owner, [block]);
  setFacts(owner, { accessKeyDeclared: true }, evidence.source);
  if (status !== 'inactive') countKey(owner, evidence.source);
  drafts.edge(owner.id, 'has-credential', byId(id), evidence);
}

/** The user of a key. `root` is no IAM user: AWS keeps that name for the owner of the account. */
function ownerOf(module: TerraformModule, drafts: Drafts, block: TerraformBlock): Draft | undefined {
  const value = attributeValue(block, 'user');
  const user = principal(module, value, 'user');
  if (user !== undefined && user.mode === 'resource') return addAws(module, drafts, user, 'iam_user');
  const name = nameOf(module, value);
  if (name === undefined) return undefined;
  const id = declaredId(module, `iam_user:${name}`);
  const owner = addDeclared(module, drafts, block, { id, type: 'iam_user', provider: 'aws', name });
  if (name === 'root') setFacts(owner, { isRoot: true }, evidenceOf(block).source);
  return owner;
}

/** How many keys are declared. There may be more, made by hand. */
function countKey(owner: Draft, source: string): void {
  const known = owner.attributes.get('activeKeys')?.value;
  setFacts(owner, { activeKeys: (typeof known === 'number' ? known : 0) + 1 }, source, 'approximate');
}

/** Adds a key id that is written into a provider block. The detector finds the secret beside it. */
function addProviderKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const keyId = block.type === 'aws' ? textOf(module, block, 'access_key') : undefined;
  if (keyId === undefined || !KEY_ID.test(keyId)) return;
  const evidence = evidenceOf(block);
  const id = `aws:access-key:${keyId}`;
  const draft = drafts.identity({ id, type: 'access_key', provider: 'aws', name: keyId }, evidence);
  addKey(draft, 'aws-access-key-id', keyId);
  setFacts(draft, { authMethod: 'static_secret', storage: 'plaintext_file', providerBlock: true }, evidence.source);
  drafts.edge(id, 'uses', repositoryKey(module), evidence, true);
}

/** A key that Terraform makes is in its state, in plain text. */
function addPrivateKey(module: TerraformModule, drafts: Drafts, block: TerraformBlock): void {
  const id = declaredId(module, block.address);
  const draft = addDeclared(module, drafts, block, {
    id,
    type: 'private_key',
    provider: 'terraform',
    name: block.address,
  });
  const keyType = textOf(module, block, 'algorithm')?.toLowerCase();
  setFacts(draft, { authMethod: 'key_pair', keyType, storedInState: true }, evidenceOf(block).source);
  if (module.state) addKey(draft, 'ssh-fingerprint', textOf(module, block, 'public_key_fingerprint_sha256'));
}
