import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCompany, TARGETS } from '../../../src/build/demo.ts';
import { inLane, itRarely } from '../../it-rarely.ts';
import { ROOT } from '../run-bowerbird.ts';
import { runBowerbird } from '../run-either.ts';

interface Finding {
  readonly ruleId: string;
  readonly message: string;
  readonly locations: readonly { readonly path: string; readonly startLine: number }[];
}

/** A rule that joins two places, what it says on the demonstration, and where: `here` and `there` are its two ends. */
interface Row {
  readonly rule: number;
  readonly id: string;
  readonly about: RegExp;
  readonly here: RegExp;
  readonly there: RegExp;
}

const ROWS: readonly Row[] = [
  {
    rule: 1,
    id: 'identity-shared-across-environments',
    about: /production, test/,
    here: /production: config\/production\.env:1 of acme\/shop/,
    there: /test: config\/test\.env:1 of acme\/shop/,
  },
  {
    rule: 2,
    id: 'credential-in-several-repositories',
    about: /is in 2 repositories/,
    here: /config\/production\.env:1 of acme\/shop/,
    there: /scripts\/refund\.env:1 of acme\/platform/,
  },
  {
    rule: 3,
    id: 'github-secret-unused',
    about: /OLD_FTP_PASSWORD/,
    here: /OLD_FTP_PASSWORD of acme/,
    there: /all of acme\/shop were read/,
  },
  {
    rule: 3,
    id: 'workflow-secret-undefined',
    about: /SLACK_DEPLOY_WEBHOOK/,
    here: /at \.github\/workflows\/deploy\.yml:1\b/,
    there: /by GET \/repos\/\{owner\}\/\{repo\}\/actions\/secrets of acme\/shop/,
  },
  {
    rule: 3,
    id: 'github-secret-over-exposed',
    about: /NPM_TOKEN/,
    here: /acme\/a, acme\/b/,
    there: /used by .*\.github\/workflows\/deploy\.yml:\d+ of acme\/shop/,
  },
  {
    rule: 4,
    id: 'leaked-identity-not-rotated',
    about: /AKIA/,
    here: /scripts\/deploy\.env:4 of acme\/shop since 2026-02-03/,
    there: /at scripts\/deploy\.env:3\b/,
  },
  {
    rule: 5,
    id: 'workflow-static-key-despite-oidc',
    about: /deploy\.yml#deploy/,
    here: /at \.github\/workflows\/deploy\.yml:18\b/,
    there: /iam role release \(infra\/main\.tf:13 of acme\/shop\)/,
  },
  {
    rule: 5,
    id: 'workflow-static-key-despite-oidc',
    about: /apply\.yml#google/,
    here: /at \.github\/workflows\/apply\.yml:10\b/,
    there: /gcp service account deployer.* \(google\/main\.tf:1 of acme\/platform\)/,
  },
  {
    rule: 6,
    id: 'oidc-trust-any-context',
    about: /^terraform/,
    here: /^terraform/,
    there: /GET \/repos\/\{owner\}\/\{repo\}\/actions\/oidc\/customization\/sub of acme\/platform/,
  },
  {
    rule: 6,
    id: 'oidc-trust-never-matches',
    about: /^terraform/,
    here: /repo:acme\/platform:ref:refs\/heads\/main/,
    there: /GET \/repos\/\{owner\}\/\{repo\}\/actions\/oidc\/customization\/sub of acme\/platform/,
  },
  {
    rule: 7,
    id: 'third-party-action-gets-privileged-identity',
    about: /vendor-inc\/terraform-plan@v3/,
    here: /at \.github\/workflows\/apply\.yml:21\b/,
    there: /iam role terraform \(aws\/main\.tf:1 of acme\/platform\)/,
  },
  {
    rule: 8,
    id: 'mcp-bridge',
    about: /assistant/,
    here: /mcp server github \(\.mcp\.json:3 of acme\/shop\)/,
    there: /pat classic assistant \(GET \/orgs\/\{org\}\/credential-authorizations\)/,
  },
  {
    rule: 9,
    id: 'leaver-knows-credential',
    about: /AKIA/,
    here: /jordan-lee, who wrote scripts\/deploy\.env:4 of acme\/shop on 2026-02-03/,
    there: /is gone \(.+\)/,
  },
  {
    rule: 10,
    id: 'github-archived-repository-live-key',
    about: /old build server/,
    here: /old build server/,
    there: /repository acme\/legacy \(GET \/orgs\/\{org\}\/repos/,
  },
  {
    rule: 10,
    id: 'identity-of-deprecated-component',
    about: /faxes/,
    here: /at services\/faxes\/account\.yaml:4\b/,
    there: /services\/faxes\/catalog-info\.yaml:7 of acme\/shop/,
  },
  {
    rule: 11,
    id: 'credential-vaulted-and-open',
    about: /shop\/smtp/,
    here: /aws secret shop\/smtp \(infra\/mail\.tf:1 of acme\/shop\)/,
    there: /scripts\/mail\.env:1 of acme\/shop/,
  },
  {
    rule: 12,
    id: 'privileged-path',
    about: /Deployment\/reporting/,
    here: /at k8s\/reporting\.yaml:23\b/,
    there: /k8s service account shop\/reporting \(k8s\/reporting\.yaml:4 of acme\/shop\)/,
  },
  {
    rule: 12,
    id: 'privileged-path',
    about: /apply\.yml#aws/,
    here: /at \.github\/workflows\/apply\.yml:21\b/,
    there: /iam role terraform \(aws\/main\.tf:1 of acme\/platform\)/,
  },
  {
    rule: 13,
    id: 'declared-identity-missing',
    about: /nightly-report/,
    here: /at infra\/mail\.tf:11\b/,
    there: /210987654321 has iam role release \(infra\/main\.tf:13 of acme\/shop\)/,
  },
  {
    rule: 13,
    id: 'live-identity-undeclared',
    about: /^backup-writer of 210987654321/,
    here: /backup-writer of 210987654321/,
    there: /iam user deploy-bot \(infra\/main\.tf:1 of acme\/shop\)/,
  },
  {
    rule: 14,
    id: 'human-credential-as-bot',
    about: /Slack user token/,
    here: /at \.github\/workflows\/announce\.yml:27\b/,
    there: /workflow job \S+#chat \(\.github\/workflows\/announce\.yml:22 of acme\/shop\)/,
  },
  {
    rule: 15,
    id: 'unfinished-rotation',
    about: /exporter@acme-prod/,
    here: /google\/terraform\.tfstate:35 of acme\/platform/,
    there: /google\/terraform\.tfstate:52 of acme\/platform/,
  },
];

/** Repositories that an organisation's secret is shown to and that do not use it. */
const IDLE = ['a', 'b', 'c'];

describe('rules that join two places', () => {
  let folder = '';
  let findings: readonly Finding[] = [];

  beforeAll(async () => {
    if (!inLane) return;
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-cross-'));
    await makeCompany(ROOT, folder);
    await addIdleRepositories(folder);
    const args = ['scan', ...TARGETS, ...IDLE, '--pack', 'auditor', '--json'];
    findings = (JSON.parse((await runBowerbird(args, { cwd: folder })).stdout) as { findings: Finding[] }).findings;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  itRarely.each(ROWS.map((row) => [row.rule, row.id, row.about.source, row] as const))(
    '%i: %s of %s names both',
    (_, __, ___, { id, about, here, there }) => {
      const found = findings.filter(({ ruleId, message }) => ruleId === id && about.test(message));
      const texts = found.map(({ message, locations }) =>
        [message, ...locations.map((place) => `at ${place.path}:${place.startLine}`)].join('\n'),
      );
      expect(
        texts.filter((text) => here.test(text) && there.test(text)),
        texts.join('\n\n') || `${id} did not fail`,
      ).not.toEqual([]);
    },
  );

  it('cover each of the fifteen', () => {
    expect(new Set(ROWS.map(({ rule }) => rule)).size).toBe(15);
  });
});

async function addIdleRepositories(folder: string): Promise<void> {
  for (const repository of IDLE) {
    const config = `[remote "origin"]\n\turl = https://github.com/acme/${repository}.git\n`;
    await mkdir(join(folder, repository, '.git', 'objects'), { recursive: true });
    await mkdir(join(folder, repository, '.git', 'refs'), { recursive: true });
    await writeFile(join(folder, repository, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    await writeFile(join(folder, repository, '.git', 'config'), config);
    await writeFile(join(folder, repository, 'README.md'), `# ${repository}\n`);
  }
  await edit(folder, 'orgs-acme-repos-type', (text) => {
    const answer = JSON.parse(text) as { body: { name: string; archived: boolean }[] };
    const idle = IDLE.map((name) => ({ ...answer.body[0], name, full_name: `acme/${name}` }));
    // An archived repository that was not read could use the secret, too, if it were shown to it.
    const shown = answer.body.map((entry) => ({ ...entry, visibility: entry.archived ? 'public' : 'private' }));
    return JSON.stringify({ ...answer, body: [...shown, ...idle] });
  });
  await edit(folder, 'orgs-acme-actions-secrets', (text) => text.replace('"all"', '"private"'));
}

/** Edits a recorded answer. */
async function edit(folder: string, part: string, change: (text: string) => string): Promise<void> {
  const dump = join(folder, 'github-acme');
  const name = (await readdir(dump)).find((file) => file.includes(part)) ?? '';
  await writeFile(join(dump, name), change(await readFile(join(dump, name), 'utf8')));
}
