import type { Evidence } from '../../../model/identity.ts';
import { titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { listOrganisationSecrets } from '../endpoints/organisation.ts';
import { listEnvironmentSecrets, listRepositorySecrets, listSharedSecrets } from '../endpoints/repository.ts';
import type { SecretStore } from '../endpoints/stores.ts';
import type { Environment, SecretMetadata } from '../schema.ts';
import { environmentKind, environmentPart, organisationId, PROVIDER, repositoryId } from './names.ts';

/** The date of a write does not prove that the value changed. So it is `updatedAt`, never `lastRotatedAt`. */
function datesOf(secret: SecretMetadata): Record<string, string | undefined> {
  return { createdAt: secret.created_at, updatedAt: secret.updated_at };
}

const COMMON = { authMethod: 'static_secret', storage: 'ci_secret' } as const;

/**
 * Describes a secret of the organisation. `repositories` (full names) is known if the secret is limited to selected
 * ones.
 */
export function describeOrganisationSecret(
  drafts: Drafts,
  org: string,
  secret: SecretMetadata,
  repositories: readonly string[] | undefined,
): void {
  const source = titleOf(listOrganisationSecrets);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:secret:${org}:${secret.name}`;
  const draft = drafts.identity(
    { id, type: 'actions_secret', provider: PROVIDER, account: org, name: secret.name },
    evidence,
  );
  const names = repositories?.map((name) => name.toLowerCase()).sort();
  const selected = { selectedRepositories: names?.length, selectedRepositoryNames: names };
  setFacts(draft, { ...COMMON, ...datesOf(secret), level: 'organisation', ...reachOf(secret), ...selected }, source);
  drafts.edge(id, 'holds', byId(organisationId(org)), evidence, true);
}

/**
 * The risk formula reads `visibility`. Nobody can read the value of an Actions secret, so it has no `exposure` of its
 * own.
 */
function reachOf(secret: SecretMetadata): Record<string, string | undefined> {
  const { visibility } = secret;
  if (visibility === undefined) return {};
  return { visibility, resourceScope: visibility === 'selected' ? 'selected' : 'all' };
}

/** Describes an organisation secret as one repository sees it: its name and dates, not who else has it. */
export function describeSharedSecret(drafts: Drafts, fullName: string, secret: SecretMetadata): void {
  const [org = ''] = fullName.split('/');
  const source = titleOf(listSharedSecrets);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:secret:${org}:${secret.name}`;
  const draft = drafts.identity(
    { id, type: 'actions_secret', provider: PROVIDER, account: org, name: secret.name },
    evidence,
  );
  setFacts(draft, { ...COMMON, ...datesOf(secret), level: 'organisation', ...reachOf(secret) }, source);
  drafts.edge(id, 'holds', byId(repositoryId(fullName)), evidence, true);
}

/** A secret of a repository. */
export function describeRepositorySecret(drafts: Drafts, fullName: string, secret: SecretMetadata): void {
  const source = titleOf(listRepositorySecrets);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:secret:${fullName}:${secret.name}`;
  const [account] = fullName.split('/');
  const draft = drafts.identity(
    { id, type: 'actions_secret', provider: PROVIDER, account, name: secret.name },
    evidence,
  );
  setFacts(draft, { ...COMMON, ...datesOf(secret), level: 'repository', resourceScope: 'selected' }, source);
  addKey(draft, 'github-secret', `${fullName}:${secret.name}`);
  drafts.edge(id, 'holds', byId(repositoryId(fullName)), evidence, true);
}

/** A secret of an environment of a repository. */
export function describeEnvironmentSecret(
  drafts: Drafts,
  fullName: string,
  environment: Environment,
  secret: SecretMetadata,
): void {
  const source = titleOf(listEnvironmentSecrets);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:secret:${fullName}/${environmentPart(environment.name)}:${secret.name}`;
  const [account] = fullName.split('/');
  const draft = drafts.identity(
    { id, type: 'actions_secret', provider: PROVIDER, account, name: secret.name },
    evidence,
  );
  const facts = {
    level: 'environment',
    environmentName: environment.name,
    environment: environmentKind(environment.name),
    environmentProtected: isProtected(environment),
    resourceScope: 'selected',
  };
  setFacts(draft, { ...COMMON, ...datesOf(secret), ...facts }, source);
  addKey(draft, 'github-secret', `${fullName}:${secret.name}`);
  drafts.edge(id, 'holds', byId(repositoryId(fullName)), evidence, true);
}

/** True if somebody must approve, or only certain branches may deploy. A mere waiting time protects nothing. */
function isProtected(environment: Environment): boolean {
  if (environment.deployment_branch_policy !== undefined) return true;
  return environment.protection_rules?.some((rule) => rule.type !== 'wait_timer') === true;
}

/**
 * Describes a secret of a store beside Actions. `owner` is an organisation or the full name of a repository;
 * `repositories` is known where the secret is limited to some.
 */
export function describeStoredSecret(
  drafts: Drafts,
  store: SecretStore,
  owner: string,
  secret: SecretMetadata,
  repositories?: readonly string[],
): void {
  const organisation = !owner.includes('/');
  const source = titleOf(organisation ? store.organisation : store.repository);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:${store.part}:${owner}:${secret.name}`;
  const [account] = owner.split('/');
  const draft = drafts.identity({ id, type: store.type, provider: PROVIDER, account, name: secret.name }, evidence);
  const level = organisation ? 'organisation' : 'repository';
  const names = repositories?.map((name) => name.toLowerCase()).sort();
  const selected = { selectedRepositories: names?.length, selectedRepositoryNames: names };
  setFacts(draft, { ...COMMON, ...datesOf(secret), level, ...reachOf(secret), ...selected }, source);
  drafts.edge(id, 'holds', byId(organisation ? organisationId(owner) : repositoryId(owner)), evidence, true);
}
