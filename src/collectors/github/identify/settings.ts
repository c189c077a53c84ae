import type { Evidence } from '../../../model/identity.ts';
import { type Endpoint, titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import * as organisationEndpoints from '../endpoints-organisation.ts';
import * as repositoryEndpoints from '../endpoints-repository.ts';
import { hookTarget } from '../hook-url.ts';
import type * as schema from '../schema.ts';
import { organisationId, PROVIDER, repositoryId } from './names.ts';

/** The organisation itself: a support node that installations and secrets hang on. */
export function describeOrganisation(drafts: Drafts, found: schema.Organisation): Draft {
  const source = titleOf(organisationEndpoints.getOrganisation);
  const head = { type: 'organisation', provider: PROVIDER, account: found.login, name: found.login };
  const draft = drafts.identity({ id: organisationId(found.login), ...head }, evidenceOf(source));
  const facts = {
    createdAt: found.created_at,
    plan: found.plan?.name,
    mfa: found.two_factor_requirement_enabled,
    defaultRepositoryPermission: found.default_repository_permission,
  };
  setFacts(draft, facts, source);
  return draft;
}

/** A team: an owner that CODEOWNERS can name. */
export function describeTeam(drafts: Drafts, org: string, found: schema.Team): void {
  const source = titleOf(organisationEndpoints.listTeams);
  const head = { id: `team:github:${found.slug}`, type: 'team', provider: PROVIDER, account: org, name: found.name };
  setFacts(drafts.identity(head, evidenceOf(source)), { status: 'active' }, source);
}

const EXPOSURES: Readonly<Record<string, string>> = { public: 'public', internal: 'organisation', private: 'private' };

/** A repository: a support node that most other identities hang on. */
export function describeRepository(drafts: Drafts, found: schema.Repository, source: string): Draft {
  const fullName = found.full_name;
  const [account] = fullName.split('/');
  const head = { id: repositoryId(fullName), type: 'repository', provider: PROVIDER, account, name: fullName };
  const draft = drafts.identity(head, evidenceOf(source));
  const visibility = found.visibility ?? (found.private ? 'private' : 'public');
  const facts = {
    visibility,
    exposure: EXPOSURES[visibility],
    archived: found.archived,
    createdAt: found.created_at,
    pushedAt: found.pushed_at,
    defaultBranch: found.default_branch,
  };
  setFacts(draft, facts, source);
  addKey(draft, 'repository', fullName.toLowerCase());
  return draft;
}

/** The claims of tokens that workflows get for cloud roles, on the repository or organisation they belong to. */
export function addOidc(draft: Draft, found: schema.OidcSubject, endpoint: Endpoint<unknown>): void {
  const facts = {
    oidcUseDefault: found.use_default,
    oidcClaimKeys: found.include_claim_keys && [...found.include_claim_keys],
    oidcImmutableSubject: found.use_immutable_subject,
    oidcSubjectPrefix: found.sub_claim_prefix,
  };
  setFacts(draft, facts, titleOf(endpoint));
}

/** A webhook. Of its URL only scheme and host are kept. */
export function describeHook(drafts: Drafts, owner: string, found: schema.Hook, endpoint: Endpoint<unknown>): void {
  const source = titleOf(endpoint);
  const id = `github:webhook:${owner}:${found.id}`;
  const target = hookTarget(found.config.url);
  const [account] = owner.split('/');
  const name = target === undefined ? `webhook ${found.id}` : `webhook to ${target.host}`;
  const draft = drafts.identity({ id, type: 'webhook', provider: PROVIDER, account, name }, evidenceOf(source));
  const hasSecret = found.config.secret !== undefined;
  const insecure = found.config.insecure_ssl;
  const facts = {
    active: found.active,
    status: found.active === undefined ? undefined : found.active ? 'active' : 'disabled',
    hasSecret,
    insecureSsl: insecure === undefined ? undefined : insecure === '1' || insecure === 'true',
    url: target?.url,
    plainHttp: target?.url.startsWith('http://'),
    urlHasCredential: target?.hasCredential,
    events: found.events && [...found.events].sort(),
    createdAt: found.created_at,
    updatedAt: found.updated_at,
    authMethod: hasSecret ? 'static_secret' : 'none',
  };
  setFacts(draft, facts, source);
  addKey(draft, 'host', target?.host);
  drafts.edge(id, 'installed-on', byId(placeId(owner)), evidenceOf(source));
}

/** The defaults of GITHUB_TOKEN and of what may run, of an organisation or a repository. */
export function describeTokenPolicy(
  drafts: Drafts,
  owner: string,
  workflow: schema.WorkflowPermissions | undefined,
  actions: schema.ActionsPermissions | undefined,
): void {
  if (workflow === undefined && actions === undefined) return;
  const organisation = !owner.includes('/');
  const ofWorkflow = organisation
    ? organisationEndpoints.getOrganisationWorkflowPermissions
    : repositoryEndpoints.getRepositoryWorkflowPermissions;
  const ofActions = organisation
    ? organisationEndpoints.getOrganisationActionsPermissions
    : repositoryEndpoints.getRepositoryActionsPermissions;
  const source = titleOf(workflow === undefined ? ofActions : ofWorkflow);
  const [account] = owner.split('/');
  const head = { type: 'actions_token_policy', provider: PROVIDER, account, name: `GITHUB_TOKEN defaults of ${owner}` };
  const draft = drafts.identity({ id: `github:token-policy:${owner}`, ...head }, evidenceOf(source));
  if (workflow !== undefined) addWorkflowDefaults(draft, owner, workflow, titleOf(ofWorkflow));
  const enabled = actions?.enabled ?? (actions?.enabled_repositories && actions.enabled_repositories !== 'none');
  const facts = {
    actionsEnabled: enabled === undefined ? undefined : Boolean(enabled),
    allowedActions: actions?.allowed_actions,
    shaPinningRequired: actions?.sha_pinning_required,
  };
  setFacts(draft, facts, titleOf(ofActions));
  drafts.edge(draft.id, 'installed-on', byId(placeId(owner)), evidenceOf(source));
}

function addWorkflowDefaults(draft: Draft, owner: string, found: schema.WorkflowPermissions, source: string): void {
  const level = found.default_workflow_permissions;
  const everywhere = !owner.includes('/');
  const tier = level === 'read' ? 3 : everywhere ? 1 : 2;
  draft.grants.push({ permission: `contents:${level}`, resource: owner, tier, source });
  const facts = {
    defaultPermissions: level,
    canApprovePullRequests: found.can_approve_pull_request_reviews,
    privilegeTier: tier,
    authMethod: 'instance_identity',
  };
  setFacts(draft, facts, source);
}

/** A self-hosted runner, with what its group allows where that is known. */
export function describeRunner(
  drafts: Drafts,
  owner: string,
  found: schema.Runner,
  group: schema.RunnerGroup | undefined,
  endpoint: Endpoint<unknown>,
): void {
  const source = titleOf(endpoint);
  const id = `github:runner:${owner}:${found.id}`;
  const [account] = owner.split('/');
  const draft = drafts.identity(
    { id, type: 'runner', provider: PROVIDER, account, name: found.name },
    evidenceOf(source),
  );
  const facts = {
    os: found.os,
    online: found.status === undefined ? undefined : found.status === 'online',
    ephemeral: found.ephemeral,
    labels: found.labels?.map((label) => label.name).sort(),
    runnerGroup: group?.name,
    visibility: group?.visibility,
  };
  setFacts(draft, facts, source);
  const groupFacts = {
    allowsPublicRepositories: group?.allows_public_repositories,
    restrictedToWorkflows: group?.restricted_to_workflows,
  };
  setFacts(draft, groupFacts, titleOf(organisationEndpoints.listRunnerGroups));
  drafts.edge(id, 'installed-on', byId(placeId(owner)), evidenceOf(source));
}

function placeId(owner: string): string {
  return owner.includes('/') ? repositoryId(owner) : organisationId(owner);
}

function evidenceOf(source: string): Evidence {
  return { collector: PROVIDER, source };
}
