import { UsageError } from '../../model/errors.ts';
import type { Gap } from '../../model/gap.ts';
import type { Json } from '../../model/json.ts';
import type { Collected, Permission } from '../contract.ts';
import { type Dump, openDump } from '../shared/recording.ts';
import { type JsonRecord, recordOf } from './json.ts';

/** One kind of answer: its file, the command that records it, and what is lost without it. */
export interface Endpoint {
  /** Name without `.json`; further pages or parts are `<name>-1.json`, `<name>-2.json` and so on. */
  readonly file: string;
  readonly command: string;
  readonly needs: string;
  readonly without: string;
}

/** In the order in which they are recorded and read. */
export const ENDPOINTS = {
  details: {
    file: 'authorization-details',
    command: 'aws iam get-account-authorization-details > authorization-details.json',
    needs: 'iam:GetAccountAuthorizationDetails',
    without: 'users, roles, their permissions, trust and owners are unknown',
  },
  report: {
    file: 'credential-report',
    command:
      'until aws iam generate-credential-report --query State --output text | grep -q COMPLETE; do sleep 2; done; aws iam get-credential-report > credential-report.json',
    needs: 'iam:GenerateCredentialReport, iam:GetCredentialReport',
    without: 'last use of keys, console access, MFA and the root account are unknown',
  },
  keys: {
    file: 'access-keys',
    command:
      'n=0; for u in $(aws iam list-users --query "Users[].UserName" --output text); do n=$((n+1)); aws iam list-access-keys --user-name "$u" > access-keys-$n.json; done',
    needs: 'iam:ListUsers, iam:ListAccessKeys',
    without: 'a leaked access key id cannot be joined to its user',
  },
  lastUsed: {
    file: 'last-used',
    command:
      'for id in $(grep -ho "A[A-Z0-9]\\{19\\}" access-keys-*.json | sort -u); do aws iam get-access-key-last-used --access-key-id "$id" > "last-used-$id.json"; done',
    needs: 'iam:GetAccessKeyLastUsed',
    without: 'last use of keys comes from the credential report, which is up to four hours old',
  },
  oidc: {
    file: 'oidc-providers',
    command: 'aws iam list-open-id-connect-providers > oidc-providers.json',
    needs: 'iam:ListOpenIDConnectProviders',
    without: 'identity providers that no role trusts yet are unknown',
  },
  secrets: {
    file: 'secrets',
    command: 'aws secretsmanager list-secrets > secrets.json  # further regions: secrets-1.json, secrets-2.json',
    needs: 'secretsmanager:ListSecrets (metadata; never GetSecretValue)',
    without: 'rotation and last use of stored secrets are unknown',
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

const MANIFEST_COMMAND =
  'printf \'{"collector":"aws","version":1,"target":"%s","recordedAt":"%s"}\' "$(aws sts get-caller-identity --query Account --output text)" "$(date -u +%FT%TZ)" > dump.json';

const MOST_PARTS = 100_000;

/** What `doctor aws` lists. */
export const PERMISSIONS: readonly Permission[] = Object.values(ENDPOINTS).map(({ command, needs, without }) => ({
  reads: command,
  needs,
  without,
}));

/** How to record an account with the AWS command line, as text for a person. */
export function recordingSteps(): string {
  const commands = Object.values(ENDPOINTS).map((endpoint) => endpoint.command);
  return [
    'An AWS account is read from a recording. Make one with the AWS command line (read-only, for example the policy SecurityAudit):',
    '  mkdir aws-dump && cd aws-dump',
    ...[MANIFEST_COMMAND, ...commands].map((command) => `  ${command}`),
    'Then scan "dump:aws-dump".',
  ].join('\n');
}

/** Answers by endpoint, and what the ledger must know. */
export interface Recording {
  readonly account: string;
  readonly pages: Readonly<Record<keyof typeof ENDPOINTS, readonly JsonRecord[]>>;
  readonly ledger: readonly Collected[];
}

/** Reads the pages of every endpoint except the last uses, which are read by key id. Throws `UsageError` without a manifest. */
export async function readRecording(
  folder: string,
  signal?: AbortSignal,
): Promise<Recording & { readonly dump: Dump }> {
  const dump = await openDump(folder);
  const account = dump.manifest.target;
  if (!/^\d{12}$/.test(account)) {
    throw new UsageError(
      `${dump.folder}/dump.json: "target" is ${JSON.stringify(account)}; write the account id, 12 digits.`,
    );
  }
  const ledger: Collected[] = [];
  const read = async (endpoint: Endpoint): Promise<readonly JsonRecord[]> => {
    if (signal?.aborted === true) return [];
    const found = await readPages(dump, endpoint);
    ledger.push(...found.ledger);
    return found.pages;
  };
  const pages = {
    details: await read(ENDPOINTS.details),
    report: await read(ENDPOINTS.report),
    keys: await read(ENDPOINTS.keys),
    lastUsed: [],
    oidc: await read(ENDPOINTS.oidc),
    secrets: await read(ENDPOINTS.secrets),
  };
  return { account, pages, ledger, dump };
}

/** `<file>.json`, then `<file>-1.json` and on. The first number may be missing where the plain name is there. */
async function readPages(
  dump: Dump,
  endpoint: Endpoint,
): Promise<{ readonly pages: readonly JsonRecord[]; readonly ledger: readonly Collected[] }> {
  const scope = endpoint.needs;
  const pages: JsonRecord[] = [];
  const items: Collected[] = [];
  for (let part = 0; part < MOST_PARTS; part += 1) {
    const name = part === 0 ? `${endpoint.file}.json` : `${endpoint.file}-${part}.json`;
    const read = await dump.file(name);
    if (read.state === 'missing' && part > 0) break;
    if (read.state === 'missing') continue;
    items.push({ kind: 'plan', scope, unit: 'answers', count: 1 });
    if (read.state === 'corrupt')
      items.push(gapItem(scope, { reason: 'corrupt', subject: name, message: read.message }));
    else {
      pages.push(recordOf(read.value));
      items.push({ kind: 'done', scope, count: 1, bytes: read.bytes });
    }
  }
  if (items.length === 0) items.push(gapItem(scope, missing(endpoint)));
  else if (isTruncated(pages.at(-1))) items.push(gapItem(scope, truncated(endpoint)));
  return { pages, ledger: items };
}

function gapItem(scope: string, gap: Gap): Collected {
  return { kind: 'gap', scope, gap };
}

function missing({ file, without, command }: Endpoint): Gap {
  const message = `${file}.json is not in the recording: ${without}. Record it: ${command}`;
  return { reason: 'not-found', subject: `${file}.json`, message, scope: true };
}

function isTruncated(page: JsonRecord | undefined): boolean {
  return page !== undefined && (page['IsTruncated'] === true || typeof page['NextToken'] === 'string');
}

function truncated({ file, command }: Endpoint): Gap {
  const message = `${file}: the last page says that more follow. Record all pages: ${command}`;
  return { reason: 'limit', subject: `${file}.json`, message, scope: true };
}

/** The answer about the last use of one key, where it was recorded. */
export async function readLastUse(dump: Dump, keyId: string): Promise<{ readonly [key: string]: Json } | undefined> {
  const read = await dump.file(`${ENDPOINTS.lastUsed.file}-${keyId}.json`);
  return read.state === 'ok' ? recordOf(recordOf(read.value)['AccessKeyLastUsed']) : undefined;
}
