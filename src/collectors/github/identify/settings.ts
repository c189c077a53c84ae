import type { Evidence } from '../../../model/identity.ts';
import { type Endpoint, titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import * as organisationEndpoints from '../endpoints/organisation.ts';
import * as repositoryEndpoints from '../endpoints/repository.ts';
import { hookTarget } from '../hook-url.ts';
import type * as schema from '../schema.ts';
import { AUDIT_SOURCE } from './audit.ts';
import { organisationId, PROVIDER, repositoryId } from './names.ts';

/** Describes the organisation itself: a support node for installations and secrets. */
export function describeOrganisation(drafts: Drafts, organisation: schema.Organisation): Draft {
  const source = titleOf(organisationEndpoints.getOrganisation);
  const head = { type: 'organisation', provider: PROVIDER, account: organisation.login, name: organisation.login };
  const draft = drafts.identity({ id: organisationId(organisation.login), ...head }, evidenceOf(source));
  const facts = {
    createdAt: organisation.created_at,
    plan: organisation.plan?.name,
    mfa: organisation.two_factor_requirement_enabled,
    defaultRepositoryPermission: organisation.default_repository_permission,
    membersCreatePublicRepositories: organisation.members_can_create_public_repositories,
    membersInviteOutsiders: organisation.members_can_invite_outside_collaborators,
    pushProtectionByDefault: organisation.secret_scanning_push_protection_enabled_for_new_repositories,
  };
  setFacts(draft, facts, source);
  return draft;
}

/** Describes a team, which CODEOWNERS can name as an owner. */
export function describeTeam(drafts: Drafts, org: string, team: schema.Team): void {
  const source = titleOf(organisationEndpoints.listTeams);
  const head = { id: `team:github:${team.slug}`, type: 'team', provider: PROVIDER, account: org, name: team.name };
  setFacts(drafts.identity(head, evidenceOf(source)), { status: 'active' }, source);
}

const EXPOSURES: Readonly<Record<string, string>> = { public: 'public', internal: 'organisation', private: 'private' };

/** Describes a repository: a support node for most other identities. */
export function describeRepository(drafts: Drafts, repository: schema.Repository, source: string): Draft {
  const fullName = repository.full_name;
  const [account] = fullName.split('/');
  const head = { id: repositoryId(fullName), type: 'repository', provider: PROVIDER, account, name: fullName };
  const draft = drafts.identity(head, evidenceOf(source));
  const visibility = repository.visibility ?? (repository.private ? 'private' : 'public');
  const facts = {
    visibility,
    exposure: EXPOSURES[visibility],
    archived: repository.archived,
    createdAt: repository.created_at,
    pushedAt: repository.pushed_at,
    defaultBranch: repository.default_branch,
    sensitivity: repository.custom_properties?.sensitivity,
  };
  setFacts(draft, facts, source);
  addKey(draft, 'repository', fullName.toLowerCase());
  return draft;
}

/** Adds the claims of the tokens that workflows get for cloud roles, to their repository or organisation. */
export function addOidc(draft: Draft, subject: schema.OidcSubject, endpoint: Endpoint<unknown>): void {
  const facts = {
    oidcUseDefault: subject.use_default,
    oidcClaimKeys: subject.include_claim_keys && [...subject.include_claim_keys],
    oidcImmutableSubject: subject.use_immutable_subject,
    oidcSubjectPrefix: subject.sub_claim_prefix,
  };
  setFacts(draft, facts, titleOf(endpoint));
}

/** A webhook. Of its URL only scheme and host are kept. `maker`: the id of the person who made it. */
export function describeHook(
  drafts: Drafts,
  owner: string,
  hook: schema.Hook,
  endpoint: Endpoint<unknown>,
  maker?: string,
): void {
  const source = titleOf(endpoint);
  const id = `github:webhook:${owner}:${hook.id}`;
  const target = hookTarget(hook.config.url);
  const [account] = owner.split('/');
  const name = target === undefined ? `webhook ${hook.id}` : `webhook to ${target.host}`;
  const draft = drafts.identity({ id, type: 'webhook', provider: PROVIDER, account, name }, evidenceOf(source));
  const hasSecret = hook.config.secret !== undefined;
  const insecure = hook.config.insecure_ssl;
  const facts = {
    active: hook.active,
    status: hook.active === undefined ? undefined : hook.active ? 'active' : 'disabled',
    hasSecret,
    insecureSsl: insecure === undefined ? undefined : insecure === '1' || insecure === 'true',
    url: target?.url,
    plainHttp: target?.url.startsWith('http://'),
    urlHasCredential: target?.hasCredential,
    events: hook.events && [...hook.events].sort(),
    createdAt: hook.created_at,
    updatedAt: hook.updated_at,
    authMethod: hasSecret ? 'static_secret' : 'none',
  };
  setFacts(draft, facts, source);
  addKey(draft, 'host', target?.host);
  drafts.edge(id, 'installed-on', byId(placeId(owner)), evidenceOf(source));
  if (maker !== undefined) drafts.edge(id, 'created', byId(maker), evidenceOf(AUDIT_SOURCE), true);
}

/** Describes the defaults of GITHUB_TOKEN, and of what may run, for an organisation or a repository. */
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
    enabledRepositories: actions?.enabled_repositories,
    allowedActions: actions?.allowed_actions,
    shaPinningRequired: actions?.sha_pinning_required,
  };
  setFacts(draft, facts, titleOf(ofActions));
  drafts.edge(draft.id, 'installed-on', byId(placeId(owner)), evidenceOf(source));
}

function addWorkflowDefaults(draft: Draft, owner: string, defaults: schema.WorkflowPermissions, source: string): void {
  const level = defaults.default_workflow_permissions;
  const everywhere = !owner.includes('/');
  const tier = level === 'read' ? 3 : everywhere ? 1 : 2;
  draft.grants.push({ permission: `contents:${level}`, resource: owner, tier, source });
  const facts = {
    defaultPermissions: level,
    canApprovePullRequests: defaults.can_approve_pull_request_reviews,
    privilegeTier: tier,
    tierReasons: [`contents:${level} on ${owner} (default of GITHUB_TOKEN, ${source})`],
    authMethod: 'instance_identity',
  };
  setFacts(draft, facts, source);
}

/** Describes a self-hosted runner, with what its group allows if that is known. */
export function describeRunner(
  drafts: Drafts,
  owner: string,
  runner: schema.Runner,
  group: schema.RunnerGroup | undefined,
  endpoint: Endpoint<unknown>,
): void {
  const source = titleOf(endpoint);
  const id = `github:runner:${owner}:${runner.id}`;
  const [account] = owner.split('/');
  const draft = drafts.identity(
    { id, type: 'runner', provider: PROVIDER, account, name: runner.name },
    evidenceOf(source),
  );
  const facts = {
    os: runner.os,
    online: runner.status === undefined ? undefined : runner.status === 'online',
    ephemeral: runner.ephemeral,
    labels: runner.labels?.map((label) => label.name).sort(),
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
