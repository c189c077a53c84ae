import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/kubeconfig/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';
import { makeCertificate } from './shared/make-certificate.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
const jwt = (claims: object): string => [part({ alg: 'RS256' }), part(claims), 'c2lnbmF0dXJl'].join('.');

const ADMIN = makeCertificate({
  subject: [
    ['O', 'system:masters'],
    ['CN', 'kubernetes-admin'],
  ],
  usages: ['client'],
  notBefore: '2026-06-01T00:00:00Z',
  notAfter: '2027-06-01T00:00:00Z',
});

/** A kubeconfig as `kubectl config view --raw` prints it. */
function kubeconfig(user: string, { server = 'https://k8s.acme.io:6443', cluster = 'acme', more = '' } = {}): string {
  return `apiVersion: v1
kind: Config
current-context: me@${cluster}
clusters:
- name: ${cluster}
  cluster:
    server: ${server}
${more}
contexts:
- name: me@${cluster}
  context: {cluster: ${cluster}, user: me, namespace: default}
users:
- name: me
  user:
${user.replace(/^/gm, '    ')}
`;
}

const facts = async (user: string, options = {}) =>
  (await declare(collector, { '.kube/config': kubeconfig(user, options) })).facts('me');
const CERTIFICATE = `client-certificate-data: ${base64(ADMIN.pem)}\nclient-key-data: ${base64(ADMIN.key)}`;
const EXEC = 'exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: aws\n  args: [eks, get-token]';
const OLD_TOKEN = jwt({ iss: 'kubernetes/serviceaccount', sub: 'system:serviceaccount:shop:deployer' });

describe('kubeconfig', () => {
  it.each([
    ['.kube/config', true],
    ['deploy/kubeconfig.yaml', true],
    ['kubeconfig-prod', true],
    ['etc/kubernetes/admin.conf', true],
    ['.kube/config.example', true],
    ['nginx.conf', false],
    ['config', false],
  ])('accepts %s: %s', (path, accepted) => {
    expect(collector.accepts(path)).toBe(accepted);
  });

  it('looks only at configurations of clients', () => {
    expect(collector.sniff?.(Buffer.from(kubeconfig(EXEC)))).toBe(true);
    expect(collector.sniff?.(Buffer.from('kind: ConfigMap\nusers: []\nclusters: []'))).toBe(false);
  });

  it('reads a client certificate: groups, end, life, power and keys', async () => {
    const { named, facts: factsOf } = await declare(collector, { 'kubeconfig.yaml': kubeconfig(CERTIFICATE) });
    expect(factsOf('me')).toEqual({
      authMethod: 'certificate',
      literal: true,
      storage: 'plaintext_file',
      groups: ['system:masters'],
      expiresAt: '2027-06-01T00:00:00.000Z',
      lifetimeDays: 365,
      privilegeTier: 0,
      tierReasons: ['client certificate with O=system:masters (kubeconfig.yaml:13)'],
      tlsVerified: true,
      plainHttp: false,
    });
    expect(named('me')).toMatchObject({ id: 'kubeconfig:acme/shop:kubeconfig.yaml#me', account: 'acme' });
    expect(named('me').keys).toEqual([
      { kind: 'certificate-thumbprint', value: ADMIN.thumbprint },
      { kind: 'public-key-fingerprint', value: ADMIN.fingerprint },
      { kind: 'declared-value', value: expect.stringMatching(/^acme\/shop:kubeconfig\.yaml:16:22-16:\d+$/) as string },
      { kind: 'host', value: 'k8s.acme.io' },
      { kind: 'kubeconfig-user', value: 'me@k8s.acme.io' },
    ]);
  });

  it('reads the claims of a service account token', async () => {
    const { named, facts: factsOf } = await declare(collector, { '.kube/config': kubeconfig(`token: ${OLD_TOKEN}`) });
    expect(factsOf('me')).toMatchObject({ authMethod: 'static_secret', literal: true, expiresAt: 'never' });
    expect(named('me').keys).toContainEqual({ kind: 'kubernetes-service-account', value: 'shop:deployer' });
    const bound = jwt({ sub: 'system:serviceaccount:shop:deployer', exp: 1_800_000_000 });
    expect((await facts(`token: ${bound}`))['expiresAt']).toBe('2027-01-15T08:00:00.000Z');
    expect(await facts('token: abcdef.0123456789abcdef')).not.toHaveProperty('expiresAt');
  });

  it.each([
    ['a program', EXEC, { authMethod: 'command', literal: false }],
    ['a file of a token', 'tokenFile: /var/run/token', { authMethod: 'static_secret', literal: false }],
    ['a variable', 'token: ${TOKEN}', { authMethod: 'static_secret', literal: false }],
    ['paths', 'client-certificate: a.crt\nclient-key: a.key', { authMethod: 'certificate', literal: false }],
    ['a password', 'username: admin\npassword: Aq7kLm2x', { authMethod: 'password', literal: true }],
    ['a provider', 'auth-provider: {name: oidc, config: {client-id: x}}', { authMethod: 'federated_oidc' }],
    [
      'a refresh token',
      'auth-provider: {name: oidc, config: {refresh-token: Aq7kLm2x}}',
      { authMethod: 'oauth_refresh', literal: true },
    ],
  ])('knows a login by %s', async (_, user, expected) => {
    expect(await facts(user)).toMatchObject(expected);
  });

  it('says nothing of a filler', async () => {
    const { skips } = await declare(collector, { 'kubeconfig.sample.yaml': kubeconfig('token: abc') });
    expect(skips).toEqual(['kubeconfig.sample.yaml']);
    expect(await facts('token: <your token>')).not.toHaveProperty('literal');
  });

  it('reads the connection of each context, and the environment from its names', async () => {
    const options = {
      server: 'http://10.1.2.3:8080',
      cluster: 'eu-prod-1',
      more: '    insecure-skip-tls-verify: true',
    };
    expect(await facts(EXEC, options)).toMatchObject({
      plainHttp: true,
      tlsVerified: false,
      environment: 'production',
    });
    expect(await facts(EXEC, { server: 'http://localhost:8080' })).toMatchObject({ plainHttp: false });
  });

  it('makes a gap of a certificate that cannot be read, and keeps the user', async () => {
    const { gaps, identities } = await declare(collector, {
      '.kube/config': kubeconfig(`client-certificate-data: ${base64('no certificate')}\nclient-key-data: QUJDREVGR0g=`),
    });
    expect(gaps).toEqual(['.kube/config:13: user me: the client certificate is no PEM text in base64']);
    expect(identities).toHaveLength(1);
  });

  it('reads what stands beside a malformed document', async () => {
    const text = `${kubeconfig(EXEC)}\n---\nusers: [\n`;
    const { gaps, identities } = await declare(collector, { '.kube/config': text });
    expect([gaps.length, identities.length]).toEqual([1, 1]);
  });
});

