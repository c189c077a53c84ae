import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expandTemplate } from '../../../src/lib/template/expand.ts';
import { makeCertificate } from '../../collectors/shared/make-certificate.ts';
import { sampleToken } from '../run-bowerbird.ts';
import { STATE_ROWS } from './state-rows.ts';

export const make = (template: string): string => expandTemplate(template, `joins/${template}`);
const jwt = (claims: object): string =>
  [{ alg: 'RS256', typ: 'JWT' }, claims, make('{base62:86}')]
    .map((part) => (typeof part === 'string' ? part : Buffer.from(JSON.stringify(part)).toString('base64url')))
    .join('.');

export const TOKEN = sampleToken('joins');
export const FINE = make('{github-fine-grained:github_pat_}');
export const DEPLOY = generateKeyPairSync('ed25519');
const APP = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const lines = (...parts: readonly string[]): string => `${parts.join('\n')}\n`;

/** The public half as GitHub lists it: length, name and key, each with its length (RFC 8709). */
export function sshKey(key: KeyObject): string {
  const raw = key.export({ type: 'spki', format: 'der' }).subarray(-32);
  const part = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  return `ssh-ed25519 ${Buffer.concat([part(Buffer.from('ssh-ed25519')), part(raw)]).toString('base64')}`;
}

/** One join key of the model: a file with a secret, and the node that it must lead to. */
export interface Row {
  readonly title: string;
  readonly file: string;
  readonly text: string;
  /** More files of the repository. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly node: string;
  readonly confidence: 'proven' | 'strong' | 'inferred';
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const SERVER = makeCertificate({ subject: [['CN', 'shop.acme.io']], hosts: ['shop.acme.io'] });
const CLIENT = makeCertificate({ subject: [['CN', 'admin']], usages: ['client'] });
const LOGIN = makeCertificate({ subject: [['CN', 'shop-api']] });
const GUID = 'aaaaaaaa-0000-4000-8000-00000000000';
const GCP = 'deployer@shop-prod.iam.gserviceaccount.com';

export const ROWS: readonly Row[] = [
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
  {
    title: 'private key: the certificate with its public half',
    file: 'tls/server.key',
    text: SERVER.key,
    beside: { 'tls/server.crt': SERVER.pem },
    node: `certificate:${SERVER.thumbprint}`,
    confidence: 'proven',
  },
  {
    title: 'key of a kubeconfig: the user of the cluster',
    file: 'kubeconfig-acme.yaml',
    text: lines(
      'apiVersion: v1',
      'kind: Config',
      'clusters:',
      '- {name: acme, cluster: {server: "https://k8s.acme.io:6443"}}',
      'contexts:',
      '- {name: acme, context: {cluster: acme, user: admin}}',
      'users:',
      '- name: admin',
      '  user:',
      `    client-certificate-data: ${base64(CLIENT.pem)}`,
      `    client-key-data: ${base64(CLIENT.key)}`,
    ),
    node: 'kubeconfig:acme/joins:kubeconfig-acme.yaml#admin',
    confidence: 'proven',
  },
  {
    title: 'private key: the Entra application that lists its certificate by the thumbprint',
    file: 'entra/login.key',
    text: LOGIN.key,
    beside: {
      'entra/login.crt': LOGIN.pem,
      'entra/manifest.json': JSON.stringify({
        appId: `${GUID}6`,
        displayName: 'shop-api',
        requiredResourceAccess: [],
        keyCredentials: [
          {
            customKeyIdentifier: Buffer.from(LOGIN.thumbprint, 'hex').toString('base64'),
            keyId: `${GUID}7`,
            type: 'AsymmetricX509Cert',
            usage: 'Verify',
          },
        ],
      }),
    },
    node: `azure:application:${GUID}6`,
    confidence: 'proven',
  },
  ...STATE_ROWS,
];
