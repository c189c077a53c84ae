import type { Finding, PostureFinding, Score, SecretFinding } from '../../src/model/finding.ts';
import type { Coverage } from '../../src/model/gap.ts';
import { type Edge, type Identity, identityId } from '../../src/model/identity.ts';
import type { Location } from '../../src/model/location.ts';
import type { Severity } from '../../src/model/match.ts';
import { type Report, SCHEMA_VERSION } from '../../src/model/report.ts';
import { Secret } from '../../src/model/secret.ts';

/** Key of the sample fingerprints. */
const KEY = 'sample';
const COMMIT = '4f2d9c6b1a0e8d7c5b3a29181706f5e4d3c2b1a0';
const OLDER = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';

/** Raw values of the sample report, made at run time: no output may hold any of them, nor half of one. */
export const RAW_SECRETS = {
  token: `gh${'p_'}${'Qw3rTy7Uk9Lm'.repeat(3)}`,
  accessKey: `wJ${'alrXUtnF3MI/K7MD3NG/bPxRfiCY9TESTKEY00'}`,
  placeholder: `sk${'_live_'}${'x1y2'.repeat(6)}`,
  database: `p@ss-${'word'}-"quoted", <b>&'9`,
  suppressed: `xo${'xb-'}${'81726354'.repeat(4)}`,
  privateKey: `-----BEGIN ${'PRIVATE KEY'}-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END ${'PRIVATE KEY'}-----`,
  message: `gl${'pat-'}${'Zx81vBn4Mq02'.repeat(2)}`,
} as const;

/** A file name that tries everything: colour, bidi, line break, workflow command, Markdown, HTML, CSV formula. */
export const HOSTILE_PATH = '=cmd|\u001b[31m\u202egnp\u2066::error::x\n%0A,<img src=x onerror=1>/`a`"b".env';

/** Text of the files that the sample's working tree holds. */
const FILES: Readonly<Record<string, string>> = {
  'deploy/.env': 'REGION=eu-west-1\n\nTOKEN=placeholder-one KEY=placeholder-two\n',
  'src/config.ts': 'export const a = 1;\n'.repeat(3),
  'infra/main.tf': 'resource "aws_iam_user" "ci" {\n  name = "ci"\n}\n',
  'src/old name#1.ts': '// nothing here any more\n',
};

/** The sample's `RenderOptions.readFile`. */
export function readSampleFile(path: string): string | undefined {
  return FILES[path] ?? (path.startsWith('copies/') ? `copy of ${path}\n` : undefined);
}

/** Everything a report can hold, in one. The same every time. */
export function buildSampleReport(): Report {
  const findings = [...secretFindings(), ...postureFindings()];
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'bowerbird', version: '1.2.3', rulesHash: 'c0ffee'.repeat(10) },
    run: {
      started: '2026-11-22T08:00:00.000Z',
      finished: '2026-11-22T08:00:04.250Z',
      targets: ['files:.', 'git:.', 'github:acme'],
    },
    coverage: sampleCoverage(),
    findings,
    identities: sampleIdentities(),
    edges: sampleEdges(),
    summary: {
      state: 'incomplete',
      exitCode: 3,
      bySeverity: { critical: 3, high: 3, medium: 3, low: 1, none: 0 },
      suppressed: 1,
      placeholders: 1,
      gaps: 4,
      identities: sampleIdentities().length,
      edges: sampleEdges().length,
      rules: 212,
      postureRules: 40,
      posture: [
        { ruleId: 'app-all-repositories', fail: 2, pass: 3, notAssessed: 1 },
        { ruleId: 'webhook-without-secret', fail: 1, pass: 0, notAssessed: 7 },
      ],
      staleEntries: [
        { source: '.bowerbird-ignore:4', entry: 'ffff0000ffff0000', problem: 'unused' },
        {
          source: '.bowerbird-ignore:9',
          entry: 'eeee1111eeee1111',
          problem: 'expires-soon',
          suppression: {
            kind: 'ignore-file',
            reason: 'rotation\u001b[2J planned',
            owner: 'team-a',
            expires: '2026-12-01',
            source: '.bowerbird-ignore:9',
          },
        },
      ],
      notes: ['The posture rules of pack "strict" were not asked for.'],
    },
  };
}

