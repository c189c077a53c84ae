import type { PrivilegeTier } from '../../model/identity.ts';
import type { PowerFamily } from '../contract.ts';

/** What write access to one permission lets somebody do, and how much that is worth on all repositories and on some. */
export interface Worth {
  readonly family: PowerFamily;
  readonly everywhere: PrivilegeTier;
  readonly some: PrivilegeTier;
}

const ESCALATES: Worth = { family: 'escalation', everywhere: 0, some: 0 };
const ADMINISTERS: Worth = { family: 'permission-management', everywhere: 0, some: 1 };
const MANAGES: Worth = { family: 'permission-management', everywhere: 1, some: 2 };
const CREDENTIALS: Worth = { family: 'credential-exposure', everywhere: 1, some: 2 };
const RUNS_CODE: Worth = { family: 'lateral-movement', everywhere: 1, some: 2 };
const SHIPS: Worth = { family: 'write', everywhere: 1, some: 2 };
const WRITES: Worth = { family: 'write', everywhere: 2, some: 2 };

/**
 * Permissions of GitHub Apps and fine-grained tokens that are worth more than a plain write, by their names in the API
 * (names of https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps).
 *
 * A secret of Actions can be replaced by whoever writes it, and never read: that is no administrator. Whoever changes
 * members, roles or settings of the organisation makes themselves one.
 */
const WRITE_WORTH: Readonly<Record<string, Worth>> = {
  administration: ADMINISTERS,
  members: ESCALATES,
  organization_administration: ESCALATES,
  organization_custom_roles: ESCALATES,
  organization_custom_org_roles: ESCALATES,
  organization_personal_access_tokens: ESCALATES,
  organization_personal_access_token_requests: ESCALATES,
  enterprise_administration: ESCALATES,
  enterprise_organizations: ESCALATES,
  enterprise_organization_installations: ESCALATES,
  enterprise_people: ESCALATES,
  enterprise_custom_roles: ESCALATES,
  enterprise_scim: ESCALATES,
  secrets: CREDENTIALS,
  dependabot_secrets: CREDENTIALS,
  codespaces_secrets: CREDENTIALS,
  agent_secrets: CREDENTIALS,
  organization_secrets: CREDENTIALS,
  organization_dependabot_secrets: CREDENTIALS,
  organization_codespaces_secrets: CREDENTIALS,
  organization_agent_secrets: CREDENTIALS,
  organization_private_registries: CREDENTIALS,
  git_ssh_keys: CREDENTIALS,
  keys: CREDENTIALS,
  environments: MANAGES,
  actions_variables: RUNS_CODE,
  organization_actions_variables: RUNS_CODE,
  agent_variables: RUNS_CODE,
  workflows: RUNS_CODE,
  actions: RUNS_CODE,
  codespaces: RUNS_CODE,
  codespaces_lifecycle_admin: RUNS_CODE,
  organization_self_hosted_runners: RUNS_CODE,
  organization_copilot_agent_settings: RUNS_CODE,
  copilot_agent_settings: RUNS_CODE,
  repository_hooks: { family: 'data-exfiltration', everywhere: 1, some: 2 },
  organization_hooks: { family: 'data-exfiltration', everywhere: 1, some: 2 },
  organization_network_configurations: MANAGES,
  organization_user_blocking: MANAGES,
  organization_projects: WRITES,
  organization_announcement_banners: WRITES,
  organization_events: WRITES,
  organization_copilot_seat_management: WRITES,
  organization_custom_properties: WRITES,
  contents: SHIPS,
  packages: SHIPS,
  organization_packages: SHIPS,
  deployments: SHIPS,
  pages: SHIPS,
  attestations: SHIPS,
  artifact_metadata: SHIPS,
  merge_queues: SHIPS,
};

/** Whoever can read these sees secrets or weaknesses. */
const SENSITIVE_READS: ReadonlySet<string> = new Set([
  'secret_scanning_alerts',
  'vulnerability_alerts',
  'security_events',
  'codespaces',
  'codespaces_user_secrets',
]);
/** These say nothing about the organisation, or what everybody may see. */
const HARMLESS: ReadonlySet<string> = new Set([
  'metadata',
  'emails',
  'email_addresses',
  'starring',
  'followers',
  'profile',
  'plan',
  'organization_plan',
]);
/** Permissions of an organisation or an enterprise: they hold for it as a whole. */
const ABOVE_REPOSITORIES = /^(?:organization|enterprise)_/;

