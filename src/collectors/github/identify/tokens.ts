import type { Evidence } from '../../../model/identity.ts';
import { permissionList } from '../../../permissions/github/facts.ts';
import { statementsOfPermissions, statementsOfScopes } from '../../../permissions/github/statements.ts';
import { titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { fingerprintOf } from '../../shared/ssh-public-key.ts';
import { listCredentialAuthorizations, listPersonalAccessTokens } from '../endpoints/organisation.ts';
import { listTokenRepositories, listTokenRequests } from '../endpoints/tokens.ts';
import type { CredentialAuthorization, PersonalAccessToken, TokenRequest } from '../schema.ts';
import { PROVIDER } from './names.ts';
import type { People } from './people.ts';
import { addPermissions } from './permissions.ts';
import { useOf } from './use.ts';

/** Describes a fine-grained token that a person made for the organisation, and returns its id. */
export function describePersonalAccessToken(
  drafts: Drafts,
  people: People,
  org: string,
  token: PersonalAccessToken,
  repositories: readonly string[] | undefined,
): string {
  const source = titleOf(listPersonalAccessTokens);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:pat:${org}:${token.id}`;
  const name = token.token_name ?? `token of ${token.owner.login}`;
  const draft = drafts.identity({ id, type: 'pat_fine_grained', provider: PROVIDER, account: org, name }, evidence);
  const everywhere = token.repository_selection === 'all';
  const permissions = permissionsOf(token);
  const reach = { account: org, everywhere, ...(repositories === undefined ? {} : { names: repositories }) };
  addPermissions(draft, statementsOfPermissions(permissions, reach, { policy: `token ${name}`, source }), source);
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
  const names = repositories?.map((repository) => repository.toLowerCase()).sort();
  const selected = { selectedRepositories: names?.length, selectedRepositoryNames: names };
  setFacts(draft, selected, titleOf(listTokenRepositories));
  drafts.edge(id, 'owns', byId(people.mention(token.owner.login)), evidence, true);
  return id;
}

/** Describes a fine-grained token that waits for an approval: it cannot reach the organisation yet. */
export function describeTokenRequest(drafts: Drafts, people: People, org: string, request: TokenRequest): void {
  const source = titleOf(listTokenRequests);
  const evidence: Evidence = { collector: PROVIDER, source };
  const id = `github:pat-request:${org}:${request.id}`;
  const name = request.token_name ?? `token of ${request.owner.login}`;
  const draft = drafts.identity({ id, type: 'pat_request', provider: PROVIDER, account: org, name }, evidence);
  const everywhere = request.repository_selection === 'all';
  const permissions = permissionsOf(request);
  const statements = statementsOfPermissions(permissions, { account: org, everywhere }, { policy: name, source });
  addPermissions(draft, statements, source);
  const facts = {
    permissions: permissionList(permissions),
    resourceScope: everywhere ? 'all' : 'selected',
    createdAt: request.created_at,
    expiresAt: request.token_expires_at ?? 'never',
    createdBy: request.owner.login,
    status: request.token_expired === true ? 'expired' : 'pending',
  };
  setFacts(draft, facts, source);
  drafts.edge(id, 'owns', byId(people.mention(request.owner.login)), evidence, true);
}

function permissionsOf(token: Pick<PersonalAccessToken, 'permissions'>): Record<string, string> {
  const { repository = {}, organization = {}, other = {} } = token.permissions;
  return { ...prefixed(organization), ...repository, ...other };
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
  else addLastEight(draft, kind, authorization.token_last_eight, source);
  drafts.edge(id, 'owns', byId(people.mention(authorization.login)), evidence, true);
}

/** The kind of the credential stands beside the key, because eight characters are compared within one kind only. */
function addLastEight(draft: Draft, kind: string, lastEight: string | undefined, source: string): void {
  addKey(draft, 'github-token-last-eight', lastEight);
  setFacts(draft, { credentialType: kind }, source);
}