describe('rules about kubeconfig', () => {
  it.each([
    ['certificate-cluster-administrator', CERTIFICATE, {}],
    ['kubeconfig-client-key', CERTIFICATE, {}],
    ['kubeconfig-static-token', `token: ${OLD_TOKEN}`, {}],
    ['kubeconfig-token-never-expires', `token: ${OLD_TOKEN}`, {}],
    ['kubeconfig-password', 'username: admin\npassword: Aq7kLm2x', {}],
    ['kubeconfig-production-credential', 'token: Aq7kLm2xQw9', { cluster: 'prod-eu' }],
    ['client-tls-unverified', EXEC, { more: '    insecure-skip-tls-verify: true' }],
    ['client-plain-http', EXEC, { server: 'http://k8s.acme.io' }],
  ])('%s fires', async (rule, user, options) => {
    expect(await firedRules(collector, { '.kube/config': kubeconfig(user, options) })).toContain(`${rule}: me`);
  });

  it('kubeconfig-certificate-long fires', async () => {
    const long = makeCertificate({ subject: [['CN', 'x']], notAfter: '2036-10-01T00:00:00Z' });
    const user = `client-certificate-data: ${base64(long.pem)}\nclient-key: x.key`;
    expect(await firedRules(collector, { '.kube/config': kubeconfig(user) })).toEqual([
      'kubeconfig-certificate-long: me',
    ]);
  });

  it('all stay silent about a login by a program', async () => {
    expect(await firedRules(collector, { '.kube/config': kubeconfig(EXEC, { cluster: 'prod' }) })).toEqual([]);
  });
});

collectorContract(collector, [
  declaredCase(
    'a certificate, a token',
    { '.kube/config': kubeconfig(CERTIFICATE), kubeconfig: kubeconfig('token: Aq7kLm2xQw9') },
    { identities: 2, secrets: ['Aq7kLm2xQw9', base64(ADMIN.key)] },
  ),
  declaredCase('malformed', { '.kube/config': 'kind: Config\nusers: [{name: [1]}, 2]\nclusters: 3\ncontexts: [x]' }),
]);
