import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/kubernetes/index.ts';
import { collectorContract } from '../../contract/collector-contract.ts';
import { declare, declaredCase } from '../declared.ts';

const account = (name: string) =>
  `apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: ${name}, namespace: shop }\n`;
const binding = (kind: string, role: string, roleKind: string, subject: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: b, namespace: shop }\n` +
  `roleRef: { kind: ${roleKind}, name: ${role} }\nsubjects: [${subject}]\n`;
const role = (kind: string, rules: string) =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: ${kind}\nmetadata: { name: custom, namespace: shop }\nrules: ${rules}\n`;
const SUBJECT = '{ kind: ServiceAccount, name: app, namespace: shop }';

describe('kubernetes', () => {
  it('sniffs manifests among other YAML', () => {
    expect(collector.sniff?.(Buffer.from(account('a')))).toBe(true);
    expect(collector.sniff?.(Buffer.from('{"apiVersion": "v1",\n"kind": "Pod"}'))).toBe(true);
    expect(collector.sniff?.(Buffer.from('version: 2\nkind: other'))).toBe(false);
  });

  it('joins account, binding and role over files', async () => {
    const { facts, named } = await declare(collector, {
      'a.yaml': account('app'),
      'b.yaml': binding('ClusterRoleBinding', 'cluster-admin', 'ClusterRole', SUBJECT),
    });
    expect(facts('shop/app')).toMatchObject({ clusterAdmin: true, privilegeTier: 0, resourceScope: 'all' });
    expect(named('shop/app').id).toBe('kubernetes:acme/shop:shop:app');
    expect(named('shop/app').grants).toMatchObject([
      { permission: '* *', resource: 'cluster', tier: 0 },
      { permission: '* *', resource: 'cluster', tier: 3 },
    ]);
  });

  it.each([
    [
      'secrets in a namespace',
      'Role',
      '[{ apiGroups: [""], verbs: [get], resources: [secrets] }]',
      { readsSecrets: true, privilegeTier: 2 },
    ],
    [
      'pods only',
      'Role',
      '[{ apiGroups: [""], verbs: [get, list], resources: [pods] }]',
      { readsSecrets: false, privilegeTier: 3 },
    ],
    [
      'every verb',
      'Role',
      '[{ apiGroups: [""], verbs: ["*"], resources: [configmaps] }]',
      { wildcardVerbs: true, clusterAdmin: false },
    ],
    [
      'exec',
      'Role',
      '[{ apiGroups: [""], verbs: [create], resources: [pods/exec] }]',
      { lateralActions: ['create pods/exec'], privilegeTier: 2 },
    ],
    [
      'bind',
      'Role',
      '[{ apiGroups: [rbac.authorization.k8s.io], verbs: [bind], resources: [roles] }]',
      { escalationVerbs: ['bind'] },
    ],
    [
      'one named secret',
      'Role',
      '[{ apiGroups: [""], verbs: [get], resources: [secrets], resourceNames: [tls] }]',
      { readsSecrets: false, credentialActions: ['get secrets [tls]'], privilegeTier: 2 },
    ],
    [
      'everything of an operator',
      'ClusterRole',
      '[{ apiGroups: [argoproj.io], verbs: ["*"], resources: ["*"] }]',
      { clusterAdmin: false, wildcardVerbs: false, wildcardServices: ['argoproj.io'], privilegeTier: 2 },
    ],
    ['a rule without a group, which a server refuses', 'Role', '[{ verbs: [get], resources: [secrets] }]', {}],
    [
      'minting tokens',
      'Role',
      '[{ apiGroups: [""], verbs: [create], resources: [serviceaccounts/token] }]',
      { escalationVerbs: ['create serviceaccounts/token'] },
    ],
  ])('reads a role with %s', async (_, kind, rules, expected) => {
    const text = [account('app'), role(kind, rules), binding('RoleBinding', 'custom', kind, SUBJECT)].join('---\n');
    expect((await declare(collector, { 'x.yaml': text })).facts('shop/app')).toMatchObject(expected);
  });

  it('does not say "reads no secrets" of a role that no file shows', async () => {
    const text = [account('app'), binding('RoleBinding', 'elsewhere', 'Role', SUBJECT)].join('---\n');
    expect((await declare(collector, { 'x.yaml': text })).facts('shop/app')).not.toHaveProperty('readsSecrets');
  });

  it('takes groups that stand for everybody as an identity', async () => {
    const text = binding(
      'ClusterRoleBinding',
      'view',
      'ClusterRole',
      '{ kind: Group, name: "system:unauthenticated" }',
    );
    const { facts } = await declare(collector, { 'x.yaml': text });
    expect(facts('system:unauthenticated')).toMatchObject({ subjectGroup: 'system:unauthenticated', privilegeTier: 3 });
  });

  it('says which account a workload uses', async () => {
    const pod = 'spec: { serviceAccountName: app, containers: [] }';
    const { edges } = await declare(collector, {
      'deploy.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web, namespace: shop }\nspec: { template: { ${pod} } }`,
      'cron.yaml':
        'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: nightly }\nspec: { jobTemplate: { spec: { template: { spec: {} } } } }',
      'list.json': JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: {} }],
      }),
    });
    expect(edges.map((edge) => [edge.from.split(':').at(-1), edge.toKey.value])).toEqual([
      ['Deployment/web', 'shop:app'],
      ['CronJob/nightly', ':default'],
      ['Pod/p', ':default'],
    ]);
  });

  it('marks token secrets that never expire, and cloud roles of an account', async () => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: t, namespace: shop, annotations: { kubernetes.io/service-account.name: app } }
