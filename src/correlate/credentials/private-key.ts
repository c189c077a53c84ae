import type { JoinKey } from '../../model/identity.ts';
import { defineCredentialReader, type NamedNode } from '../contract.ts';
import { keyList, ownKey, textFact } from '../shared/found-facts.ts';

/** How GitHub names the file of an app's key: `<app>.<date>.private-key.pem`. */
const APP_KEY_FILE = /(?:^|\/)([a-z0-9-]{1,80})\.\d{4}-\d\d-\d\d\.private-key\.pem$/;

/** How Apple names the file of a key for its services: `AuthKey_<key id>.p8`. Such a key has no end. */
const APPLE_KEY_FILE = /(?:^|\/)AuthKey_([A-Z0-9]{10})\.p8$/;

/** Forms that only SSH reads, and names that its files have. Another form may be a key for TLS, tokens or signing. */
const SSH_RULES = new Set(['private-key-openssh', 'private-key-putty']);
const SSH_FILE =
  /(?:^|\/)\.?ssh\/|(?:^|[/._-])(?:id_(?:rsa|dsa|ecdsa|ed25519)|ssh)(?![a-z])|_(?:rsa|dsa|ecdsa|ed25519)$/i;

/** Private keys: the fingerprint of the public half names them; the name of the file may name a GitHub App. */
export default defineCredentialReader({
  id: 'private-key',
  title: 'private keys, by the fingerprint of their public half',
  read(secret) {
    const ssh = ownKey(secret, 'ssh-fingerprint');
    const spki = ownKey(secret, 'public-key-fingerprint');
    if (ssh === undefined && spki === undefined) return undefined;
    const bits = secret.facts['keyBits'];
    const facts = {
      keyType: textFact(secret, 'keyType'),
      keyBits: typeof bits === 'number' ? bits : undefined,
      authMethod: 'key_pair',
    };
    const keys = [...keyList('ssh-fingerprint', ssh), ...keyList('public-key-fingerprint', spki)];
    const apple = secret.locations.map(({ path }) => APPLE_KEY_FILE.exec(path)?.[1]).find((id) => id !== undefined);
    if (apple !== undefined) return { credential: appleKey(apple, keys, facts) };
    const isSsh = SSH_RULES.has(secret.rule.id) || secret.locations.some(({ path }) => SSH_FILE.test(path));
    const head =
      ssh !== undefined && (isSsh || spki === undefined)
        ? { id: `ssh:${ssh}`, type: 'ssh_key', provider: 'ssh', name: ssh }
        : { id: `key:${spki}`, type: 'private_key', provider: secret.rule.provider, name: spki ?? '' };
    const credential = { ...head, keys, facts };
    const app = findApp(secret);
    return { credential, principals: app === undefined ? [] : [app] };
  },
});

function appleKey(keyId: string, keys: readonly JoinKey[], facts: NonNullable<NamedNode['facts']>): NamedNode {
  const head = { id: `apple:auth-key:${keyId}`, type: 'private_key', provider: 'apple', name: keyId };
  return { ...head, keys, facts: { ...facts, expiresAt: 'never' } };
}

function findApp({ locations, ...secret }: Parameters<typeof ownKey>[0]) {
  const slug = locations.map(({ path }) => APP_KEY_FILE.exec(path)?.[1]).find((name) => name !== undefined);
  const appId = [...secret.keys, ...secret.nearbyKeys].find(({ kind }) => kind === 'github-app-id')?.value;
  if (slug === undefined && appId === undefined) return undefined;
  return {
    id: slug === undefined ? `github:app:${appId}` : `github:app:${slug}`,
    type: 'github_app',
    provider: 'github',
    name: slug ?? appId ?? '',
    keys: [...keyList('github-app-slug', slug), ...keyList('github-app-id', appId)],
    confidence: 'strong',
  } as const;
}
