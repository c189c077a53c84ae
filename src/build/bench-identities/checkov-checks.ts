import type { LeftOut } from './model.ts';

/** Rules that say the same as a check, by the id of the check. After a slash: a word that their message must have. */
export type RulesByCheck = Readonly<Record<string, readonly string[]>>;

const ADMINISTRATOR = 'aws-administrator';
const ESCALATION = ['aws-privilege-escalation', 'aws-lateral-movement', ADMINISTRATOR];
const CREDENTIALS = ['aws-credential-exposure', ADMINISTRATOR];
const DATA = ['aws-data-exfiltration', ADMINISTRATOR];
const PERMISSIONS = ['aws-permission-management', ADMINISTRATOR];
const ANY_ACTION = [ADMINISTRATOR, 'aws-service-wildcard/*', 'aws-resource-any-action'];
const RESOURCE = ['aws-resource-public'];
const TRUST = ['aws-trust-any-principal', 'aws-external-account-without-external-id'];
const GITHUB_TRUST = ['aws-oidc-unusual-subject', 'aws-oidc-wildcard-subject', 'aws-oidc-without-subject'];
const GCP_POOL = ['gcp-workload-provider-without-condition', 'gcp-workload-provider-weak-condition'];
const GCP_BASIC = ['gcp-basic-role'];
const GCP_IMPERSONATION = ['gcp-impersonation-role'];
const GCP_DEFAULT = ['gcp-default-account-granted', 'gcp-default-account-privileged'];
const GCP_PUBLIC = ['gcp-public-member'];
const AZURE_LOCAL = ['azure-local-authentication'];
const AZURE_PASSWORD = ['azure-machine-password'];
const PROVIDER = ['credential-in-provider-block', 'aws-secret-access-key', 'generic-password-quoted'];
const KUBERNETES_WILDCARD = ['kubernetes-wildcard-permissions', 'kubernetes-cluster-admin'];
const KUBERNETES_DEFAULT = ['kubernetes-default-account-token', 'kubernetes-default-account-used'];