/** A clean run over three files. */
export function buildCleanReport(): Report {
  const { tool, run } = buildSampleReport();
  const coverage: Coverage = {
    ...coverageOf('files', 'files:.', 'files', 'files'),
    planned: 3,
    scanned: 3,
    bytes: 2048,
  };
  return {
    schemaVersion: SCHEMA_VERSION,
    tool,
    run: { ...run, targets: ['files:.'] },
    coverage: [coverage],
    findings: [],
    identities: [],
    edges: [],
    summary: {
      state: 'clean',
      exitCode: 0,
      bySeverity: { critical: 0, high: 0, medium: 0, low: 0, none: 0 },
      suppressed: 0,
      placeholders: 0,
      gaps: 0,
      identities: 0,
      edges: 0,
      rules: 212,
      postureRules: 40,
      posture: [],
      staleEntries: [],
      notes: [],
    },
  };
}

/** A report with nothing in it at all: no target, no scope. */
export function buildEmptyReport(): Report {
  const clean = buildCleanReport();
  const summary = { ...clean.summary, state: 'incomplete' as const, exitCode: 3 };
  return { ...clean, run: { ...clean.run, targets: [] }, coverage: [], summary };
}

/** The sample with many findings of one rule and severity instead of its own. */
export function buildCrowdedReport(count: number): Report {
  const token = tokenFinding();
  return {
    ...buildSampleReport(),
    findings: Array.from({ length: count }, (_, index) => ({ ...token, id: `id${index}` })),
  };
}

/** Names of the repositories of `buildSeveralReport`. */
export const SEVERAL = ['git.example/acme/shop', 'git.example/acme/bank'] as const;

/** The same path in two repositories: a secret, one that only the history has, and an identity in each. */
export function buildSeveralReport(): Report {
  const sample = buildSampleReport();
  const perRepository = SEVERAL.map((repository, index) => {
    const inRepository = (location: Location): Location => ({ ...location, repository });
    const findings = [databaseFinding(), historyFinding(), declaredFinding()].map((finding) => ({
      ...finding,
      id: `${finding.id}${index}`,
      locations: finding.locations.map(inRepository),
      ...(finding.identityId === undefined ? {} : { identityId: identityId(`${finding.identityId}${index}`) }),
    }));
    const identities = sampleIdentities()
      .filter((one) => one.type === 'iam_user')
      .map((one) => ({
        ...one,
        id: identityId(`${one.id}${index}`),
        evidence: one.evidence.map((evidence) =>
          evidence.location === undefined ? evidence : { ...evidence, location: inRepository(evidence.location) },
        ),
      }));
    return { findings, identities };
  });
  const findings = perRepository.flatMap((one) => one.findings);
  return { ...sample, findings, identities: perRepository.flatMap((one) => one.identities), edges: [] };
}

function secretFindings(): Finding[] {
  return [tokenFinding(), accessKeyFinding(), sameLineFinding(), databaseFinding(), ...quietFindings()];
}

function tokenFinding(): SecretFinding {
  return {
    ...secretBase('token', 'github-pat-classic', 'GitHub personal access token (classic)', 'critical', 9.7),
    message: 'A classic token of the machine user acme-ci can write to every repository of the organisation.',
    verdict: {
      state: 'active',
      reason: 'the provider accepted it',
      verifier: 'github',
      checkedAt: '2026-11-22T08:00:03Z',
      facts: { login: 'acme-ci', scopes: ['repo', 'admin:org'] },
    },
    facts: { environment: 'production', scopes: ['repo', 'admin:org'], issued: '2024-02-01' },
    identityId: identityId('github:user:acme-ci'),
    locations: [
      {
        ...place('deploy/.env', 3, 7, 47),
        commit: COMMIT,
        present: true,
        author: 'Ada Example',
        date: '2026-11-20T10:00:00Z',
      },
      { ...place('src/old name#1.ts', 41, 3, 43), collector: 'git', commit: OLDER, present: false },
      ...Array.from({ length: 120 }, (_, index) => ({
        ...place(`copies/${String(index).padStart(3, '0')}.txt`, 1, 1, 41),
        present: true,
      })),
    ],
    moreLocations: 17,
    owners: [
      { name: 'platform | team', kind: 'team', how: 'CODEOWNERS', state: 'active' },
      { name: 'Ada Example', kind: 'person', how: 'git author', state: 'gone' },
    ],
    references: ['https://docs.github.com/en/authentication'],
    alsoMatched: ['generic-secret'],
  };
}

