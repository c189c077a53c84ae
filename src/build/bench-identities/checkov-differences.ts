/** A difference, by the check and what its input and place end with, and why it is right. */
type Reason = readonly [check: string, end: string, reason: string];

const PROVED: readonly Reason[] = [
  [
    'CKV_AWS_109',
    'PermissionsWildcard0',
    'iam:ChangePassword changes the password of who calls it, and of nobody else',
  ],
  [
    'CKV_AWS_32',
    'pass_conditional',
    'ForAllValues also holds where the key is missing, so everybody without an organisation gets in',
  ],
  [
    'CKV_AWS_32',
    'CondAllPass',
    'ForAllValues also holds where the key is missing, so everybody without an organisation gets in',
  ],
  ['CKV_AWS_70', 'pass_w_condition', 'ArnNotEquals lets everybody in but one user'],
  ['CKV_K8S_157', 'clusterrole-failed-1.yaml', 'the server asks for the verb bind on roles, never on bindings'],
  ['CKV2_K8S_2', 'rolebinding3.yaml', 'nodes are of the cluster: a role of a namespace gives nothing on them'],
  ['CKV2_K8S_2', 'clusterrolebinding4.yaml', 'the API group of roles has no pods'],
  ['CKV2_K8S_4', 'Failing/1/FailingClusterRoleBinding.yaml', 'the API group of roles has no services'],
  ['CKV2_K8S_4', 'Failing/2/FailingClusterRoleBinding.yaml', 'the API group of roles has no services'],
];

const EXPLAINED: readonly Reason[] = [
  ['CKV2_AZURE_27', 'fail_2', 'a name of blanks: the provider refuses it'],
  ['CKV2_GCP_3', 'account_ok', 'CIS Google Cloud 1.4: a key that a user manages, made by Google or not'],
  [
    'CKV2_K8S_1',
    'Passing2/PassingClusterRoleBinding.yaml',
    'CIS Kubernetes 5.1.8: users with bind count, too; checkov looks at accounts only',
  ],
  ['CKV_AWS_304', 'fail_2', 'a variable says how often: unknown, and not assessed'],
  [
    'CKV_AWS_393',
    'pass-fm-customer',
    'GitHub: a subject names one repository; this one takes every repository of an owner',
  ],
  ['CKV_AWS_40', 'aws_iam_policy_attachment.fail', 'one finding for one user, at the first of its policies'],
  ['CKV_AWS_40', 'aws_iam_user_policy.fail', 'one finding for one user, at the first of its policies'],
  ['CKV_AWS_62', 'fail4', 'a statement without an effect: AWS refuses it'],
  [
    'CKV_AZURE_178',
    'azurerm_linux_virtual_machine.fail',
    'password login is off where nothing is written, so nobody logs in',
  ],
  [
    'CKV_AZURE_178',
    'azurerm_linux_virtual_machine_scale_set.fail',
    'password login is off where nothing is written, so nobody logs in',
  ],
  ['CKV_AZURE_249', 'fail1', 'no subject: the provider refuses it'],
  ['CKV_GCP_15', 'fail_all_users', 'an entry that names nobody: Google refuses it'],
  ['CKV_GCP_15', 'fail_new_key', 'an entry that names nobody: Google refuses it'],
  ['CKV_GCP_43', 'google_kms_crypto_key.fail', 'a number in place of a duration: the provider refuses it'],
  ['CKV_PAN_1', 'fail1.tf', 'the value is a part of the default of a variable, which is not followed'],
];

/** Why checkov is wrong about a place, if it is. */
export function proved(check: string, input: string, place: string): string | undefined {
  return reasonOf(PROVED, check, input, place);
}

/** Why a difference is right as it is. */
export function explained(check: string, input: string, place: string): string | undefined {
  return reasonOf(EXPLAINED, check, input, place);
}

function reasonOf(reasons: readonly Reason[], check: string, input: string, place: string): string | undefined {
  const isSame = ([other, end]: Reason): boolean => other === check && (input.endsWith(end) || place.endsWith(end));
  return reasons.find(isSame)?.[2];
}
