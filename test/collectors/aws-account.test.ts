import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failuresInDump } from './recorded-account.ts';

const ACCOUNT = '210987654321';
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;
const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A recording of nothing but some answers. */
async function record(answers: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bowerbird-aws-'));
  folders.push(folder);
  const manifest = { collector: 'aws', version: 1, target: ACCOUNT, recordedAt: '2026-11-01T02:00:00Z' };
  for (const [name, answer] of Object.entries({ dump: manifest, ...answers }))
    await writeFile(join(folder, `${name}.json`), JSON.stringify(answer));
  return folder;
}

const COLUMNS =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';
const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const NO_CERTIFICATES = 'false,N/A,false,N/A';

/** The answer of GetCredentialReport. */
function report(...rows: string[]): { Content: string; ReportFormat: string } {
  return { Content: Buffer.from([COLUMNS, ...rows].join('\n')).toString('base64'), ReportFormat: 'text/csv' };
}

function rootRow(mfa: boolean, key: string): string {
  const made = '2020-01-01T00:00:00+00:00';
  return `<root_account>,${ROOT_ARN},${made},not_supported,2026-01-01T00:00:00+00:00,not_supported,not_supported,${mfa},${key},${NO_KEY},${NO_CERTIFICATES}`;
}

const USED_KEY = 'true,2021-01-01T00:00:00+00:00,2026-10-01T00:00:00+00:00,us-east-1,s3';

describe('the root user', () => {
  it('has keys or no second factor, as the credential report says', async () => {
    const open = await record({ 'credential-report': report(rootRow(false, USED_KEY)) });
    const failures = await failuresInDump(open);
    expect(failures).toEqual(expect.arrayContaining(['aws-root-access-key: root', 'aws-root-without-mfa: root']));
    expect(failures).not.toContain('aws-console-without-mfa: root');
    expect(failures).not.toContain('identity-tier-zero-unused: root');
    const safe = await failuresInDump(await record({ 'credential-report': report(rootRow(true, NO_KEY)) }));
    expect(safe.filter((failure) => failure.startsWith('aws-root'))).toEqual([]);
  });

  it('is known from the summary of the account, which is newer than the report', async () => {
    const summary = (mfa: number, keys: number) => ({
      SummaryMap: { Users: 4, AccountMFAEnabled: mfa, AccountAccessKeysPresent: keys, AccountPasswordPresent: 1 },
    });
    const alone = await failuresInDump(await record({ 'account-summary': summary(0, 1) }));
    expect(alone).toEqual(expect.arrayContaining(['aws-root-access-key: root', 'aws-root-without-mfa: root']));
    const repaired = { 'credential-report': report(rootRow(false, USED_KEY)), 'account-summary': summary(1, 0) };
    const failures = await failuresInDump(await record(repaired));
    expect(failures.filter((failure) => failure.startsWith('aws-root'))).toEqual([]);
    const odd = await failuresInDump(await record({ 'account-summary': { SummaryMap: { Users: 4 } } }));
    expect(odd).toEqual([]);
  });
});

describe('an administrator that nobody uses', () => {
  const details = (name: string) => ({
    UserDetailList: [
      {
        UserName: name,
        Arn: `arn:aws:iam::${ACCOUNT}:user/${name}`,
        CreateDate: '2024-01-01T00:00:00+00:00',
        AttachedManagedPolicies: [
          { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        ],
      },
    ],
  });
  const row = (name: string, used: string): string =>
    `${name},arn:aws:iam::${ACCOUNT}:user/${name},2024-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,true,` +
    `2024-01-01T00:00:00+00:00,${used},N/A,N/A,${NO_KEY},${NO_CERTIFICATES}`;
  const rule = 'identity-tier-zero-unused: deploy';

  it.each([
    ['N/A', true],
    ['2026-03-01T00:00:00+00:00', true],
    ['2026-10-20T00:00:00+00:00', false],
    ['no_information', false],
  ])('with a key whose last use is %s', async (used, isUnused) => {
    const answers = {
      'authorization-details': details('deploy'),
      'credential-report': report(row('deploy', used)),
    };
    expect((await failuresInDump(await record(answers))).includes(rule)).toBe(isUnused);
  });
});
