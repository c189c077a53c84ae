import {
  date,
  either,
  flag,
  isObject,
  list,
  mapped,
  nullable,
  numericId,
  object,
  optional,
  record,
  type Shape,
  type Shaped,
  text,
  word,
} from '../../clients/shared/shape.ts';
import { withoutCredentials } from './hook-url.ts';

/**
 * The fields that are read from GitHub's answers (REST API 2022-11-28, field names of the official OpenAPI
 * description). Everything else is dropped at once: clone tokens, e-mail addresses and the like never get past this
 * file.
 */

const LONGEST_KEY = 32 * 1024;
/** GitHub allows 48 KB. */
const LONGEST_VARIABLE = 256 * 1024;
const account = object({ login: text(), type: optional(text()) });

export const organisation = object({
  login: text(),
  created_at: optional(date()),
  plan: optional(object({ name: text() })),
  two_factor_requirement_enabled: optional(flag()),
  default_repository_permission: optional(text()),
  members_can_create_public_repositories: optional(flag()),
  members_can_invite_outside_collaborators: optional(flag()),
  secret_scanning_push_protection_enabled_for_new_repositories: optional(flag()),
});

/** What everybody sees of another organisation: whether it proved that it owns its domain. */
export const publisher = object({ login: text(), is_verified: optional(flag()) });

export const repository = object({
  name: text(),
  full_name: text(),
  private: flag(),
  visibility: optional(text()),
  archived: optional(flag()),
  default_branch: optional(text()),
  pushed_at: optional(date()),
  created_at: optional(date()),
  owner: optional(account),
  permissions: optional(object({ admin: optional(flag()) })),
  custom_properties: optional(classification()),
});

export const installation = object({
  id: numericId(),
  app_id: numericId(),
  app_slug: text(),
  client_id: optional(text()),
  repository_selection: word('all', 'selected'),
  permissions: record(text()),
  events: optional(list(text())),
  target_type: optional(text()),
  created_at: optional(date()),
  updated_at: optional(date()),
  suspended_at: optional(date()),
});

export const app = object({
  owner: object({ login: optional(text()), slug: optional(text()), type: optional(text()) }),
});

export const deployKey = object({
  id: numericId(),
  key: text(LONGEST_KEY),
  title: optional(text()),
  verified: optional(flag()),
  created_at: optional(date()),
  read_only: flag(),
  added_by: optional(text()),
  /** Null means "never used", as GitHub's own page says. Absent on servers that do not keep it. */
  last_used: nullable(date()),
  enabled: optional(flag()),
});

export const hook = object({
  id: numericId(),
  name: optional(text()),
  active: optional(flag()),
  events: optional(list(text())),
  config: object({
    url: optional(mapped(text(), withoutCredentials)),
    insecure_ssl: optional(mapped(either(either(text(), flag()), numericId()), String)),
    /** GitHub sends asterisks if a secret is set. Only the fact that it is set is kept. */
    secret: optional(mapped(text(), () => '********')),
  }),
  created_at: optional(date()),
  updated_at: optional(date()),
});

export const secret = object({
  name: text(),
  created_at: optional(date()),
  updated_at: optional(date()),
  visibility: optional(word('all', 'private', 'selected')),
});

export const repositoryName = object({ full_name: text() });

/** The value stays in memory. A recording drops it. */
export const variable = object({ name: text(), value: optional(text(LONGEST_VARIABLE)) });

export const environment = object({
  name: text(),
  protection_rules: optional(list(object({ type: text() }))),
  deployment_branch_policy: optional(object({ protected_branches: optional(flag()) })),
});

export const workflowPermissions = object({
  default_workflow_permissions: word('read', 'write'),
  can_approve_pull_request_reviews: flag(),
});

export const actionsPermissions = object({
  enabled: optional(flag()),
  enabled_repositories: optional(text()),
  allowed_actions: optional(text()),
  sha_pinning_required: optional(flag()),
});

export const oidcSubject = object({
  use_default: optional(flag()),
  include_claim_keys: optional(list(text())),
  use_immutable_subject: optional(flag()),
  sub_claim_prefix: optional(text()),
});

export const member = account;

export const team = object({ name: text(), slug: text() });

