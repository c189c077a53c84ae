import type { EdgeConfidence, Identity, JoinKey } from '../model/identity.ts';

/** Keys that say where something belongs, not what it is: they never prove that a secret opens an identity. */
const CONTEXT_KINDS = new Set([
  'aws-account-id',
  'azure-tenant-id',
  'gcp-project',
  'github-secret',
  'host',
  'identity',
  'jwt-issuer',
  'repository',
  'slack-team',
]);

const PROVEN_KINDS = new Set([
  'aws-access-key-id',
  'aws-arn',
  'azure-object-id',
  'certificate-thumbprint',
  'declared-value',
  'gcp-key-id',
  'github-app-id',
  'github-token-hash',
  'identity',
  'public-key-fingerprint',
  'repository',
  'spiffe-id',
  'ssh-fingerprint',
]);

const STRONG_KINDS = new Set([
  'aws-account-id',
  'azure-access-policy',
  'azure-client-id',
  'azure-storage-account',
  'database-role',
  'gcp-service-account',
  'github-app-slug',
  'github-token-last-eight',
  'github-secret',
  'jwt-subject',
  'kubeconfig-user',
  'kubernetes-service-account',
  'registry-user',
  'slack-app',
  'slack-bot',
]);

/** Identities by join key and by id. */
export interface KeyIndex {
  readonly byId: ReadonlyMap<string, Identity>;
  /** Repository nodes by `owner/name` in lower case. */
  readonly repositories: ReadonlyMap<string, Identity>;
  /** Names of repositories that are clones, in lower case, and the name that stands for each. */
  readonly clones: ReadonlyMap<string, string>;
  find(key: JoinKey): readonly Identity[];
}

/** Indexes merged identities. */
export function indexKeys(identities: readonly Identity[], clones: ReadonlyMap<string, string> = new Map()): KeyIndex {
  const byKey = new Map<string, Identity[]>();
  const repositories = new Map<string, Identity>();
  for (const identity of identities) {
    for (const key of identity.keys) {
      const list = byKey.get(keyText(key));
      if (list === undefined) byKey.set(keyText(key), [identity]);
      else list.push(identity);
    }
    if (identity.type === 'repository') for (const name of repositoryNames(identity)) repositories.set(name, identity);
  }
  const byId = new Map<string, Identity>(identities.map((identity) => [identity.id, identity]));
  const find = (key: JoinKey): readonly Identity[] => {
    const direct = key.kind === 'identity' ? byId.get(key.value) : undefined;
    const repository = key.kind === 'repository' ? repositories.get(key.value.toLowerCase()) : undefined;
    const single = direct ?? repository;
    return single === undefined ? (byKey.get(keyText(key)) ?? []) : [single];
  };
  return { byId, repositories, clones: inLowerCase(clones), find };
}

/** How much an equal key proves. A name that fits several identities proves less. */
export function confidenceOfKey(kind: string, hits: number): EdgeConfidence {
  if (PROVEN_KINDS.has(kind)) return 'proven';
  return STRONG_KINDS.has(kind) && hits === 1 ? 'strong' : 'inferred';
}

/** True when an equal key can mean that a secret opens the identity. */
export function identifies(kind: string): boolean {
  return !CONTEXT_KINDS.has(kind);
}

/** One text per key. */
export function keyText(key: JoinKey): string {
  return `${key.kind}\n${key.value}`;
}

function repositoryNames(identity: Identity): readonly string[] {
  const names = identity.keys.filter((key) => key.kind === 'repository').map((key) => key.value.toLowerCase());
  const prefix = 'github:repo:';
  return identity.id.startsWith(prefix) ? [...names, identity.id.slice(prefix.length).toLowerCase()] : names;
}

function inLowerCase(names: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...names].map(([name, same]) => [name.toLowerCase(), same.toLowerCase()]));
}
