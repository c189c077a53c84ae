import { childBodies } from '../../../lib/hcl/index.ts';
import { byId, type Drafts, type Facts, setFacts } from '../../shared/identity-drafts.ts';
import { addDeclared, addValuePlace, isoDate } from '../declare.ts';
import {
  attributeValue,
  declaredId,
  evidenceOf,
  resourcesOf,
  type TerraformBlock,
  type TerraformModule,
} from '../module.ts';
import { findBlock, resolve, textOf } from '../resolve.ts';
import { accountOf, providerProject } from './accounts.ts';

const DAY = 86_400;

/** A kind of credential: its type, and what is read of it. */
interface Kind {
  readonly type: string;
  readonly name: string;
  readonly read: (module: TerraformModule, block: TerraformBlock) => Facts;
}

const KINDS: Readonly<Record<string, Kind>> = {
  google_apikeys_key: { type: 'api_key', name: 'display_name', read: readApiKey },
  google_kms_crypto_key: { type: 'gcp_kms_key', name: 'name', read: readKmsKey },
  google_secret_manager_secret: { type: 'gcp_secret', name: 'secret_id', read: readSecret },
  google_storage_hmac_key: { type: 'gcp_hmac_key', name: 'access_id', read: () => ({ authMethod: 'static_secret' }) },
};

/** Adds API keys, HMAC keys, secrets of Secret Manager and keys of Cloud KMS. Values are never read. */
export function addCredentials(module: TerraformModule, drafts: Drafts): void {
  const versions = versionsOf(module);
  for (const [resource, kind] of Object.entries(KINDS)) {
    for (const block of resourcesOf(module, resource)) {
      const id = idOf(module, block);
      const name = textOf(module, block, kind.name) ?? block.name;
      const account = textOf(module, block, 'project') ?? providerProject(module);
      const evidence = evidenceOf(block);
      const draft = addDeclared(module, drafts, block, { id, type: kind.type, provider: 'gcp', name, account });
      setFacts(draft, kind.read(module, block), evidence.source);
      for (const version of versions.get(block) ?? []) addValuePlace(drafts, draft, version, 'secret_data');
      const owner = accountOf(module, drafts, attributeValue(block, 'service_account_email'), block);
      if (owner !== undefined) drafts.edge(owner.id, 'has-credential', byId(id), evidence);
    }
  }
}

/** A state tells the id that Google gave to an API key. */
function idOf(module: TerraformModule, block: TerraformBlock): string {
  const uid = module.state && block.type === 'google_apikeys_key' ? textOf(module, block, 'uid') : undefined;
  return uid === undefined || uid === '' ? declaredId(module, block.address) : `gcp:api-key:${uid}`;
}

/** Values that code puts into a secret of Secret Manager. */
function versionsOf(module: TerraformModule): ReadonlyMap<TerraformBlock, readonly TerraformBlock[]> {
  const versions = new Map<TerraformBlock, TerraformBlock[]>();
  for (const block of resourcesOf(module, 'google_secret_manager_secret_version')) {
    const secret = findBlock(module, attributeValue(block, 'secret'), ['google_secret_manager_secret'], ['id', 'name']);
    if (secret !== undefined) versions.set(secret, [...(versions.get(secret) ?? []), block]);
  }
  return versions;
}

/** `apiRestricted`: only some services. `clientRestricted`: only from some addresses, sites or apps. */
function readApiKey(_module: TerraformModule, block: TerraformBlock): Facts {
  const [restrictions] = childBodies(block.body, 'restrictions');
  const has = (...names: readonly string[]): boolean =>
    restrictions !== undefined && names.some((name) => childBodies(restrictions.body, name).length > 0);
  return {
    apiRestricted: has('api_targets'),
    clientRestricted: has(
      'server_key_restrictions',
      'browser_key_restrictions',
      'android_key_restrictions',
      'ios_key_restrictions',
    ),
  };
}

function readSecret(module: TerraformModule, block: TerraformBlock): Facts {
  const rotates = childBodies(block.body, 'rotation').length > 0;
  const limited = attributeValue(block, 'ttl') !== undefined;
  return {
    rotation: rotates ? 'automatic' : 'none',
    expiresAt: isoDate(textOf(module, block, 'expire_time')) ?? (limited || hasExpiry(block) ? undefined : 'never'),
  };
}

const hasExpiry = (block: TerraformBlock): boolean => attributeValue(block, 'expire_time') !== undefined;

/** Only keys that encrypt and decrypt can rotate by themselves. */
function readKmsKey(module: TerraformModule, block: TerraformBlock): Facts {
  const written = attributeValue(block, 'purpose');
  const purpose = written === undefined ? 'ENCRYPT_DECRYPT' : resolve(module, written);
  if (purpose !== 'ENCRYPT_DECRYPT') return {};
  const period = attributeValue(block, 'rotation_period');
  if (period === undefined) return { rotation: 'none' };
  const seconds = /^(\d+)(?:\.\d+)?s$/.exec(textOf(module, block, 'rotation_period') ?? '')?.[1];
  return { rotation: 'automatic', rotationDays: seconds === undefined ? undefined : Number(seconds) / DAY };
}