function accessKeyFinding(): SecretFinding {
  return {
    ...secretBase('accessKey', 'aws-secret-access-key', 'AWS secret access key', 'critical', 9.1),
    message: 'The key opens an IAM user that can become administrator.',
    identityId: identityId('arn:aws:iam::123456789012:user/ci'),
    facts: { account: '123456789012' },
    locations: [{ ...place('deploy/.env', 3, 52, 92), present: true, decoded: ['base64', 'gzip'] }],
  };
}

/** Same rule and same line as the access key: code scanning would see one alert. */
function sameLineFinding(): SecretFinding {
  return {
    ...secretBase('privateKey', 'aws-secret-access-key', 'AWS secret access key', 'critical', 9.0),
    message: 'A second key stands on the same line.',
    confidence: 'medium',
    locations: [{ ...place('deploy/.env', 3, 95, 120), endLine: 4, endColumn: 1, present: true }],
  };
}

function databaseFinding(): SecretFinding {
  return {
    ...secretBase('database', 'database-url-password', 'Password in a connection string', 'high', 7.4),
    message: 'Password of role "app" | see <b>notes</b>\n::warning::not a command',
    confidence: 'low',
    locations: [{ ...place(HOSTILE_PATH, 2, 9, 33), present: true }],
    owners: [{ name: '@SUM(1+1)*cmd', kind: 'person', how: 'git author', state: 'unknown' }],
  };
}

function quietFindings(): Finding[] {
  return [
    {
      ...secretBase('message', 'gitlab-pat', 'GitLab personal access token', 'high', 7.0),
      message: 'A token stands in a commit message.',
      locations: [{ ...place('COMMIT_EDITMSG', 3, 1, 29), collector: 'git', part: 'commit-message', commit: OLDER }],
    },
    {
      ...secretBase('privateKey', 'private-key', 'Private key', 'medium', 5.2),
      message: 'Only in history.',
      locations: [{ ...place('removed/id_rsa', 1, 1, 2), collector: 'git', commit: OLDER, present: false, endLine: 4 }],
    },
    historyFinding(),
    {
      ...secretBase('placeholder', 'stripe-secret-key', 'Stripe secret key', 'none', 0),
      message: 'Sample text.',
      grade: 'placeholder',
      checks: [{ check: 'checksum', state: 'lower', reason: 'the checksum does not fit' }],
      locations: [{ ...place('src/config.ts', 2, 14, 44), present: true }],
    },
    {
      ...secretBase('suppressed', 'slack-bot-token', 'Slack bot token', 'high', 8.0),
      message: 'Known.',
      locations: [{ ...place('src/config.ts', 3, 14, 44), present: true }],
      suppression: {
        kind: 'ignore-file',
        reason: 'test workspace, revoked weekly',
        owner: 'team-a',
        expires: '2027-01-01',
        source: '.bowerbird-ignore:2',
      },
    },
  ];
}

function postureFindings(): PostureFinding[] {
  return [
    {
      ...base('aa01', 'app-all-repositories', 'App can reach every repository', 'high', 8.3),
      kind: 'posture',
      message: 'acme-deployer may write contents of all repositories.',
      identityId: identityId('github:app-installation:acme:acme-deployer'),
      owasp: ['NHI5'],
    },
    {
      ...base('aa02', 'app-all-repositories', 'App can reach every repository', 'low', 3.1),
      kind: 'posture',
      message: 'reader may read all repositories.',
      identityId: identityId('github:app-installation:acme:rea der/é'),
      owasp: ['NHI5'],
    },
    declaredFinding(),
  ];
}

function historyFinding(): SecretFinding {
  return {
    ...secretBase('message', 'gitlab-pat-history', 'GitLab token in history', 'medium', 4.8),
    message: 'Only in history, the file lives on.',
    locations: [{ ...place('src/old name#1.ts', 77, 5, 33), collector: 'git', commit: OLDER, present: false }],
  };
}

