import type { Evidence } from '../../../model/identity.ts';
import { permissionList } from '../../../permissions/github/facts.ts';
import { statementsOfDeployKey, statementsOfPermissions } from '../../../permissions/github/statements.ts';
import { titleOf } from '../../shared/api/endpoint.ts';
import { addKey, byId, type Drafts, setFacts } from '../../shared/identity-drafts.ts';
import { readSshKey } from '../../shared/ssh-public-key.ts';
import { getApp, listInstallations } from '../endpoints/organisation.ts';
import { listDeployKeys } from '../endpoints/repository.ts';
import { getPublisher, listBranchRules } from '../endpoints/security.ts';
import type { App, DeployKey, Installation, Publisher } from '../schema.ts';
import { AUDIT_SOURCE, type AuditFacts } from './audit.ts';
import { addAppUse } from './audit-uses.ts';
import { organisationId, PROVIDER, repositoryId } from './names.ts';
import type { People } from './people.ts';
import { addPermissions } from './permissions.ts';
import { laterUse, useOf } from './use.ts';

/** What was read about an app beside its installation. */
export interface AppKnowledge {
  /** Known for public apps only. */
  readonly app: App | undefined;
  /** True: GitHub shows the app to nobody but its owner. */
  readonly hidden: boolean;
  /** The organisation that made it. */
  readonly publisher: Publisher | undefined;
  readonly audit: AuditFacts | undefined;
}

/** Describes an app that is installed on an organisation. */
export function describeInstallation(
  drafts: Drafts,
  people: People,
  org: string,
  installation: Installation,
  known: AppKnowledge,
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
  const publisherKnown = known.app === undefined ? (known.hidden ? false : undefined) : true;
  setFacts(draft, { thirdParty: vendorOf(org, known.app), publisherKnown }, titleOf(getApp));
  setFacts(draft, { verifiedPublisher: isVerified(known) }, titleOf(getPublisher));
  if (known.audit !== undefined) {
    const app = { slug: installation.app_slug, clientId: installation.client_id };
    addAppUse(drafts, people, draft, known.audit, app);
  }
  addKey(draft, 'github-app-id', installation.app_id);
  addKey(draft, 'github-app-slug', installation.app_slug);
  drafts.edge(id, 'installed-on', byId(organisationId(org)), evidence);
}

/** Only an organisation can prove who it is; the account of a person never does. */
function isVerified({ app, publisher }: AppKnowledge): boolean | undefined {
  return app?.owner.type === 'User' ? false : publisher?.is_verified;
}

/** Returns the owner of the app if it is somebody else, and false if the organisation itself owns it. */
function vendorOf(org: string, app: App | undefined): string | false | undefined {
  const owner = app?.owner.login ?? app?.owner.slug;
  if (owner === undefined) return undefined;
  return owner.toLowerCase() === org.toLowerCase() ? false : owner;
}

/** Describes a deploy key of one repository. Of the public key only fingerprint and size are kept. */
export function describeDeployKey(
  drafts: Drafts,
  people: People,
  fullName: string,
  deployKey: DeployKey,
  more: { readonly audit: AuditFacts | undefined; readonly reviewRequired: boolean | undefined },
): void {
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
  if (!deployKey.read_only) setFacts(draft, { reviewRequired: more.reviewRequired }, titleOf(listBranchRules));
  const logged = more.audit?.keyUses.get(key?.fingerprint ?? '');
  setFacts(draft, laterUse(deployKey.last_used, logged), AUDIT_SOURCE);
  addKey(draft, 'ssh-fingerprint', key?.fingerprint);
  drafts.edge(id, 'installed-on', byId(repositoryId(fullName)), evidence);
  if (deployKey.added_by !== undefined)
    drafts.edge(id, 'created', byId(people.mention(deployKey.added_by)), evidence, true);
}