/** Checks of Terraform that count. */
export const TERRAFORM: RulesByCheck = {
  CKV_AWS_1: [ADMINISTRATOR],
  CKV_AWS_32: RESOURCE,
  CKV_AWS_33: RESOURCE,
  CKV_AWS_40: ['aws-user-direct-policies'],
  CKV_AWS_41: PROVIDER,
  CKV_AWS_49: ANY_ACTION,
  CKV_AWS_60: TRUST,
  CKV_AWS_61: TRUST,
  CKV_AWS_62: [ADMINISTRATOR],
  CKV_AWS_70: RESOURCE,
  CKV_AWS_72: ['aws-resource-any-action', ...RESOURCE],
  CKV_AWS_107: CREDENTIALS,
  CKV_AWS_108: DATA,
  CKV_AWS_109: PERMISSIONS,
  CKV_AWS_110: ESCALATION,
  CKV_AWS_167: RESOURCE,
  CKV_AWS_168: RESOURCE,
  CKV_AWS_169: RESOURCE,
  CKV_AWS_258: RESOURCE,
  CKV_AWS_274: [ADMINISTRATOR],
  CKV_AWS_275: [ADMINISTRATOR],
  CKV_AWS_283: RESOURCE,
  CKV_AWS_286: ESCALATION,
  CKV_AWS_287: CREDENTIALS,
  CKV_AWS_288: DATA,
  CKV_AWS_289: PERMISSIONS,
  CKV_AWS_301: RESOURCE,
  CKV_AWS_304: ['aws-secret-rotation-slow'],
  CKV_AWS_348: ['aws-root-access-key'],
  CKV_AWS_358: GITHUB_TRUST,
  CKV_AWS_364: ['aws-resource-service-without-source'],
  CKV_AWS_385: ['aws-resource-foreign-account'],
  CKV_AWS_387: RESOURCE,
  CKV_AWS_393: GITHUB_TRUST,
  CKV2_AWS_22: ['aws-user-console-password'],
  CKV2_AWS_40: [...ESCALATION, 'aws-service-wildcard/iam'],
  CKV2_AWS_43: RESOURCE,
  CKV2_AWS_56: ESCALATION,
  CKV2_AWS_57: ['aws-secret-rotation-undeclared'],
  CKV_AZURE_34: ['azure-anonymous-access'],
  CKV_AZURE_39: ['azure-custom-role-escalation'],
  CKV_AZURE_40: ['azure-vault-key-without-expiry'],
  CKV_AZURE_41: ['azure-vault-secret-without-expiry'],
  CKV_AZURE_49: AZURE_PASSWORD,
  CKV_AZURE_132: ['azure-cosmos-key-writes'],
  CKV_AZURE_137: ['azure-registry-admin-account'],
  CKV_AZURE_138: ['azure-anonymous-access'],
  CKV_AZURE_140: AZURE_LOCAL,
  CKV_AZURE_141: ['azure-cluster-local-accounts'],
  CKV_AZURE_142: AZURE_LOCAL,
  CKV_AZURE_149: AZURE_PASSWORD,
  CKV_AZURE_178: AZURE_PASSWORD,
  CKV_AZURE_184: AZURE_LOCAL,
  CKV_AZURE_192: AZURE_LOCAL,
  CKV_AZURE_195: AZURE_LOCAL,
  CKV_AZURE_203: AZURE_LOCAL,
  CKV_AZURE_236: AZURE_LOCAL,
  CKV_AZURE_239: ['azure-sql-local-login', 'generic-password-quoted'],
  CKV_AZURE_244: ['azure-storage-local-users'],
  CKV_AZURE_249: ['azure-federated-subject-weak'],
  CKV2_AZURE_27: ['azure-sql-local-login', 'azure-sql-without-entra-administrator'],
  CKV2_AZURE_40: ['azure-storage-shared-key'],
  CKV2_AZURE_41: ['azure-storage-sas-without-limit'],
  CKV_GCP_15: GCP_PUBLIC,
  CKV_GCP_28: GCP_PUBLIC,
  CKV_GCP_30: ['gcp-default-account-used'],
  CKV_GCP_31: ['gcp-default-account-full-scope'],
  CKV_GCP_41: GCP_IMPERSONATION,
  CKV_GCP_42: ['gcp-service-account-admin-role'],
  CKV_GCP_43: ['gcp-kms-key-without-rotation'],
  CKV_GCP_44: [...GCP_IMPERSONATION, ...GCP_BASIC],
  CKV_GCP_45: [...GCP_IMPERSONATION, ...GCP_BASIC],
  CKV_GCP_46: GCP_DEFAULT,
  CKV_GCP_47: GCP_DEFAULT,
  CKV_GCP_48: GCP_DEFAULT,
  CKV_GCP_49: GCP_IMPERSONATION,
  CKV_GCP_98: GCP_PUBLIC,
  CKV_GCP_99: GCP_PUBLIC,
  CKV_GCP_100: GCP_PUBLIC,
  CKV_GCP_101: GCP_PUBLIC,
  CKV_GCP_102: GCP_PUBLIC,
  CKV_GCP_107: GCP_PUBLIC,
  CKV_GCP_112: GCP_PUBLIC,
  CKV_GCP_113: GCP_PUBLIC,
  CKV_GCP_115: GCP_BASIC,
  CKV_GCP_116: GCP_BASIC,
  CKV_GCP_117: GCP_BASIC,
  CKV_GCP_118: GCP_POOL,
  CKV_GCP_125: GCP_POOL,
  CKV2_GCP_3: ['gcp-service-account-key'],
  CKV2_GCP_6: GCP_PUBLIC,
  CKV2_GCP_8: GCP_PUBLIC,
  CKV2_GCP_9: GCP_PUBLIC,
  CKV_GIT_4: ['github-secret-value-in-code'],
  CKV_K8S_35: ['kubernetes-secret-in-environment'],
  CKV_K8S_41: [...KUBERNETES_DEFAULT, 'kubernetes-default-account-grants'],
  CKV_K8S_42: ['kubernetes-default-account-grants'],
  CKV_K8S_49: KUBERNETES_WILDCARD,
  CKV_OPENSTACK_1: PROVIDER,
  CKV_PAN_1: PROVIDER,
};