function declaredFinding(): PostureFinding {
  return {
    ...base('aa03', 'iam-user-static-key', 'IAM user with a static key', 'medium', 5.5),
    kind: 'posture',
    message: 'ci has an access key that never expires.',
    identityId: identityId('arn:aws:iam::123456789012:user/ci'),
    locations: [{ ...place('infra/main.tf', 1, 1, 31), collector: 'terraform', present: true }],
    owasp: ['NHI7'],
  };
}

function secretBase(
  name: keyof typeof RAW_SECRETS,
  ruleId: string,
  title: string,
  severity: Severity,
  value: number,
): SecretFinding {
  const secret = new Secret(RAW_SECRETS[name]);
  return {
    ...base(`${secret.fingerprint(KEY).slice(0, 12)}${ruleId.length.toString(16)}`, ruleId, title, severity, value),
    kind: 'secret',
    grade: 'secret',
    secret,
    fingerprint: secret.fingerprint(KEY),
    verdict: { state: 'not-tried', reason: 'live checks are off (no --verify)' },
    checks: [{ check: 'entropy', state: 'pass', reason: 'the value looks random' }],
    alsoMatched: [],
    owasp: ['NHI2'],
  };
}

function base(id: string, ruleId: string, title: string, severity: Severity, value: number) {
  return {
    id,
    ruleId,
    title,
    severity,
    confidence: 'high' as const,
    message: '',
    score: scoreOf(value),
    facts: {},
    owasp: [] as string[],
    locations: [] as Location[],
    moreLocations: 0,
    remediation: 'Revoke the credential at its provider, then remove it from the code. Removing alone does not help.',
    references: [] as string[],
    owners: [] as SecretFinding['owners'],
  };
}

function scoreOf(value: number): Score {
  const factor = (id: string, code: string, weight: number, sentence: string) => {
    return { id, code, weight, best: weight, worst: weight, sentence };
  };
  return {
    value,
    range: [Math.max(0, value - 1), Math.min(10, value + 0.3)],
    vector: 'NHI1/E:repo-private=.55/P:admin=1/V:unk=.7/L:age=1.1',
    factors: [
      factor('E', 'repo-private', 0.55, 'It stands in a private repository.'),
      factor('P', 'admin', 1, 'It can become administrator.'),
      { ...factor('V', 'unk', 0.7, 'Nobody checked whether it still works.'), best: 0.05, worst: 1 },
      factor('L', 'age', 1.1, 'It is older than 90 days.'),
    ],
  };
}

function place(path: string, line: number, startColumn: number, endColumn: number): Location {
  return { collector: 'files', path, startLine: line, startColumn, endLine: line, endColumn, repository: 'acme/shop' };
}

function sampleIdentities(): Identity[] {
  return [
    identity('github:user:acme-ci', 'machine_user', 'github', 'acme-ci', {
      attributes: {
        lastUsedAt: { value: '2026-11-21T23:10:00Z', source: 'GET /orgs/{org}/audit-log', precision: 'day' },
        privilegeTier: { value: 1, source: 'grants' },
        ownerState: { value: 'gone', source: 'correlate' },
      },
      grants: [
        {
          permission: 'contents:write',
          resource: 'all repositories of acme',
          tier: 1,
          source: 'GET /user/repos',
        },
        { permission: 'metadata:read', resource: 'all repositories of acme', tier: 3, source: 'GET /user/repos' },
      ],
    }),
    identity('arn:aws:iam::123456789012:user/ci', 'iam_user', 'aws', '-ci', {
      account: '123456789012',
      attributes: {
        lastUsedAt: { value: '2026-03-01T00:00:00Z', source: 'credential report', precision: 'day' },
        createdAt: { value: '2023-01-05T00:00:00Z', source: 'credential report' },
      },
      grants: [{ permission: 'iam:*', resource: '*', tier: 0, source: 'infra/main.tf' }],
      evidence: [
        {
          collector: 'terraform',
          source: 'infra/main.tf',
          location: { ...place('infra/main.tf', 1, 1, 31), present: true },
        },
      ],
    }),
    identity('aws:access-key:AKSAMPLE', 'access_key', 'aws', 'AKSAMPLE', { account: '123456789012' }),
    identity('arn:aws:iam::123456789012:role/admin', 'iam_role', 'aws', 'admin', {
      account: '123456789012',
      grants: [{ permission: '*', resource: '*', tier: 0, source: 'GetRolePolicy' }],
    }),
    identity('github:app-installation:acme:acme-deployer', 'github_app_installation', 'github', 'acme-deployer', {
      account: 'acme',
    }),
    identity('github:app-installation:acme:rea der/é', 'github_app_installation', 'github', 'rea\u202eder <x>', {
      account: 'acme',
      attributes: { thirdParty: { value: "+cmd|' /C calc'!A0", source: 'GET /orgs/{org}/installations' } },
    }),
    identity('team:github:platform', 'team', 'github', 'platform', {}),
  ];
}

