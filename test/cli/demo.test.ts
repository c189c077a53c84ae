import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandPlaceholders, makeCompany, TARGETS } from '../../src/build/demo.ts';
import { type CliResult, ROOT } from './run-bowerbird.ts';
import { runBowerbird } from './run-either.ts';

interface DemoReport {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly identityId?: string;
    readonly severity: string;
    readonly owasp: readonly string[];
    readonly owners?: readonly { readonly name: string; readonly state: string }[];
  }[];
  readonly edges: readonly { readonly from: string; readonly kind: string; readonly to: string }[];
  readonly identities: readonly {
    readonly id: string;
    readonly attributes: Readonly<Record<string, { value: unknown }>>;
  }[];
  readonly summary: { readonly gaps: number; readonly exitCode: number };
}

/** What each kind of join leads to on the demonstration. */
const JOINED = [
  'arn:aws:iam::210987654321:user/deploy-bot',
  'arn:aws:iam::210987654321:user/backup-writer',
  'github:authorised-credential:acme:602',
  'github:pat:acme:501',
  'github:app-installation:acme:shipper',
  'github:deploy-key:acme/platform:90',
  'gcp:service-account:exporter@acme-prod.iam.gserviceaccount.com',
  'azure:application:aaaaaaaa-0000-4000-8000-000000000001',
  'azure:object:aaaaaaaa-0000-4000-8000-000000000003',
  'kubernetes:acme/shop:shop:reporting',
  'jwt:https://id.acme.example|billing',
  'slack:app:T0ACME0001:B0ACME0002',
  'account:registry.acme.example:robot',
  'database:db.acme.internal:billing',
];

describe('the demonstration', () => {
  let folder = '';
  let human: CliResult;
  let report: DemoReport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-demo-'));
    await makeCompany(ROOT, folder);
    human = await runBowerbird(['scan', ...TARGETS], { cwd: folder });
    report = JSON.parse((await runBowerbird(['scan', ...TARGETS, '--json'], { cwd: folder })).stdout) as DemoReport;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('leads from the leaked key to an administrator, unused for 200 days, whose owner is gone', () => {
    const finding = report.findings.find((one) => one.ruleId === 'aws-secret-access-key');
    expect(finding).toMatchObject({ severity: 'critical', identityId: 'arn:aws:iam::210987654321:user/deploy-bot' });
    const user = report.identities.find((one) => one.id === finding?.identityId);
    expect(user?.attributes['privilegeTier']?.value).toBe(0);
    expect(user?.attributes['ownerState']?.value).toBe('gone');
    const key = report.edges.find((edge) => edge.kind === 'has-credential' && edge.from === finding?.identityId)?.to;
    expect(report.edges).toContainEqual(expect.objectContaining({ kind: 'authenticates', to: key }));
    expect(human.stdout).toMatch(
      /this secret\n\s+└─ authenticates access key .*\n\s+└─ is a credential of IAM user deploy-bot/,
    );
    expect(human.stdout).toMatch(/not used for\s+\d{3,} days/);
    expect(human.stdout).toMatch(/jordan-lee \(CODEOWNERS, gone\)/);
  });

  it('finds what else is wrong over all sources', () => {
    const rules = new Set(report.findings.map((one) => one.ruleId));
    for (const id of [
      'github-deploy-key-owner-gone',
      'github-app-all-repositories-write',
      'github-secret-unused',
      'workflow-secret-undefined',
      'kubernetes-cluster-admin',
      'aws-oidc-wildcard-subject',
      'mcp-literal-secret',
      'leaked-identity-not-rotated',
      'credential-in-several-repositories',
      'credential-vaulted-and-open',
      'declared-identity-missing',
      'human-credential-as-bot',
      'leaver-knows-credential',
      'mcp-bridge',
      'privileged-path',
      'third-party-action-gets-privileged-identity',
      'unfinished-rotation',
    ]) {
      expect(rules).toContain(id);
    }
  });

  it('shows each of the ten of OWASP', () => {
    const ids = new Set(report.findings.flatMap(({ owasp }) => owasp));
    expect([...ids].sort()).toEqual(Array.from({ length: 10 }, (_, index) => `NHI${index + 1}`).sort());
  });

  it.each(JOINED)('leads from a found secret to %s', (node) => {
    const holders = report.edges.filter((edge) => edge.kind === 'has-credential').map(({ from, to }) => [to, from]);
    const opened = report.edges.filter(({ from, kind }) => kind === 'authenticates' && from.startsWith('secret:'));
    const reached = opened.flatMap(({ to }) => [
      to,
      ...holders.filter(([key]) => key === to).map(([, holder]) => holder),
    ]);
    expect(reached).toContain(node);
  });

  it('reads everything, and prints no raw value', () => {
    expect(report.summary).toMatchObject({ gaps: 0, exitCode: 1 });
    const token = expandPlaceholders('%{agent-token|ghp_{github-crc:36}}%');
    const key = expandPlaceholders('%{deploy-bot-secret|{base64:40}}%');
    for (const value of [token, key]) expect(human.stdout + JSON.stringify(report)).not.toContain(value);
  });
});