/** False for a permission to write above repositories that is not in the table: it could be worth anything. */
export function isKnownPermission(name: string, level: string): boolean {
  return level === 'read' || Object.hasOwn(WRITE_WORTH, name) || HARMLESS.has(name) || !ABOVE_REPOSITORIES.test(name);
}

/** Returns what one permission is worth at a level (`read`, `write`, `admin`). Undefined: nothing beyond itself. */
export function worthOf(name: string, level: string): Worth | undefined {
  if (HARMLESS.has(name)) return undefined;
  if (level !== 'write' && level !== 'admin') {
    const sensitive = SENSITIVE_READS.has(name);
    return sensitive
      ? { family: 'credential-exposure', everywhere: 2, some: 2 }
      : { family: 'read', everywhere: 3, some: 3 };
  }
  const known = Object.hasOwn(WRITE_WORTH, name) ? WRITE_WORTH[name] : undefined;
  return known ?? WRITES;
}

/** True for a permission of the organisation as a whole: which repositories are selected does not matter for it. */
export function isAboveRepositories(name: string): boolean {
  return name === 'members' || ABOVE_REPOSITORIES.test(name);
}

/**
 * Scopes of classic tokens and OAuth apps, by their names on GitHub's page "Scopes for OAuth apps". A scope reaches all
 * that its person reaches, in every organisation.
 */
const SCOPE_WORTH: Readonly<Record<string, Omit<Worth, 'some'>>> = {
  site_admin: { family: 'administrator', everywhere: 0 },
  'admin:enterprise': { family: 'administrator', everywhere: 0 },
  'admin:org': { family: 'escalation', everywhere: 0 },
  'manage_runners:enterprise': { family: 'lateral-movement', everywhere: 1 },
  'manage_runners:org': { family: 'lateral-movement', everywhere: 1 },
  'manage_billing:enterprise': { family: 'write', everywhere: 2 },
  'scim:enterprise': { family: 'escalation', everywhere: 0 },
  repo: { family: 'permission-management', everywhere: 1 },
  public_repo: { family: 'write', everywhere: 2 },
  'repo:status': { family: 'write', everywhere: 2 },
  repo_deployment: { family: 'write', everywhere: 2 },
  'repo:invite': { family: 'permission-management', everywhere: 2 },
  security_events: { family: 'credential-exposure', everywhere: 2 },
  workflow: { family: 'lateral-movement', everywhere: 1 },
  delete_repo: { family: 'write', everywhere: 1 },
  'admin:public_key': { family: 'credential-exposure', everywhere: 1 },
  'write:public_key': { family: 'credential-exposure', everywhere: 1 },
  'admin:ssh_signing_key': { family: 'credential-exposure', everywhere: 2 },
  'write:ssh_signing_key': { family: 'credential-exposure', everywhere: 2 },
  'admin:gpg_key': { family: 'credential-exposure', everywhere: 2 },
  'write:gpg_key': { family: 'credential-exposure', everywhere: 2 },
  'admin:repo_hook': { family: 'data-exfiltration', everywhere: 1 },
  'write:repo_hook': { family: 'data-exfiltration', everywhere: 1 },
  'admin:org_hook': { family: 'data-exfiltration', everywhere: 1 },
  'write:org': { family: 'permission-management', everywhere: 1 },
  'write:packages': { family: 'write', everywhere: 1 },
  'delete:packages': { family: 'write', everywhere: 1 },
  'write:network_configurations': { family: 'permission-management', everywhere: 1 },
  codespace: { family: 'lateral-movement', everywhere: 1 },
  'codespace:secrets': { family: 'credential-exposure', everywhere: 2 },
  copilot: { family: 'write', everywhere: 2 },
  'manage_billing:copilot': { family: 'write', everywhere: 2 },
  user: { family: 'write', everywhere: 2 },
  'user:follow': { family: 'read', everywhere: 4 },
  'user:email': { family: 'read', everywhere: 4 },
  gist: { family: 'write', everywhere: 2 },
  project: { family: 'write', everywhere: 2 },
  'write:discussion': { family: 'write', everywhere: 2 },
  notifications: { family: 'read', everywhere: 3 },
};
const READ_SCOPE = /^read:/;

/** Returns what a scope is worth. Undefined: nobody here knows this scope, so the tier is unknown as well. */
export function worthOfScope(scope: string): Worth | undefined {
  const known = Object.hasOwn(SCOPE_WORTH, scope) ? SCOPE_WORTH[scope] : undefined;
  if (known !== undefined) return { ...known, some: known.everywhere };
  return READ_SCOPE.test(scope) ? { family: 'read', everywhere: 3, some: 3 } : undefined;
}
