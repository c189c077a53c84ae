import type { JoinKey } from '../../../model/identity.ts';
import { allTexts } from '../loose.ts';

const ROLE = /arn:aws(?:-cn|-us-gov)?:iam::\d{12}:role\/[\w+=,.@/-]{1,600}/g;
const ACCOUNT = /\b[a-z0-9-]{1,64}@[a-z0-9.-]{1,100}\.iam\.gserviceaccount\.com\b/g;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Keys and commands that name the identity as which a job acts. Another ARN may be a mere argument. */
const ROLE_KEY = /role[-_]?arn|role[-_]to[-_]assume|aws[-_](?:oidc[-_])?role|^role$/i;
const ROLE_COMMAND = /assume-role|AWS_ROLE_ARN=/;
const ACCOUNT_KEY = /service[-_]?account/i;
const ACCOUNT_COMMAND = /--(?:impersonate-)?service-account|create-cred-config/;
const CLIENT_KEY = /^(?:AZURE_|ARM_)?client[-_]?id$/i;

/** Keys of the cloud identities as which a part of a pipeline says that it acts. */
export function cloudIdentities(part: unknown): readonly JoinKey[] {
  const keys = new Map<string, JoinKey>();
  for (const { text, path } of allTexts(part)) {
    const name = String(path.at(-1) ?? '');
    for (const key of keysIn(text, name)) keys.set(`${key.kind} ${key.value}`, key);
  }
  return [...keys.values()];
}

function keysIn(text: string, name: string): readonly JoinKey[] {
  const roles = ROLE_KEY.test(name) || ROLE_COMMAND.test(text) ? (text.match(ROLE) ?? []) : [];
  const accounts = ACCOUNT_KEY.test(name) || ACCOUNT_COMMAND.test(text) ? (text.match(ACCOUNT) ?? []) : [];
  const client = CLIENT_KEY.test(name) && GUID.test(text) ? [text.toLowerCase()] : [];
  return [
    ...roles.map((value) => ({ kind: 'aws-arn', value })),
    ...accounts.map((value) => ({ kind: 'gcp-service-account', value })),
    ...client.map((value) => ({ kind: 'azure-client-id', value })),
  ];
}
