import type { Evidence } from '../../../model/identity.ts';
import { permissionList } from '../../../permissions/github/facts.ts';
import {
  statementsOfDeployKey,
  statementsOfPermissions,
  statementsOfScopes,
} from '../../../permissions/github/statements.ts';
import { titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { readSshKey } from '../../shared/ssh-public-key.ts';
import {
  getApp,
  listCredentialAuthorizations,
  listInstallations,
  listPersonalAccessTokens,
} from '../endpoints/organisation.ts';
import { listDeployKeys } from '../endpoints/repository.ts';
import type { App, CredentialAuthorization, DeployKey, Installation, PersonalAccessToken } from '../schema.ts';
import { organisationId, PROVIDER, repositoryId } from './names.ts';
import type { People } from './people.ts';
import { addPermissions } from './permissions.ts';

/** Describes an app that is installed on an organisation. `app` is known for public apps only. */
export function describeInstallation(
  drafts: Drafts,
  org: string,
  installation: Installation,
  app: App | undefined,
): void {
  const source = titleOf(listInstallations);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:app-installation:${org}:${installation.app_slug}`;
  const head = { type: 'github_app_installation', provider: PROVIDER, account: org, name: installation.app_slug };
  const draft = drafts.identity({ id, ...head }, evidence);
  const everywhere = installation.repository_selection === 'all';
  const reach = { account: org, everywhere };
  const policy = `installation of ${installation.app_slug}`;
  addPermissions(draft, statementsOfPermissions(installation.permissions, reach, { policy, source }), source);
  const facts = {
    appId: installation.app_id,
    permissions: permissionList(installation.permissions),
    repositorySelection: installation.repository_selection,
    resourceScope: installation.repository_selection,
    targetType: installation.target_type,
    events: installation.events && [...installation.events].sort(),
    createdAt: installation.created_at,
    updatedAt: installation.updated_at,
    suspendedAt: installation.suspended_at,
    status: installation.suspended_at === undefined ? 'active' : 'suspended',
    authMethod: 'key_pair',
  };
  setFacts(draft, facts, source);
  setFacts(draft, { thirdParty: vendorOf(org, app) }, titleOf(getApp));
  addKey(draft, 'github-app-id', installation.app_id);
  addKey(draft, 'github-app-slug', installation.app_slug);
  drafts.edge(id, 'installed-on', byId(organisationId(org)), evidence);
}

/** For GitHub, null means "never". An absent field means nothing. */
function useOf(last: string | null | undefined): { readonly lastUsedAt?: string; readonly neverUsed?: boolean } {
  if (last === undefined) return {};
  return last === null ? { neverUsed: true } : { neverUsed: false, lastUsedAt: last };
}

/** Returns the owner of the app if it is somebody else, and false if the organisation itself owns it. */
function vendorOf(org: string, app: App | undefined): string | false | undefined {
  const owner = app?.owner.login ?? app?.owner.slug;
  if (owner === undefined) return undefined;
  return owner.toLowerCase() === org.toLowerCase() ? false : owner;
}

/** Describes a deploy key of one repository. Of the public key only fingerprint and size are kept. */
export function describeDeployKey(drafts: Drafts, people: People, fullName: string, deployKey: DeployKey): void {
  const source = titleOf(listDeployKeys);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:deploy-key:${fullName}:${deployKey.id}`;
  const [account] = fullName.split('/');
  const name = deployKey.title === undefined || deployKey.title === '' ? `deploy key ${deployKey.id}` : deployKey.title;
  const draft = drafts.identity({ id, type: 'deploy_key', provider: PROVIDER, account, name }, evidence);
  const key = readSshKey(deployKey.key);
  const policy = `deploy key ${deployKey.id}`;
  addPermissions(draft, statementsOfDeployKey(deployKey.read_only, fullName, { policy, source }), source);
  const facts = {
    readOnly: deployKey.read_only,
    verified: deployKey.verified,
    keyType: key?.keyType,
    keyBits: key?.keyBits,
    createdAt: deployKey.created_at,
    ...useOf(deployKey.last_used),
    addedBy: deployKey.added_by,
    status: deployKey.enabled === false ? 'disabled' : 'active',
    expiresAt: 'never',
    permissions: [`contents:${deployKey.read_only ? 'read' : 'write'}`],
    resourceScope: 'selected',
    authMethod: 'key_pair',
  };
  setFacts(draft, facts, source);
  addKey(draft, 'ssh-fingerprint', key?.fingerprint);
  drafts.edge(id, 'installed-on', byId(repositoryId(fullName)), evidence);
  if (deployKey.added_by !== undefined)
    drafts.edge(id, 'created', byId(people.mention(deployKey.added_by)), evidence, true);
}

/** Describes a fine-grained token that a person made for the organisation. */
export function describePersonalAccessToken(
  drafts: Drafts,
  people: People,
  org: string,
  token: PersonalAccessToken,
): void {
  const source = titleOf(listPersonalAccessTokens);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:pat:${org}:${token.id}`;
  const name = token.token_name ?? `token of ${token.owner.login}`;
  const draft = drafts.identity({ id, type: 'pat_fine_grained', provider: PROVIDER, account: org, name }, evidence);
  const everywhere = token.repository_selection === 'all';
  const { repository = {}, organization = {}, other = {} } = token.permissions;
  const permissions = { ...prefixed(organization), ...repository, ...other };
  const statementSource = { policy: `token ${name}`, source };
  addPermissions(draft, statementsOfPermissions(permissions, { account: org, everywhere }, statementSource), source);
  const facts = {
    permissions: permissionList(permissions),
    resourceScope: everywhere ? 'all' : 'selected',
    createdAt: token.access_granted_at,
    ...useOf(token.token_last_used_at),
    expiresAt: token.token_expires_at ?? 'never',
    status: token.token_expired === true ? 'expired' : 'active',
    createdBy: token.owner.login,
    authMethod: 'static_secret',
  };
  setFacts(draft, facts, source);
  drafts.edge(id, 'owns', byId(people.mention(token.owner.login)), evidence, true);
}

/** Apps call a permission of the organisation `organization_secrets`. Tokens call it `secrets` under `organization`. */
function prefixed(permissions: Readonly<Record<string, string>>): Record<string, string> {
  const named = (name: string): string =>
    name === 'members' || name.startsWith('organization_') ? name : `organization_${name}`;
  return Object.fromEntries(Object.entries(permissions).map(([name, level]) => [named(name), level]));
}

const AUTHORISED_TYPES: Readonly<Record<string, string>> = {
  'personal access token': 'pat_classic',
  'ssh key': 'ssh_key',
};

/** Describes a classic token, SSH key or app token that a person authorised for single sign-on. */
export function describeAuthorization(
  drafts: Drafts,
  people: People,
  org: string,
  authorization: CredentialAuthorization,
): void {
  const source = titleOf(listCredentialAuthorizations);
  const evidence: Evidence = { collector: PROVIDER, source };
  const kind = authorization.credential_type.toLowerCase();
  const type = AUTHORISED_TYPES[kind] ?? 'bearer_token';
  const id = `github:authorised-credential:${org}:${authorization.credential_id}`;
  const title = authorization.authorized_credential_note ?? authorization.authorized_credential_title;
  const name = title === undefined || title === '' ? `${kind} of ${authorization.login}` : title;
  const draft = drafts.identity({ id, type, provider: PROVIDER, account: org, name }, evidence);
  const facts = {
    permissions: authorization.scopes && [...authorization.scopes].sort(),
    createdAt: authorization.credential_authorized_at,
    ...useOf(authorization.credential_accessed_at),
    expiresAt: authorization.authorized_credential_expires_at ?? (type === 'pat_classic' ? 'never' : undefined),
    createdBy: authorization.login,
    resourceScope: type === 'pat_classic' ? 'all' : undefined,
    authMethod: type === 'ssh_key' ? 'key_pair' : 'static_secret',
    status: 'active',
  };
  setFacts(draft, facts, source);
  if (authorization.scopes !== undefined && type !== 'ssh_key') {
    addPermissions(draft, statementsOfScopes(authorization.scopes, { policy: `token ${name}`, source }), source);
  }
  if (type === 'ssh_key') addKey(draft, 'ssh-fingerprint', fingerprintOf(authorization.fingerprint));
  drafts.edge(id, 'owns', byId(people.mention(authorization.login)), evidence, true);
}

/** Older entries have an MD5 fingerprint, with which nothing can be joined. */
function fingerprintOf(text: string | undefined): string | undefined {
  const bare = text?.replace(/^SHA256:/, '').replace(/=+$/, '');
  return bare !== undefined && /^[A-Za-z0-9+/]{43}$/.test(bare) ? `SHA256:${bare}` : undefined;
}
