import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandPlaceholders, makeCompany } from '../../../src/build/demo.ts';
import { ROOT } from '../run-bowerbird.ts';
import { runBowerbird } from '../run-either.ts';
import { DEPLOY, FINE, ROWS, sshKey, TOKEN } from './join-rows.ts';

interface JoinReport {
  readonly findings: readonly {
    readonly fingerprint?: string;
    readonly secret?: { readonly fingerprint: string };
    readonly locations: readonly { readonly path: string }[];
  }[];
  readonly edges: readonly {
    readonly from: string;
    readonly kind: string;
    readonly to: string;
    readonly confidence: string;
    readonly evidence: readonly unknown[];
  }[];
}

/** Edits a recorded answer of the made company. */
async function record(folder: string, part: string, edit: (body: object[]) => object[]): Promise<void> {
  const dump = join(folder, 'github-acme');
  const name = (await readdir(dump)).find((file) => file.includes(part)) ?? '';
  const answer = JSON.parse(await readFile(join(dump, name), 'utf8')) as { body: object[] };
  await writeFile(join(dump, name), JSON.stringify({ ...answer, body: edit(answer.body) }));
}

describe('joins of a leaked secret to its identity, without using it', () => {
  let folder = '';
  let report: JoinReport;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bowerbird-joins-'));
    await makeCompany(ROOT, folder);
    for (const { file, text, beside = {} } of ROWS) {
      for (const [path, content] of Object.entries({ [file]: text, ...beside })) {
        await mkdir(dirname(join(folder, 'joins', path)), { recursive: true });
        await writeFile(join(folder, 'joins', path), expandPlaceholders(content));
      }
    }
    await record(folder, 'credential-authorizations', ([listed]) => [{ ...listed, token_last_eight: TOKEN.slice(-8) }]);
    await record(folder, 'audit-log', ([event]) => [
      {
        ...event,
        hashed_token: createHash('sha256').update(FINE).digest('base64'),
        programmatic_access_type: 'Fine-grained personal access token',
        token_id: '9501',
      },
    ]);
    await record(folder, 'hide-secret', ([alert]) => [
      {
        ...alert,
        number: '9',
        first_location_detected: {
          path: 'alert.env',
          start_line: 1,
          blob_sha: 'd90a372e6e43ebaaa769f92fa2baa2209fb96a84',
        },
        repository: { name: 'joins', full_name: 'acme/joins' },
      },
    ]);
    const git = (...args: string[]): unknown =>
      execFileSync('git', args, { cwd: join(folder, 'joins'), stdio: 'pipe' });
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://github.com/acme/joins.git');
    await record(folder, 'shop-keys', ([key]) => [{ ...key, id: '4712', key: sshKey(DEPLOY.publicKey) }]);
    const args = ['scan', 'joins', 'dump:github-acme', 'dump:aws-acme', '--json'];
    report = JSON.parse((await runBowerbird(args, { cwd: folder })).stdout) as JoinReport;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Nodes that the secret of a file leads to, with the weakest confidence on the way. */
  function reach(file: string): readonly string[] {
    const here = report.findings.filter(({ locations }) => locations.some(({ path }) => path.endsWith(file)));
    const from = new Set(here.map(({ secret }) => `secret:${secret?.fingerprint}`));
    const direct = report.edges.filter((edge) => edge.kind === 'authenticates' && from.has(edge.from));
    const holders = direct.flatMap((opened) =>
      report.edges
        .filter((edge) => edge.kind === 'has-credential' && edge.to === opened.to)
        .map((edge) => `${edge.from} ${opened.confidence === 'inferred' ? 'inferred' : edge.confidence}`),
    );
    const alerts = report.edges.filter(
      (edge) => edge.kind === 'holds' && from.has(edge.to) && edge.from.startsWith('github:alert:'),
    );
    return [
      ...alerts.map((edge) => `${edge.from} ${edge.confidence}`),
      ...direct.map((edge) => `${edge.to} ${edge.confidence}`),
      ...holders,
    ];
  }

  it.each(ROWS.map((row) => [row.title, row] as const))('%s', (_, { file, node, confidence }) => {
    const reached = reach(file);
    expect(reached).toContain(`${node} ${confidence}`);
  });

  it('gives evidence for every edge', () => {
    const bare = report.edges.filter(
      ({ kind, evidence }) => /authenticates|has-credential/.test(kind) && evidence.length === 0,
    );
    expect(bare).toEqual([]);
  });
});
