import type { EdgeConfidence, Identity } from '../../model/identity.ts';
import { listOf, textOf } from './attributes.ts';
import type { CiUse } from './ci-secret-use.ts';

const ID = /^github:secret:([^/:]+)(?:\/([^/:]+))?(?:\/(.+))?:([^:]+)$/s;

/** Where a CI secret is defined. Names and owners are in lower case, as GitHub compares them. */
export interface CiSecret {
  readonly identity: Identity;
  readonly level: 'organisation' | 'repository' | 'environment';
  readonly owner: string;
  /** `owner/name`; empty for an organisation's secret. */
  readonly repository: string;
  readonly environment: string;
  readonly name: string;
}

/** All CI secrets, by name, with what is known of repositories. */
export interface CiSecrets {
  readonly all: readonly CiSecret[];
  readonly byName: ReadonlyMap<string, readonly CiSecret[]>;
  /** Visibility by `owner/name`. */
  readonly repositories: ReadonlyMap<string, string | undefined>;
  /** Repositories for which every secret name that a workflow can use was read, and what listed them. */
  readonly complete: ReadonlyMap<string, string>;
}

/** A secret that a workflow may mean, and how certain that is. */
export interface CiHit {
  readonly secret: CiSecret;
  readonly confidence: EdgeConfidence;
}

/** Reads secrets and repositories out of the inventory. */
export function indexCiSecrets(identities: readonly Identity[]): CiSecrets {
  const all = identities.filter((identity) => identity.type === 'actions_secret').flatMap(readSecret);
  const byName = new Map<string, CiSecret[]>();
  for (const secret of all) {
    const list = byName.get(secret.name);
    if (list === undefined) byName.set(secret.name, [secret]);
    else list.push(secret);
  }
  const repositories = new Map<string, string | undefined>();
  const complete = new Map<string, string>();
  for (const identity of identities) {
    if (identity.type !== 'repository' || !identity.id.startsWith('github:repo:')) continue;
    const name = identity.id.slice('github:repo:'.length).toLowerCase();
    repositories.set(name, textOf(identity, 'visibility'));
    const read = identity.attributes['secretsComplete'];
    if (read?.value === true) complete.set(name, read.source);
  }
  return { all, byName, repositories, complete };
}

/** The narrowest definition wins. If the environment of a job is unknown, any of its environments may be meant. */
export function resolveUse(use: CiUse, secrets: CiSecrets): readonly CiHit[] {
  const named = secrets.byName.get(use.name) ?? [];
  const local = named.filter((secret) => secret.repository === use.repository);
  const environments = local.filter((secret) => secret.level === 'environment');
  const exact = environments.filter((secret) => secret.environment === use.environmentName);
  if (exact.length > 0) return exact.map((secret) => ({ secret, confidence: 'strong' }));
  const possible = environments.map((secret): CiHit => ({ secret, confidence: 'inferred' }));
  const wider = widerHits(use, named, secrets);
  if (use.environment === 'unknown') return [...possible, ...wider];
  // A name that nothing else defines can only come from an environment that could not be read off the job.
  return wider.length > 0 || use.environment === 'named' ? wider : possible;
}

function widerHits(use: CiUse, named: readonly CiSecret[], secrets: CiSecrets): readonly CiHit[] {
  const own = named.filter((secret) => secret.level === 'repository' && secret.repository === use.repository);
  if (own.length > 0) return own.map((secret) => ({ secret, confidence: 'strong' }));
  const [owner] = use.repository.split('/');
  const organisation = named.filter((secret) => secret.level === 'organisation' && secret.owner === owner);
  return organisation.flatMap((secret) => hitOfOrganisation(secret, use.repository, secrets));
}

/**
 * Repositories whose workflows can read a secret, `owner/name` in lower case; undefined when that is not known. Of an
 * organisation only the repositories in the inventory can be named.
 */
export function reachOf(secret: CiSecret, secrets: CiSecrets): readonly string[] | undefined {
  if (secret.level !== 'organisation') return [secret.repository];
  const visibility = textOf(secret.identity, 'visibility');
  if (visibility === 'selected') return selectedOf(secret);
  if (visibility !== 'all' && visibility !== 'private') return undefined;
  const own = [...secrets.repositories].filter(([name]) => name.startsWith(`${secret.owner}/`));
  if (own.some(([, repositoryVisibility]) => visibility === 'private' && repositoryVisibility === undefined))
    return undefined;
  return own
    .filter(([, repositoryVisibility]) => visibility === 'all' || repositoryVisibility !== 'public')
    .map(([name]) => name);
}

function readSecret(identity: Identity): readonly CiSecret[] {
  const parts = ID.exec(identity.id);
  if (parts === null) return [];
  const owner = (parts[1] ?? '').toLowerCase();
  const repository = parts[2] === undefined ? '' : `${owner}/${parts[2].toLowerCase()}`;
  const level = parts[3] !== undefined ? 'environment' : repository === '' ? 'organisation' : 'repository';
  // The id holds the name in a form that fits an id; the attribute holds it as it is.
  const environment = (textOf(identity, 'environmentName') ?? parts[3] ?? '').toLowerCase();
  return [{ identity, level, owner, repository, environment, name: (parts[4] ?? '').toUpperCase() }];
}

function hitOfOrganisation(secret: CiSecret, repository: string, secrets: CiSecrets): readonly CiHit[] {
  const visibility = textOf(secret.identity, 'visibility');
  const shown = secrets.repositories.get(repository);
  if (visibility === 'all') return [{ secret, confidence: 'strong' }];
  if (visibility === 'private') {
    if (shown === 'public') return [];
    return [{ secret, confidence: shown === undefined ? 'inferred' : 'strong' }];
  }
  const selected = visibility === 'selected' ? selectedOf(secret) : undefined;
  if (selected === undefined) return [{ secret, confidence: 'inferred' }];
  return selected.includes(repository) ? [{ secret, confidence: 'strong' }] : [];
}

function selectedOf(secret: CiSecret): readonly string[] | undefined {
  return listOf(secret.identity, 'selectedRepositoryNames')?.map((name) => name.toLowerCase());
}
