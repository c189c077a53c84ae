import type { Endpoint } from '../../shared/api/endpoint.ts';
import * as schema from '../schema.ts';
import { listOrganisationAgentVariables } from './agents.ts';
import { getPublisher, listOrganisationAlerts } from './security.ts';
import { SECRET_STORES } from './stores.ts';
import { listAuditEvents, listTokenRepositories, listTokenRequests } from './tokens.ts';

const ADMINISTRATION = 'organisation Administration: read (classic: admin:org)';
const MEMBERS = 'organisation Members: read (classic: read:org)';
const SECRETS = 'organisation Secrets: read (classic: admin:org)';
const RUNNERS = 'organisation Self-hosted runners: read (classic: admin:org)';

export const getOrganisation: Endpoint<schema.Organisation> = {
  id: 'organisation',
  route: '/orgs/{org}',
  needs: 'any token of the organisation; plan and two-factor state need Administration: read (classic: admin:org)',
  without: 'everything of the organisation',
  level: 'core',
  form: 'body',
  shape: schema.organisation,
};

export const listRepositories: Endpoint<schema.Repository> = {
  id: 'repositories',
  route: '/orgs/{org}/repos',
  query: { type: 'all' },
  needs: 'repository Metadata: read (classic: repo)',
  without: 'deploy keys, hooks, secrets and token defaults of repositories',
  level: 'core',
  form: 'list',
  shape: schema.repository,
};

export const listAdmins: Endpoint<schema.Member> = {
  id: 'members',
  route: '/orgs/{org}/members',
  query: { role: 'admin' },
  needs: MEMBERS,
  without: 'who owns the organisation',
  level: 'core',
  form: 'list',
  shape: schema.member,
};

export const listMembers: Endpoint<schema.Member> = {
  ...listAdmins,
  query: { role: 'member' },
  without: 'who is still there: keys of people who left cannot be told',
};

export const listOutsideCollaborators: Endpoint<schema.Member> = {
  id: 'outside-collaborators',
  route: '/orgs/{org}/outside_collaborators',
  needs: MEMBERS,
  without: 'which holders of keys are outside the organisation, and who of them left',
  level: 'optional',
  form: 'list',
  shape: schema.member,
};

export const listTeams: Endpoint<schema.Team> = {
  id: 'teams',
  route: '/orgs/{org}/teams',
  needs: MEMBERS,
  without: 'which teams that CODEOWNERS names exist',
  level: 'optional',
  form: 'list',
  shape: schema.team,
};

export const listInstallations: Endpoint<schema.Installation> = {
  id: 'installations',
  route: '/orgs/{org}/installations',
  needs: ADMINISTRATION,
  without: 'installed apps, their permissions and whether they are suspended',
  level: 'core',
  form: 'installations',
  shape: schema.installation,
};

export const getApp: Endpoint<schema.App> = {
  id: 'apps',
  route: '/apps/{slug}',
  needs: 'no permission; a private app is visible to its owner only',
  without: 'whether an app belongs to a third party',
  level: 'optional',
  mayBeAbsent: true,
  form: 'body',
  shape: schema.app,
};

export const listOrganisationHooks: Endpoint<schema.Hook> = {
  id: 'organisation-hooks',
  route: '/orgs/{org}/hooks',
  needs: 'organisation Webhooks: read (classic: admin:org_hook)',
  without: 'webhooks of the organisation, their secret and TLS checks',
  level: 'core',
  form: 'list',
  shape: schema.hook,
};

export const listOrganisationSecrets: Endpoint<schema.SecretMetadata> = {
  id: 'organisation-secrets',
  route: '/orgs/{org}/actions/secrets',
  needs: SECRETS,
  without: 'names, age and visibility of the organisation’s Actions secrets',
  level: 'core',
  form: 'secrets',
  shape: schema.secret,
};

export const listSecretRepositories: Endpoint<{ readonly full_name: string }> = {
  id: 'organisation-secret-repositories',
  route: '/orgs/{org}/actions/secrets/{name}/repositories',
  needs: SECRETS,
  without: 'which repositories may use a selected secret',
  level: 'core',
  form: 'repositories',
  shape: schema.repositoryName,
};