function identity(
  id: string,
  type: string,
  provider: string,
  name: string,
  more: Partial<Pick<Identity, 'account' | 'attributes' | 'grants' | 'evidence'>>,
): Identity {
  const evidence = [{ collector: 'github-org', source: 'GET /orgs/{org}/installations' }];
  return { id: identityId(id), type, provider, name, attributes: {}, keys: [], grants: [], evidence, ...more };
}

function sampleEdges(): Edge[] {
  const token = `secret:${new Secret(RAW_SECRETS.token).fingerprint(KEY)}`;
  const key = `secret:${new Secret(RAW_SECRETS.accessKey).fingerprint(KEY)}`;
  const evidence = [{ collector: 'correlate', source: 'verdict' }];
  return [
    { from: token, kind: 'authenticates', to: 'github:user:acme-ci', confidence: 'strong', evidence },
    { from: key, kind: 'authenticates', to: 'aws:access-key:AKSAMPLE', confidence: 'proven', evidence },
    {
      from: 'arn:aws:iam::123456789012:user/ci',
      kind: 'has-credential',
      to: 'aws:access-key:AKSAMPLE',
      confidence: 'proven',
      evidence,
    },
    {
      from: 'arn:aws:iam::123456789012:user/ci',
      kind: 'can-assume',
      to: 'arn:aws:iam::123456789012:role/admin',
      confidence: 'inferred',
      evidence,
    },
    { from: 'team:github:platform', kind: 'owns', to: 'github:user:acme-ci', confidence: 'strong', evidence },
    {
      from: 'arn:aws:iam::123456789012:user/ci',
      kind: 'can-assume',
      to: 'nobody:knows',
      confidence: 'inferred',
      evidence,
    },
  ];
}

function coverageOf(collector: string, target: string, scope: string, unit: string): Coverage {
  return {
    collector,
    target,
    scope,
    unit,
    planned: 0,
    scanned: 0,
    bytes: 0,
    skipped: {},
    state: 'ok',
    gaps: [],
    moreGaps: 0,
    facts: {},
  };
}

function sampleCoverage(): Coverage[] {
  return [
    {
      ...coverageOf('files', 'files:.', 'files', 'files'),
      planned: 1204,
      scanned: 1198,
      bytes: 3_251_200,
      facts: { binary: 12, binaryBytes: 1_204_000 },
      skipped: { empty: 3, symlink: 1 },
      state: 'partial',
      gaps: [
        {
          reason: 'too-large',
          subject: 'data/big\u001b[1m.sql',
          message: 'data/big.sql has 900 MB; the limit is 100 MB. Raise it with --max-file-size.',
        },
        { reason: 'unreadable', subject: 'secret/', message: 'No permission to read secret/.' },
      ],
    },
    {
      ...coverageOf('git', 'git:.', 'history', 'blobs'),
      planned: 52_000,
      scanned: 52_000,
      bytes: 812_000_000,
      facts: { commits: 9120, refs: 14, shallow: false },
    },
    {
      ...coverageOf('github-org', 'github:acme', 'GET /orgs/{org}/hooks', 'requests'),
      planned: 1,
      state: 'failed',
      gaps: [
        {
          reason: 'denied',
          subject: 'GET /orgs/{org}/hooks',
          message: 'The token lacks admin:org_hook; webhooks of acme were not read.',
          scope: true,
        },
      ],
      moreGaps: 1,
    },
  ];
}
