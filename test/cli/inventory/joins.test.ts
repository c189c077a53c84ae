import { execFileSync } from 'node:child_process';
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expandPlaceholders, makeCompany } from '../../../src/build/demo.ts';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import { ROOT, sampleToken } from '../run-bowerbird.ts';
import { runBowerbird } from '../run-either.ts';

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

const make = (template: string): string => expandTemplate(template, `joins/${template}`);
const jwt = (claims: object): string =>
  [{ alg: 'RS256', typ: 'JWT' }, claims, make('{base62:86}')]
    .map((part) => (typeof part === 'string' ? part : Buffer.from(JSON.stringify(part)).toString('base64url')))
    .join('.');

const TOKEN = sampleToken('joins');
const FINE = make('{github-fine-grained:github_pat_}');
const DEPLOY = generateKeyPairSync('ed25519');
const APP = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const lines = (...parts: readonly string[]): string => `${parts.join('\n')}\n`;

/** The public half as GitHub lists it: length, name and key, each with its length (RFC 8709). */
function sshKey(key: KeyObject): string {
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(-32);
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]).toString('base64')}`;
}

/** One join key of the model: a file with a secret, and the node that it must lead to. */
interface Row {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  /** More files of the repository. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly node: string;
  readonly confidence: 'proven' | 'strong' | 'inferred';
}

const GUID = 'aaaaaaaa-0000-4000-8000-00000000000';
const GCP = 'deployer@shop-prod.iam.gserviceaccount.com';

const ROWS: readonly Row[] = [
  {
    title: 'AWS key id: the user of the account',
    file: 'aws-id.env',
    text: lines(
      'AWS_ACCESS_KEY_ID=%{deploy-bot-key|{aws-key-id:AKIA:210987654321}}%',
      `AWS_SECRET_ACCESS_KEY=${make('{base64:40}')}`,
    ),
    node: 'arn:aws:iam::210987654321:user/deploy-bot',
    confidence: 'proven',
  },
  {
    title: 'AWS secret: by the key id in the same section of a file',
    file: 'aws-alone.ini',
    text: lines(
      '[bot]',
      'region = eu-west-1',
      'id = %{deploy-bot-key|{aws-key-id:AKIA:210987654321}}%',
      '',
      `aws_secret_access_key = ${make('{base64:40}')}`,
    ),
    node: 'arn:aws:iam::210987654321:user/deploy-bot',
    confidence: 'proven',
  },
  {
    title: 'GitHub classic token: by its last eight characters',
    file: 'classic.env',
    text: `GITHUB_TOKEN=${TOKEN}\n`,
    node: 'github:authorised-credential:acme:601',
    confidence: 'strong',
  },
  {
    title: 'GitHub fine-grained token: by its hash in the audit log',
    file: 'fine.env',
    text: `GITHUB_TOKEN=${FINE}\n`,
    node: 'github:pat:acme:501',
    confidence: 'proven',
  },
  {
    title: 'GitHub App key: by the app id beside it',
    file: 'app.env',
    text: lines('GITHUB_APP_ID=131', `GITHUB_APP_PRIVATE_KEY="${pem(APP.privateKey).trim()}"`),
    node: 'github:app-installation:acme:shipper',
    confidence: 'strong',
  },
  {
    title: 'SSH private key: the deploy key with its fingerprint',
    file: 'mirror_key',
    text: pem(DEPLOY.privateKey),
    node: 'github:deploy-key:acme/shop:4712',
    confidence: 'proven',
  },
  {
    title: 'GCP service account file: key, account and project',
    file: 'gcp.json',
    text: `{"type": "service_account", "project_id": "shop-prod", "private_key_id": "${make('{hex:40}')}", "private_key": "${make('{pem-line:pkcs8}')}\\n", "client_email": "${GCP}"}\n`,
    node: `gcp:service-account:${GCP}`,
    confidence: 'proven',
  },
  {
    title: 'Azure client secret: the application by its client id',
    file: 'azure.env',
    text: lines(
      `AZURE_CLIENT_ID=${GUID}1`,
      `AZURE_TENANT_ID=${GUID}2`,
      `AZURE_CLIENT_SECRET=${make('{base62:3}8Q~{base62:34}')}`,
    ),
    node: `azure:application:${GUID}1`,
    confidence: 'strong',
  },
  {
    title: 'Azure shared access signature: who delegated it',
    file: 'sas.txt',
    text: `https://acme.blob.core.windows.net/b?sv=2022-11-02&sr=c&sp=rw&skoid=${GUID}3&sktid=${GUID}2&se=2030-01-01&sig=${encodeURIComponent(`${make('{base64:43}')}=`)}\n`,
    node: `azure:object:${GUID}3`,
    confidence: 'proven',
  },
  {
    title: 'Kubernetes token: the account that a manifest declares',
    file: 'kube.token',
    text: `token: ${jwt({ iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:shop:ci' })}\n`,
    beside: {
      'k8s/account.yaml': lines(
        'apiVersion: v1',
        'kind: ServiceAccount',
        'metadata:',
        '  name: ci',
        '  namespace: shop',
      ),
    },
    node: 'kubernetes:acme/joins:shop:ci',
    confidence: 'strong',
  },
  {
    title: 'any JWT: issuer and client',
    file: 'jwt.txt',
    text: `token: ${jwt({ iss: 'https://id.acme.example', sub: 'svc', client_id: 'billing' })}\n`,
    node: 'jwt:https://id.acme.example|billing',
    confidence: 'strong',
  },
  {
    title: 'Slack webhook: workspace and app',
    file: 'slack.txt',
    text: `https://hooks.slack.com/services/T0ACME0001/B0ACME0002/${make('{base62:24}')}\n`,
    node: 'slack:app:T0ACME0001:B0ACME0002',
    confidence: 'proven',
  },
  {
    title: 'registry login: the user at its host',
    file: 'config.json',
    text: `{"auths": {"registry.acme.example": {"auth": "${Buffer.from(`robot:${make('{base62:24}')}`).toString('base64')}"}}}\n`,
    node: 'account:registry.acme.example:robot',
    confidence: 'strong',
  },
  {
    title: 'alert of secret scanning: the secret at its place',
    file: 'alert.env',
    text: `STRIPE_KEY=${make('sk_live_{base62:24}')}\n`,
    node: 'github:alert:acme/joins:9',
    confidence: 'strong',
  },
  {
    title: 'database address: the role at its host',
    file: 'db.env',
    text: `DATABASE_URL=postgres://billing:${make('{base62:20}')}@db.acme.internal:5432/shop\n`,
    node: 'database:db.acme.internal:billing',
    confidence: 'strong',
  },
];

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