export const runner = object({
  id: numericId(),
  name: text(),
  os: optional(text()),
  status: optional(text()),
  ephemeral: optional(flag()),
  labels: optional(list(object({ name: text() }))),
  runner_group_id: optional(numericId()),
});

export const runnerGroup = object({
  id: numericId(),
  name: text(),
  visibility: optional(text()),
  allows_public_repositories: optional(flag()),
  restricted_to_workflows: optional(flag()),
});

const tokenPermissions = object({
  organization: optional(record(text())),
  repository: optional(record(text())),
  other: optional(record(text())),
});

export const personalAccessToken = object({
  id: numericId(),
  /** The token itself. `id` is that of its access to the organisation. */
  token_id: optional(numericId()),
  owner: account,
  token_name: optional(text()),
  repository_selection: optional(text()),
  permissions: tokenPermissions,
  access_granted_at: optional(date()),
  token_expired: optional(flag()),
  token_expires_at: optional(date()),
  token_last_used_at: nullable(date()),
});

/** What its maker wrote as a reason is left out: it is free text. */
export const tokenRequest = object({
  id: numericId(),
  owner: account,
  token_name: optional(text()),
  repository_selection: optional(text()),
  permissions: tokenPermissions,
  created_at: optional(date()),
  token_expired: optional(flag()),
  token_expires_at: optional(date()),
});

export const branch = object({ protected: flag() });

/** Of the rules of a branch only what stands between a push and the branch. */
export const branchRule = object({
  type: text(),
  parameters: optional(object({ required_approving_review_count: optional(count()) })),
});

/** The last eight characters are a join key. They open nothing: 28 random characters of a token are not among them. */
export const credentialAuthorization = object({
  login: text(),
  token_last_eight: optional(mapped(text(), lastEight)),
  credential_id: numericId(),
  credential_type: text(),
  credential_authorized_at: optional(date()),
  credential_accessed_at: nullable(date()),
  scopes: optional(list(text())),
  fingerprint: optional(text()),
  authorized_credential_title: optional(text()),
  authorized_credential_note: optional(text()),
  authorized_credential_expires_at: optional(date()),
});

/** GitHub sends eight characters. Whatever else stands there is dropped. */
function lastEight(value: string): string {
  return /^[0-9A-Za-z_]{8}$/.test(value) ? value : '';
}

function count(): Shape<number> {
  return { read: (value) => (Number.isSafeInteger(value) ? (value as number) : undefined) };
}

const CLASSIFIES = /^(?:data[-_ ]?)?(?:sensitivity|classification)$/i;

/** How a company says in a custom property what a repository holds: `data-classification: confidential`. */
function classification(): Shape<{ readonly sensitivity?: 'restricted' | 'public' }> {
  return {
    read: (value) => {
      if (!isObject(value)) return undefined;
      const [, said] = Object.entries(value).find(([name]) => CLASSIFIES.test(name)) ?? [];
      if (typeof said !== 'string') return {};
      if (/^(?:restricted|confidential|secret|sensitive|high)$/i.test(said)) return { sensitivity: 'restricted' };
      return /^(?:public|open)$/i.test(said) ? { sensitivity: 'public' } : {};
    },
  };
}

export type Organisation = Shaped<typeof organisation>;
export type Repository = Shaped<typeof repository>;
export type Installation = Shaped<typeof installation>;
export type App = Shaped<typeof app>;
export type DeployKey = Shaped<typeof deployKey>;
export type Hook = Shaped<typeof hook>;
export type SecretMetadata = Shaped<typeof secret>;
export type Variable = Shaped<typeof variable>;
export type Environment = Shaped<typeof environment>;
export type WorkflowPermissions = Shaped<typeof workflowPermissions>;
export type ActionsPermissions = Shaped<typeof actionsPermissions>;
export type OidcSubject = Shaped<typeof oidcSubject>;
export type Publisher = Shaped<typeof publisher>;
export type TokenRequest = Shaped<typeof tokenRequest>;
export type Branch = Shaped<typeof branch>;
export type BranchRule = Shaped<typeof branchRule>;
export type Team = Shaped<typeof team>;
export type Member = Shaped<typeof member>;
export type Runner = Shaped<typeof runner>;
export type RunnerGroup = Shaped<typeof runnerGroup>;
export type PersonalAccessToken = Shaped<typeof personalAccessToken>;
export type CredentialAuthorization = Shaped<typeof credentialAuthorization>;
