import { allTexts, asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import { isLiteralSecret, isSecretName } from '../shared/secret-words.ts';

/** Kinds of keys in a rule of `.sops.yaml` and in the metadata of a file. */
const PERSONAL = ['age', 'pgp'];
const MANAGED = ['kms', 'gcp_kms', 'azure_kv', 'azure_keyvault', 'hc_vault', 'hc_vault_transit_uri', 'hckms'];
const MOST_TEXTS = 5000;

/** True if one key of a person, or of one machine, opens what is encrypted: no service, and nobody else. */
export function isSingle(keys: Loose): boolean | undefined {
  const groups = asList(keys['key_groups']).map(asObject);
  const all = [keys, ...groups];
  const managed = all.some((group) => MANAGED.some((kind) => asList(group[kind]).length > 0));
  const own = all.flatMap((group) => PERSONAL.flatMap((kind) => asList(group[kind]).flatMap(recipients)));
  return own.length === 0 && !managed ? undefined : !managed && new Set(own).size === 1;
}

/** `age: a,b`, `- recipient: a` (metadata), `- fp: A` (metadata). */
function recipients(item: unknown): readonly string[] {
  const text = asText(item);
  if (text !== undefined)
    return text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  return [asText(asObject(item)['recipient']) ?? asText(asObject(item)['fp']) ?? ''];
}

/** What an encrypted document says without being opened. */
export interface SopsFacts {
  readonly [name: string]: string | boolean | readonly string[] | undefined;
}

/** Reads a document that sops encrypted; undefined if it is none. */
export function readSops(document: Loose): SopsFacts | undefined {
  const metadata = asObject(document['sops']);
  if (asText(metadata['mac']) === undefined) return undefined;
  const names = Object.keys(document).filter((name) => name !== 'sops');
  const time = Date.parse(asText(metadata['lastmodified']) ?? '');
  return {
    storage: 'encrypted_file',
    secretNames: names.slice(0, 100),
    literalSecrets: openSecrets(document),
    singleRecipient: isSingle(metadata),
    updatedAt: Number.isNaN(time) ? undefined : new Date(time).toISOString(),
  };
}

/** Names of secrets that stand in the file as they are, beside encrypted ones. */
function openSecrets(document: Loose): readonly string[] {
  const names = new Set<string>();
  let left = MOST_TEXTS;
  for (const { text, path } of allTexts(document)) {
    left -= 1;
    if (left <= 0) break;
    const name = String(path.at(-1) ?? '');
    if (path[0] !== 'sops' && !text.startsWith('ENC[') && isSecretName(name) && isLiteralSecret(text)) names.add(name);
  }
  return [...names].sort();
}

/** Reads `.sops.yaml`: true if a rule of it has a single recipient. */
export function readSopsRules(document: Loose): SopsFacts {
  const rules = asList(document['creation_rules']).map((rule) => isSingle(asObject(rule)));
  const known = rules.filter((single) => single !== undefined);
  return { storage: 'encrypted_file', singleRecipient: known.length === 0 ? undefined : known.includes(true) };
}

/** Names whose values ansible-vault encrypts inside a file. */
export function vaultedNames(text: string): readonly string[] {
  const hits = text.matchAll(/^[ \t]{0,40}(?:- )?["']?([\w.-]{1,100})["']?:[ \t]{1,10}!vault\b/gm);
  return asTexts([...new Set([...hits].map(([, name]) => name))].slice(0, 100));
}