/** Checks of CloudFormation that count. */
export const CLOUDFORMATION: RulesByCheck = {
  CKV_AWS_32: RESOURCE,
  CKV_AWS_40: ['aws-user-direct-policies'],
  CKV_AWS_60: TRUST,
  CKV_AWS_61: TRUST,
  CKV_AWS_62: [ADMINISTRATOR],
  CKV_AWS_63: ANY_ACTION,
  CKV_AWS_107: CREDENTIALS,
  CKV_AWS_109: PERMISSIONS,
  CKV_AWS_258: RESOURCE,
  CKV_AWS_364: ['aws-resource-service-without-source'],
};

/** Checks of Kubernetes that count. */
export const KUBERNETES: RulesByCheck = {
  CKV_K8S_16: ['kubernetes-node-credentials/privileged'],
  CKV_K8S_17: ['kubernetes-node-credentials/hostPID'],
  CKV_K8S_27: ['kubernetes-node-credentials'],
  CKV_K8S_35: ['kubernetes-secret-in-environment'],
  CKV_K8S_38: ['kubernetes-token-mounted', ...KUBERNETES_DEFAULT],
  CKV_K8S_41: [...KUBERNETES_DEFAULT, 'kubernetes-default-account-grants'],
  CKV_K8S_42: ['kubernetes-default-account-grants'],
  CKV_K8S_49: KUBERNETES_WILDCARD,
  CKV_K8S_155: ['kubernetes-admission-control'],
  CKV_K8S_156: ['kubernetes-approve-certificates'],
  CKV_K8S_157: ['kubernetes-escalation-verbs/bind', 'kubernetes-cluster-admin'],
  CKV_K8S_158: ['kubernetes-escalation-verbs/escalate', 'kubernetes-cluster-admin'],
  CKV2_K8S_1: ['kubernetes-escalation-verbs/bind', 'kubernetes-change-permissions', 'kubernetes-cluster-admin'],
  CKV2_K8S_2: ['kubernetes-nodes-proxy', 'kubernetes-exec-pods'],
  CKV2_K8S_3: ['kubernetes-escalation-verbs/impersonate', 'kubernetes-cluster-admin'],
  CKV2_K8S_4: ['kubernetes-service-status'],
  CKV2_K8S_5: ['kubernetes-reads-secrets'],
};

/** Checks about identities that do not count. All others are about networks, encryption, logs and backups. */
export const LEFT_OUT: readonly LeftOut[] = [
  {
    check: 'CKV_AWS_63, CKV_AZURE_1, CKV_GCP_7, CKV_GCP_13 (Terraform)',
    reason: 'their tests hold no file that fails',
  },
  { check: 'CKV_AWS_108, CKV_AWS_110 (CloudFormation)', reason: 'no test of their own' },
  { check: 'CKV_AWS_111, CKV_AWS_290', reason: 'every policy that writes has it; the tier says how much' },
  { check: 'CKV_AWS_355, CKV_AWS_356', reason: 'every resource of an action; what the action gives is compared' },
  { check: 'CKV_AWS_273', reason: 'a user that exists is an entry of the inventory, and no finding' },
  { check: 'CKV2_AWS_14, CKV2_AWS_21', reason: 'groups without users and users without groups give nothing' },
  {
    check: 'CKV_AWS_45, CKV_AWS_46, CKV_AWS_384, CKV_AZURE_45',
    reason: 'secrets in texts: see the bench of detection',
  },
  { check: 'CKV_AWS_9 to CKV_AWS_15', reason: 'password policy of people' },
  {
    check: 'CKV_AWS_161, CKV_AWS_162, CKV_AWS_359',
    reason: 'a database without cloud login has no credential to judge',
  },
  { check: 'CKV_AWS_249', reason: 'two roles that are one; what the role may do is compared' },
  {
    check: 'CKV_AZURE_71, CKV_AZURE_191, CKV_AZURE_194, CKV_AZURE_202, CKV_AZURE_207, CKV_AZURE_238',
    reason: 'asks for a managed identity; that there is none is no credential',
  },
  { check: 'CKV_GCP_32', reason: 'keys of a project on a machine; the keys themselves are entries' },
  { check: 'CKV_K8S_68 to CKV_K8S_75, CKV_K8S_138, CKV_K8S_139', reason: 'flags of a control plane, no identity' },
];
