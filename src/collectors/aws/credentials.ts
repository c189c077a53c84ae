import { defined } from '../../lib/fields/defined.ts';
import type { Evidence } from '../../model/identity.ts';
import { addKey, byId, type Draft, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { dateOf, type JsonRecord, recordOf, recordsOf, textOf } from './json.ts';
import { principalDraft } from './principals.ts';
import { type KeySlot, type ReportRow, ROOT_USER } from './report.ts';

const REPORT: Evidence = { collector: 'aws', source: 'iam:GetCredentialReport' };
const SUMMARY: Evidence = { collector: 'aws', source: 'iam:GetAccountSummary' };
const KEYS: Evidence = { collector: 'aws', source: 'iam:ListAccessKeys' };
const LAST_USED = 'iam:GetAccessKeyLastUsed';
const KEY_ID = /^A[A-Z0-9]{19}$/;

/** An access key as ListAccessKeys returns it. */
export interface AccessKey {
  readonly id: string;
  readonly user: string;
  readonly active?: boolean;
  readonly createdAt?: string;
}

/** Keys of all recorded pages. */
export function listKeys(pages: readonly JsonRecord[]): AccessKey[] {
  return pages.flatMap((page) => recordsOf(page['AccessKeyMetadata'])).flatMap((record) => readKey(record) ?? []);
}

function readKey(record: JsonRecord): AccessKey | undefined {
  const id = textOf(record['AccessKeyId']);
  const user = textOf(record['UserName']);
  if (id === undefined || user === undefined || !KEY_ID.test(id)) return undefined;
  const status = textOf(record['Status']);
  const createdAt = dateOf(record['CreateDate']);
  return {
    id,
    user,
    ...(status === undefined ? {} : { active: status === 'Active' }),
    ...defined({ createdAt }),
  };
}

/** Adds what the credential report says about users, and about the root account, which is in no other list. */
export function addReport(drafts: Drafts, rows: readonly ReportRow[], account: string): void {
  for (const row of rows) {
    const root = row.user === ROOT_USER;
    const name = root ? 'root' : row.user;
    const draft = principalDraft(drafts, row.arn, 'iam_user', name, REPORT);
    const active = row.keys.filter((key) => key.active).length;
    const facts = {
      createdAt: row.createdAt,
      // The root account always has a password.
      consoleAccess: root ? true : row.passwordEnabled,
      mfa: row.mfa,
      activeKeys: active,
      lastUsedAt: lastUse(row),
      neverUsed: root ? undefined : isUnused(row),
      authMethod: active > 0 ? 'static_secret' : row.passwordEnabled === true ? 'password' : undefined,
      privilegeTier: root ? 0 : undefined,
    };
    setFacts(draft, facts, REPORT.source);
    if (root) markRoot(draft, account, REPORT);
  }
}

/**
 * Adds what the summary of the account says about the root user. It is of this minute, and the report of the last four
 * hours: so it counts where both say something.
 */
export function addSummary(drafts: Drafts, pages: readonly JsonRecord[], account: string): void {
  for (const page of pages) {
    const { AccountMFAEnabled: mfa, AccountAccessKeysPresent: keys } = recordOf(page['SummaryMap']);
    if (typeof mfa !== 'number' && typeof keys !== 'number') continue;
    const draft = principalDraft(drafts, `arn:aws:iam::${account}:root`, 'iam_user', 'root', SUMMARY);
    const facts = {
      consoleAccess: true,
      mfa: typeof mfa === 'number' ? mfa > 0 : undefined,
      activeKeys: typeof keys === 'number' ? keys : undefined,
      privilegeTier: 0,
    };
    setFacts(draft, facts, SUMMARY.source, 'exact');
    markRoot(draft, account, SUMMARY);
  }
}

function markRoot(draft: Draft, account: string, { source }: Evidence): void {
  setFacts(draft, { isRoot: true }, source);
  addKey(draft, 'aws-account-id', account);
}

/** True where the report knows of no use of the password and of each key; undefined where it does not say. */
function isUnused(row: ReportRow): boolean | undefined {
  if (lastUse(row) !== undefined) return false;
  const keys = row.keys.every(({ lastUsedAt }) => lastUsedAt === 'never');
  return keys && row.passwordUnused === true ? true : undefined;
}

/** The latest use by password or key. */
function lastUse(row: ReportRow): string | undefined {
  const dates = [row.passwordLastUsedAt, ...row.keys.map((key) => key.lastUsedAt)];
  return dates
    .filter((date): date is string => date !== undefined && date !== 'never')
    .sort()
    .at(-1);
}

/** Adds an access key with the edge from its user. Of several dates of its last use it takes the most exact one. */
export function addAccessKey(
  drafts: Drafts,
  key: AccessKey,
  userArn: string,
  rows: ReadonlyMap<string, ReportRow>,
  lastUsed: JsonRecord | undefined,
): void {
  const id = `aws:access-key:${key.id}`;
  const account = /^arn:aws[\w-]*:iam::(\d{12}):/.exec(userArn)?.[1];
  const draft = drafts.identity({ id, type: 'access_key', provider: 'aws', name: key.id, account }, KEYS);
  addKey(draft, 'aws-access-key-id', key.id);
  const status = key.active === undefined ? undefined : key.active ? 'active' : 'disabled';
  setFacts(
    draft,
    { authMethod: 'static_secret', status, createdAt: key.createdAt, expiresAt: 'never' },
    KEYS.source,
    'exact',
  );
  const slot = slotOf(rows.get(key.user), key);
  if (slot?.lastUsedAt !== undefined) {
    const never = slot.lastUsedAt === 'never';
    setFacts(
      draft,
      { neverUsed: never, lastUsedAt: never ? undefined : slot.lastUsedAt },
      REPORT.source,
      'approximate',
    );
  }
  const exact = dateOf(lastUsed?.['LastUsedDate']);
  if (exact !== undefined) setFacts(draft, { neverUsed: false, lastUsedAt: exact }, LAST_USED, 'exact');
  const user = principalDraft(drafts, userArn, 'iam_user', key.user, KEYS);
  drafts.edge(user.id, 'has-credential', byId(id), KEYS);
}

/**
 * Finds the slot of a key. The report has no key ids, but the date of creation tells them apart. If two keys were made
 * in the same second, neither gets a slot.
 */
function slotOf(row: ReportRow | undefined, key: AccessKey): KeySlot | undefined {
  if (row === undefined || key.createdAt === undefined) return undefined;
  const time = Math.floor(Date.parse(key.createdAt) / 1000);
  const same = row.keys.filter((slot) => Math.floor(Date.parse(slot.createdAt ?? '') / 1000) === time);
  return same.length === 1 ? same[0] : undefined;
}
