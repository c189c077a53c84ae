import type { Endpoint } from '../../shared/api/endpoint.ts';
import * as schema from '../schema.ts';
import { getCopilotConfiguration, listAgentVariables } from './agents.ts';
import { getBranch, listAlertLocations, listBranchRules, listOutsideAdmins, listRepositoryAlerts } from './security.ts';
import { SECRET_STORES } from './stores.ts';

const ADMINISTRATION = 'repository Administration: read (classic: repo)';
const SECRETS = 'repository Secrets: read (classic: repo)';
const ENVIRONMENTS = 'repository Environments: read (classic: repo)';

export const getRepository: Endpoint<schema.Repository> = {
  id: 'repository',
  route: '/repos/{owner}/{repo}',
  needs: 'repository Metadata: read (classic: repo)',
  without: 'everything of the repository',
  level: 'core',
  form: 'body',
  shape: schema.repository,
};

export const listDeployKeys: Endpoint<schema.DeployKey> = {
  id: 'deploy-keys',
  route: '/repos/{owner}/{repo}/keys',
  needs: ADMINISTRATION,
  without: 'deploy keys, who added them and whether they can write',
  level: 'core',
  form: 'list',
  shape: schema.deployKey,
};

export const listRepositoryHooks: Endpoint<schema.Hook> = {
  id: 'repository-hooks',
  route: '/repos/{owner}/{repo}/hooks',
  needs: 'repository Webhooks: read (classic: read:repo_hook)',
  without: 'webhooks of repositories, their secret and TLS checks',
  level: 'core',
  form: 'list',
  shape: schema.hook,
};

export const listRepositorySecrets: Endpoint<schema.SecretMetadata> = {
  id: 'repository-secrets',
  route: '/repos/{owner}/{repo}/actions/secrets',
  needs: SECRETS,
  without: 'names and age of Actions secrets of repositories',
  level: 'core',
  form: 'secrets',
  shape: schema.secret,
};

export const listSharedSecrets: Endpoint<schema.SecretMetadata> = {
  id: 'shared-secrets',
  route: '/repos/{owner}/{repo}/actions/organization-secrets',
  needs: SECRETS,
  without: 'which secrets of the organisation a repository can use',
  level: 'core',
  form: 'secrets',
  shape: schema.secret,
};

export const listEnvironments: Endpoint<schema.Environment> = {
  id: 'environments',
  route: '/repos/{owner}/{repo}/environments',
  needs: 'repository Actions: read (classic: repo)',
  without: 'environments and their protection',
  level: 'core',
  form: 'environments',
  shape: schema.environment,
};

export const listEnvironmentSecrets: Endpoint<schema.SecretMetadata> = {
  id: 'environment-secrets',
  route: '/repos/{owner}/{repo}/environments/{environment}/secrets',
  needs: ENVIRONMENTS,
  without: 'names and age of secrets of environments',
  level: 'core',
  form: 'secrets',
  shape: schema.secret,
};

export const listEnvironmentVariables: Endpoint<schema.Variable> = {
  id: 'environment-variables',
  route: '/repos/{owner}/{repo}/environments/{environment}/variables',
  needs: ENVIRONMENTS,
  without: 'secrets that stand in variables of environments in plain text',
  level: 'optional',
  form: 'variables',
  shape: schema.variable,
  store: (entry) => ({ name: entry.name }),
};

export const listRepositoryVariables: Endpoint<schema.Variable> = {
  id: 'repository-variables',
  route: '/repos/{owner}/{repo}/actions/variables',
  needs: 'repository Variables: read (classic: repo)',
  without: 'secrets that stand in Actions variables of repositories in plain text',
  level: 'optional',
  form: 'variables',
  shape: schema.variable,
  store: (entry) => ({ name: entry.name }),
};

export const getRepositoryWorkflowPermissions: Endpoint<schema.WorkflowPermissions> = {
  id: 'repository-workflow-permissions',
  route: '/repos/{owner}/{repo}/actions/permissions/workflow',
  needs: ADMINISTRATION,
  without: 'the default permission of GITHUB_TOKEN in a repository',
  level: 'core',
  form: 'body',
  shape: schema.workflowPermissions,
};

export const getRepositoryActionsPermissions: Endpoint<schema.ActionsPermissions> = {
  id: 'repository-actions-permissions',
  route: '/repos/{owner}/{repo}/actions/permissions',
  needs: ADMINISTRATION,
  without: 'whether Actions is on in a repository and which actions may run',
  level: 'optional',
  form: 'body',
  shape: schema.actionsPermissions,
};

export const getRepositoryOidc: Endpoint<schema.OidcSubject> = {
  id: 'repository-oidc',
  route: '/repos/{owner}/{repo}/actions/oidc/customization/sub',
  needs: 'repository Actions: read (classic: repo)',
  without: 'the claims that cloud trust policies see of a repository’s workflows',
  level: 'optional',
  form: 'body',
  shape: schema.oidcSubject,
};

export const listRepositoryRunners: Endpoint<schema.Runner> = {
  id: 'repository-runners',
  route: '/repos/{owner}/{repo}/actions/runners',
  needs: ADMINISTRATION,
  without: 'self-hosted runners of repositories',
  level: 'optional',
  form: 'runners',
  shape: schema.runner,
};

export const REPOSITORY_ENDPOINTS: readonly Endpoint<unknown>[] = [
  getRepository,
  listDeployKeys,
  listRepositoryHooks,
  listRepositorySecrets,
  listSharedSecrets,
  listEnvironments,
  listEnvironmentSecrets,
  listEnvironmentVariables,
  ...SECRET_STORES.map((store) => store.repository),
  listRepositoryVariables,
  listAgentVariables,
  getRepositoryWorkflowPermissions,
  getRepositoryActionsPermissions,
  getRepositoryOidc,
  listRepositoryRunners,
  listRepositoryAlerts,
  listAlertLocations,
  listOutsideAdmins,
  listBranchRules,
  getBranch,
  getCopilotConfiguration,
];
