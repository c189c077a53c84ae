import type { Permission } from '../contract.ts';
import type { Endpoint } from './endpoint.ts';
import { RESOURCE_ENDPOINTS } from './resource-endpoints.ts';

/** In the order in which they are recorded and read. */
export const ENDPOINTS = {
  details: {
    file: 'authorization-details',
    command: 'aws iam get-account-authorization-details > authorization-details.json',
    needs: 'iam:GetAccountAuthorizationDetails',
    without: 'users, roles, their permissions, trust and owners are unknown',
    fields: ['UserDetailList', 'RoleDetailList', 'GroupDetailList', 'Policies'],
  },
  report: {
    file: 'credential-report',
    command:
      'until aws iam generate-credential-report --query State --output text | grep -q COMPLETE; do sleep 2; done; aws iam get-credential-report > credential-report.json',
    needs: 'iam:GenerateCredentialReport, iam:GetCredentialReport',
    without: 'last use of keys, console access, MFA and the root account are unknown',
    fields: ['Content'],
  },
  summary: {
    file: 'account-summary',
    command: 'aws iam get-account-summary > account-summary.json',
    needs: 'iam:GetAccountSummary',
    without: 'whether the root user has keys and a second factor comes from the credential report alone',
    fields: ['SummaryMap'],
    optional: true,
  },
  keys: {
    file: 'access-keys',
    command:
      'n=0; for u in $(aws iam list-users --query "Users[].UserName" --output text); do n=$((n+1)); aws iam list-access-keys --user-name "$u" > access-keys-$n.json; done',
    needs: 'iam:ListUsers, iam:ListAccessKeys',
    without: 'a leaked access key id cannot be joined to its user',
    fields: ['AccessKeyMetadata'],
    lists: { field: 'AccessKeyMetadata', by: 'UserName' },
  },
  lastUsed: {
    file: 'last-used',
    command:
      'for id in $(grep -ho "A[A-Z0-9]\\{19\\}" access-keys-*.json | sort -u); do aws iam get-access-key-last-used --access-key-id "$id" > "last-used-$id.json"; done',
    needs: 'iam:GetAccessKeyLastUsed',
    without: 'last use of keys comes from the credential report, which is up to four hours old',
    fields: ['AccessKeyLastUsed'],
  },
  oidc: {
    file: 'oidc-providers',
    command: 'aws iam list-open-id-connect-providers > oidc-providers.json',
    needs: 'iam:ListOpenIDConnectProviders',
    without: 'identity providers that no role trusts yet are unknown',
    fields: ['OpenIDConnectProviderList'],
  },
  secrets: {
    file: 'secrets',
    command: 'aws secretsmanager list-secrets > secrets.json  # further regions: secrets-1.json, secrets-2.json',
    needs: 'secretsmanager:ListSecrets (metadata; never GetSecretValue)',
    without: 'rotation and last use of stored secrets are unknown',
    fields: ['SecretList'],
    lists: { field: 'SecretList', by: 'ARN' },
  },
  accountAccess: {
    file: 'account-access',
    command:
      'aws s3control get-public-access-block --account-id "$(aws sts get-caller-identity --query Account --output text)" > account-access.json 2>&1 || ! grep -q NoSuchPublicAccessBlockConfiguration account-access.json || rm account-access.json',
    needs: 's3:GetAccountPublicAccessBlock',
    without: 'buckets may be called public although the account refuses that for all of them',
    fields: ['PublicAccessBlockConfiguration'],
    optional: true,
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

const ALL: readonly Endpoint[] = [...Object.values(ENDPOINTS), ...Object.values(RESOURCE_ENDPOINTS)];

const MANIFEST_COMMAND =
  'printf \'{"collector":"aws","version":1,"target":"%s","recordedAt":"%s"}\' "$(aws sts get-caller-identity --query Account --output text)" "$(date -u +%FT%TZ)" > dump.json';

/** What `doctor aws` lists. */
export const PERMISSIONS: readonly Permission[] = ALL.map(({ command, needs, without }) => ({
  reads: command,
  needs,
  without,
}));

/** How to record an account with the AWS command line, as text for a person. */
export function recordingSteps(): string {
  const commands = ALL.map((endpoint) => endpoint.command);
  return [
    'An AWS account is read from a recording. Make one with the AWS command line (read-only, for example the policy SecurityAudit):',
    '  mkdir aws-dump && cd aws-dump',
    ...[MANIFEST_COMMAND, ...commands].map((command) => `  ${command}`),
    'Then scan "dump:aws-dump".',
  ].join('\n');
}
