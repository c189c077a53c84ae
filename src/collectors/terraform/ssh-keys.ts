import { childBodies } from '../../lib/hcl/index.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { readSshKey } from '../shared/ssh-public-key.ts';
import { addDeclared } from './declare.ts';
import { attributeValue, evidenceOf, type TerraformBlock, type TerraformModule } from './module.ts';
import { stringMapOf, textOf } from './resolve.ts';

/** Resources that are one key, by their names: `aws_key_pair`, `digitalocean_ssh_key`, `azurerm_ssh_public_key`. */
const ONE_KEY = /(?:_key_pair|_ssh_key|_ssh_public_key)$/;
/** Metadata of Google Cloud that lets keys in, each with the user before it: `ops:ssh-ed25519 AAAA… ops`. */
const METADATA = ['ssh-keys', 'sshKeys'];

/** A public key that a block lets in, and the user whom it logs in. */
interface LetIn {
  readonly key: string;
  readonly user?: string | undefined;
}

/** Adds the SSH keys that machines let in. */
export function collectSshKeys(module: TerraformModule, drafts: Drafts): void {
  for (const [type, blocks] of module.byType) {
    if (ONE_KEY.test(type)) for (const block of blocks) addKeys(module, drafts, block, ownKey(module, block));
    if (/^azurerm_(?:linux_)?virtual_machine/.test(type))
      for (const block of blocks) addKeys(module, drafts, block, adminKeys(module, block));
    if (type.startsWith('google_compute_'))
      for (const block of blocks) addKeys(module, drafts, block, metadataKeys(module, block));
  }
}

function ownKey(module: TerraformModule, block: TerraformBlock): LetIn[] {
  const key = textOf(module, block, 'public_key') ?? textOf(module, block, 'key');
  return key === undefined ? [] : [{ key }];
}

function adminKeys(module: TerraformModule, block: TerraformBlock): LetIn[] {
  return childBodies(block.body, 'admin_ssh_key').flatMap(({ body }) => {
    const key = textOf(module, { ...block, body }, 'public_key');
    return key === undefined ? [] : [{ key, user: textOf(module, { ...block, body }, 'username') }];
  });
}

function metadataKeys(module: TerraformModule, block: TerraformBlock): LetIn[] {
  const isItem = block.type === 'google_compute_project_metadata_item';
  const item =
    isItem && METADATA.includes(textOf(module, block, 'key') ?? '') ? textOf(module, block, 'value') : undefined;
  const map = isItem ? {} : stringMapOf(module, attributeValue(block, 'metadata'));
  const texts = [item, ...METADATA.map((name) => map[name])].filter((text) => text !== undefined);
  return texts
    .flatMap((text) => text.split('\n'))
    .map((line) => {
      const [, user, key] = /^\s*([\w.-]{1,64}):(.*)$/.exec(line) ?? [];
      return { key: key ?? line, user };
    });
}

function addKeys(module: TerraformModule, drafts: Drafts, block: TerraformBlock, keys: readonly LetIn[]): void {
  for (const { key, user } of keys) {
    const facts = readSshKey(key);
    if (facts === undefined) continue;
    const evidence = evidenceOf(block);
    const id = `authorised-key:${module.repository}:${module.prefix}${block.address}#${facts.fingerprint}`;
    const head = { id, type: 'authorised_ssh_key', provider: 'ssh', name: block.address, account: user };
    const draft = addDeclared(module, drafts, block, head);
    const { keyType, keyBits, fingerprint } = facts;
    setFacts(
      draft,
      { authMethod: 'key_pair', keyType, keyBits, logsInAsRoot: user === undefined ? undefined : user === 'root' },
      evidence.source,
    );
    addKey(draft, 'ssh-fingerprint', fingerprint);
  }
}