export const listOrganisationVariables: Endpoint<schema.Variable> = {
  id: 'organisation-variables',
  route: '/orgs/{org}/actions/variables',
  needs: 'organisation Variables: read (classic: admin:org)',
  without: 'secrets that stand in the organisation’s Actions variables in plain text',
  level: 'optional',
  form: 'variables',
  shape: schema.variable,
  store: (entry) => ({ name: entry.name }),
};

export const getOrganisationWorkflowPermissions: Endpoint<schema.WorkflowPermissions> = {
  id: 'organisation-workflow-permissions',
  route: '/orgs/{org}/actions/permissions/workflow',
  needs: ADMINISTRATION,
  without: 'the default permission of GITHUB_TOKEN and whether workflows may approve pull requests',
  level: 'core',
  form: 'body',
  shape: schema.workflowPermissions,
};

export const getOrganisationActionsPermissions: Endpoint<schema.ActionsPermissions> = {
  id: 'organisation-actions-permissions',
  route: '/orgs/{org}/actions/permissions',
  needs: ADMINISTRATION,
  without: 'which actions may run and whether they must be pinned',
  level: 'optional',
  form: 'body',
  shape: schema.actionsPermissions,
};

export const getOrganisationOidc: Endpoint<schema.OidcSubject> = {
  id: 'organisation-oidc',
  route: '/orgs/{org}/actions/oidc/customization/sub',
  needs: 'organisation Administration: read (classic: read:org)',
  without: 'the claims that cloud trust policies see of workflows',
  level: 'optional',
  // 404 is an answer here, not a denial: the organisation has no template of its own.
  mayBeAbsent: true,
  form: 'body',
  shape: schema.oidcSubject,
};

export const listOrganisationRunners: Endpoint<schema.Runner> = {
  id: 'organisation-runners',
  route: '/orgs/{org}/actions/runners',
  needs: RUNNERS,
  without: 'self-hosted runners of the organisation',
  level: 'optional',
  form: 'runners',
  shape: schema.runner,
};

export const listRunnerGroups: Endpoint<schema.RunnerGroup> = {
  id: 'runner-groups',
  route: '/orgs/{org}/actions/runner-groups',
  needs: RUNNERS,
  without: 'whether public repositories may use self-hosted runners',
  level: 'optional',
  form: 'runner_groups',
  shape: schema.runnerGroup,
};

export const listPersonalAccessTokens: Endpoint<schema.PersonalAccessToken> = {
  id: 'personal-access-tokens',
  route: '/orgs/{org}/personal-access-tokens',
  needs: 'a GitHub App with organisation Personal access tokens: read; no user token can read it',
  without: 'fine-grained tokens of people, their reach, expiry and last use',
  level: 'optional',
  form: 'list',
  shape: schema.personalAccessToken,
};

export const listCredentialAuthorizations: Endpoint<schema.CredentialAuthorization> = {
  id: 'credential-authorizations',
  route: '/orgs/{org}/credential-authorizations',
  needs: 'an owner’s token (classic: read:org) of an Enterprise Cloud organisation with SAML single sign-on',
  without: 'classic tokens and SSH keys that people authorised for the organisation',
  level: 'optional',
  form: 'list',
  shape: schema.credentialAuthorization,
};

export const ORGANISATION_ENDPOINTS: readonly Endpoint<unknown>[] = [
  getOrganisation,
  listRepositories,
  listAdmins,
  listMembers,
  listOutsideCollaborators,
  listTeams,
  listInstallations,
  getApp,
  getPublisher,
  listOrganisationHooks,
  listOrganisationSecrets,
  listSecretRepositories,
  ...SECRET_STORES.flatMap(({ organisation, selected }) => [
    organisation,
    ...(selected === undefined ? [] : [selected]),
  ]),
  listOrganisationVariables,
  listOrganisationAgentVariables,
  getOrganisationWorkflowPermissions,
  getOrganisationActionsPermissions,
  getOrganisationOidc,
  listOrganisationRunners,
  listRunnerGroups,
  listPersonalAccessTokens,
  listTokenRepositories,
  listTokenRequests,
  listCredentialAuthorizations,
  listAuditEvents,
  listOrganisationAlerts,
];