type: kubernetes.io/service-account-token
---
apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: app, namespace: shop, annotations: { eks.amazonaws.com/role-arn: "arn:aws:iam::210987654321:role/app" } }\n`;
    const { facts, edges } = await declare(collector, { 'x.yaml': text });
    expect(facts('shop/t')).toMatchObject({ secretType: 'kubernetes.io/service-account-token', expiresAt: 'never' });
    expect(edges).toMatchObject([
      { kind: 'can-assume', toKey: { kind: 'aws-arn', value: 'arn:aws:iam::210987654321:role/app' } },
      { kind: 'has-credential', toKey: { value: 'shop:app' }, reversed: true },
    ]);
  });

  it.each([
    'op://vault/item/password',
    'ref+vault://kv/app#/password',
    'vault:secret/data/app#PASSWORD',
    '>>vault:secret/x#K',
  ])('takes %s in a secret for a reference to a secret manager', async (value) => {
    const text = `apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: shop }\nstringData: { token: "${value}" }\n`;
    expect((await declare(collector, { 's.yaml': text })).facts('shop/s')).toMatchObject({ literalData: false });
  });

  it('joins an account that a chart names as a user, and values by way of the root', async () => {
    const { named } = await declare(collector, {
      'chart/Chart.yaml': 'name: shop\n',
      'chart/values.yaml': 'account: { name: app }\n',
      'chart/templates/all.yaml': `apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $.Values.account.name }}
  namespace: {{ .Release.Namespace }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ .Values.account.name }}-access
subjects:
- kind: User
  name: system:serviceaccount:{{ .Release.Namespace }}:{{ .Values.account.name }}
roleRef:
  kind: ClusterRole
  name: cluster-admin
`,
    });
    expect(named('app').attributes).toMatchObject({ privilegeTier: { value: 0 }, clusterAdmin: { value: true } });
    expect(named('app').attributes).not.toHaveProperty('undeclared');
  });

  it('reads an unrendered chart as far as it is YAML, and skips it where it is not', async () => {
    const chart = `apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ .Values.name }}\n{{- if .x }}\n  namespace: shop\n{{- end }}\n`;
    expect((await declare(collector, { 'c.yaml': chart })).identities).toHaveLength(1);
    const broken = 'apiVersion: v1\nkind: Pod\nmetadata: [{{ if a }}';
    expect(await declare(collector, { 'c.yaml': broken })).toMatchObject({ gaps: [], skips: ['c.yaml'] });
  });

  it('makes a gap of a broken manifest and of an alias bomb', async () => {
    expect((await declare(collector, { 'x.yaml': 'apiVersion: v1\nkind: [' })).gaps[0]).toMatch(/^x\.yaml:\d+: /);
    const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n},`.repeat(9)}]`).join('\n');
    const bomb = `apiVersion: v1\nkind: Pod\nl0: &l0 [x]\n${levels}\n`;
    expect((await declare(collector, { 'x.yaml': bomb })).gaps[0]).toMatch(/alias/i);
  });
});

const STORED = Buffer.from('a value of a secret').toString('base64');

collectorContract(collector, [
  declaredCase(
    'accounts, a role, a secret and a broken file',
    {
      'a.yaml': `${account('app')}---\n${binding('RoleBinding', 'custom', 'Role', SUBJECT)}`,
      'b.yaml': role('Role', '[{ apiGroups: [""], resources: [secrets], verbs: ["*"] }]'),
      'c.yaml': `apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: shop }\ndata: { token: ${STORED} }\n`,
      'd.yaml': 'apiVersion: v1\nkind: [',
    },
    { identities: 1, secrets: [STORED] },
  ),
]);
