/**
 * What kind of thing a type of the inventory is. An *identity* acts; a *credential* proves that somebody is an
 * identity; a *consumer* uses identities (a workflow, a workload); *permissions* say what identities may do (a policy,
 * a role, a binding, a group); *support* nodes are people, places and lists.
 */
export type IdentityKind = 'identity' | 'credential' | 'consumer' | 'permissions' | 'support';

/** Types that are no identity of their own. Every other type is one. */
const KINDS: Readonly<Record<string, Exclude<IdentityKind, 'identity'>>> = {
  access_key: 'credential',
  access_token: 'credential',
  actions_secret: 'credential',
  agents_secret: 'credential',
  api_key: 'credential',
  app_password: 'credential',
  app_token: 'credential',
  aws_secret: 'credential',
  azure_client_secret: 'credential',
  bearer_token: 'credential',
  codespaces_secret: 'credential',
  bot_token: 'credential',
  connection_string: 'credential',
  dependabot_secret: 'credential',
  ci_context: 'credential',
  ci_variable: 'credential',
  container_secret: 'credential',
  deploy_key: 'credential',
  deploy_token: 'credential',
  encryption_key: 'credential',
  feed_token: 'credential',
  env_file: 'credential',
  gcp_sa_key: 'credential',
  jenkins_credential: 'credential',
  k8s_secret: 'credential',
  kubeconfig_user: 'credential',
  pat_classic: 'credential',
  pat_fine_grained: 'credential',
  registry_credential: 'credential',
  secure_file: 'credential',
  service_connection: 'credential',
  ssh_key: 'credential',
  template_parameter: 'credential',
  vault_secret: 'credential',
  webhook: 'credential',
  x509_certificate: 'credential',
  identifier: 'credential',
  oauth_client_secret: 'credential',
  oauth_refresh_token: 'credential',
  password: 'credential',
  pat: 'credential',
  private_key: 'credential',
  publish_token: 'credential',
  publishable_key: 'credential',
  registration_token: 'credential',
  runner_token: 'credential',
  sas_token: 'credential',
  session_cookie: 'credential',
  session_token: 'credential',
  signing_secret: 'credential',
  trigger_token: 'credential',
  user_token: 'credential',
  webhook_url: 'credential',

  composite_action: 'consumer',
  dependabot_configuration: 'consumer',
  container_image: 'consumer',
  container_service: 'consumer',
  k8s_workload: 'consumer',
  pipeline: 'consumer',
  pipeline_job: 'consumer',
  workflow: 'consumer',
  workflow_job: 'consumer',

  actions_token_policy: 'permissions',
  iam_group: 'permissions',
  iam_policy: 'permissions',
  k8s_group: 'permissions',
  k8s_role: 'permissions',
  k8s_role_binding: 'permissions',
  pat_request: 'permissions',
  vault_policy: 'permissions',

  codeowners: 'support',
  encrypted_file: 'support',
  organisation: 'support',
  person: 'support',
  repository: 'support',
  secret_scanning_alert: 'support',
  secret_store: 'support',
  team: 'support',
  trust_store: 'support',
};

/** What a posture rule writes for every type that is an identity, a credential or permissions. */
export const ANY_TYPE = 'any';

/** Returns the kind of a type. */
export function kindOfType(type: string): IdentityKind {
  return KINDS[type] ?? 'identity';
}
