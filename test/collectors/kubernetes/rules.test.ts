import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/kubernetes/index.ts';
import join from '../../../src/correlate/joins/kubernetes-accounts.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/model/thresholds.ts';
import { evaluatePosture } from '../../../src/posture/evaluate.ts';
import { operators } from '../../../src/posture/operators/index.generated.ts';
import { builtIn } from '../../rules/built-in.ts';
import { declare } from '../declared.ts';
import { failedRules } from '../judged.ts';

const RBAC = 'apiVersion: rbac.authorization.k8s.io/v1\n';
const CORE = 'apiVersion: v1\n';
/** A cluster role with one rule, and an account that has it in the whole cluster. */
const cluster = (rules: string): string =>
  `${RBAC}kind: ClusterRole\nmetadata: { name: app }\nrules: [${rules}]\n---\n${RBAC}kind: ClusterRoleBinding\nmetadata: { name: app }\n` +
  `roleRef: { kind: ClusterRole, name: app }\nsubjects: [{ kind: ServiceAccount, name: app, namespace: shop }]\n---\n` +
  `${CORE}kind: ServiceAccount\nmetadata: { name: app, namespace: shop }\nautomountServiceAccountToken: false\n`;
/** The same in one namespace. */
const inNamespace = (rules: string): string =>
  cluster(rules)
    .replace('kind: ClusterRole\nmetadata: { name: app }', 'kind: Role\nmetadata: { name: app, namespace: shop }')
    .replace(
      'kind: ClusterRoleBinding\nmetadata: { name: app }',
      'kind: RoleBinding\nmetadata: { name: app, namespace: shop }',
    )
    .replace('{ kind: ClusterRole, name', '{ kind: Role, name');
const rule = (group: string, resources: string, verbs: string, more = ''): string =>
  `{ apiGroups: ["${group}"], resources: [${resources}], verbs: [${verbs}]${more} }`;
const pod = (spec: string): string =>
  `${CORE}kind: Pod\nmetadata: { name: web, namespace: shop }\nspec: { automountServiceAccountToken: false, serviceAccountName: app, ${spec} }\n---\n` +
  `${CORE}kind: ServiceAccount\nmetadata: { name: app, namespace: shop }\nautomountServiceAccountToken: false\n`;
const bound = (kind: string, name: string, role = 'cluster-admin'): string =>
  `${RBAC}kind: ClusterRoleBinding\nmetadata: { name: b }\nroleRef: { kind: ClusterRole, name: ${role} }\nsubjects: [{ kind: ${kind}, name: "${name}" }]\n`;
const rulesOf = (text: string): Promise<readonly string[]> => failedRules(collector, { 'a.yaml': text });

const CERTIFICATES = 'certificates.k8s.io';
const RBAC_GROUP = 'rbac.authorization.k8s.io';

describe('rules about Kubernetes fire on', () => {
  it.each<[rule: string, text: string]>([
    ['kubernetes-exec-pods', cluster(rule('', 'pods/exec', 'create'))],
    ['kubernetes-exec-pods', inNamespace(rule('', 'pods/attach', 'get'))],
    ['kubernetes-ephemeral-containers', cluster(rule('', 'pods/ephemeralcontainers', 'patch'))],
    ['kubernetes-port-forward', cluster(rule('', '"*/portforward"', 'create'))],
    ['kubernetes-nodes-proxy', cluster(rule('', 'nodes/proxy', 'get'))],
    ['kubernetes-create-workloads', cluster(rule('apps', 'deployments', 'update'))],
    ['kubernetes-create-workloads-namespace', inNamespace(rule('batch', 'cronjobs', '"*"'))],
    ['kubernetes-mint-tokens', inNamespace(rule('', 'serviceaccounts/token', 'create'))],
    ['kubernetes-create-token-secrets', inNamespace(rule('', 'secrets', 'create, get'))],
    ['kubernetes-admission-control', cluster(rule('admissionregistration.k8s.io', '"*"', 'patch'))],
    ['kubernetes-api-services', cluster(rule('apiregistration.k8s.io', 'apiservices', 'create'))],
    ['kubernetes-persistent-volumes', cluster(rule('', 'persistentvolumes', 'create'))],
    ['kubernetes-aws-auth', cluster(rule('', 'configmaps', 'patch', ', resourceNames: [aws-auth]'))],
    ['kubernetes-change-permissions', inNamespace(rule(RBAC_GROUP, 'rolebindings', 'create'))],
    ['kubernetes-service-status', cluster(rule('', 'services/status', 'patch'))],
    [
      'kubernetes-approve-certificates',
      cluster(`${rule(CERTIFICATES, '"*/approval"', 'update')}, ${rule(CERTIFICATES, 'signers', 'approve')}`),
    ],
    ['kubernetes-escalation-verbs', cluster(rule('', 'groups', 'impersonate'))],
    ['kubernetes-escalation-verbs', inNamespace(rule('*', 'roles', '"*"'))],
    ['kubernetes-reads-secrets', cluster(rule('', 'secrets', 'watch'))],
    ['kubernetes-wildcard-permissions', cluster(rule('*', 'configmaps', 'get'))],
    ['kubernetes-cluster-admin', bound('User', 'jane')],
    ['kubernetes-cluster-admin', bound('Group', 'ops')],
    ['kubernetes-cluster-admin', bound('User', 'system:serviceaccount:shop:app')],
    ['kubernetes-everyone-bound', bound('Group', 'system:authenticated', 'edit')],
    ['kubernetes-anonymous-bound', bound('User', 'system:anonymous', 'view')],
    [
      'kubernetes-default-account-grants',
      cluster(rule('', 'secrets', 'get')).replaceAll('name: app, n', 'name: default, n'),
    ],
    ['kubernetes-default-account-token', `${CORE}kind: ServiceAccount\nmetadata: { name: default, namespace: shop }\n`],
    ['kubernetes-default-account-used', `${CORE}kind: Pod\nmetadata: { name: web }\nspec: { containers: [] }\n`],
    ['kubernetes-token-mounted', `${CORE}kind: Pod\nmetadata: { name: web }\nspec: { serviceAccountName: app }\n`],
    [
      'kubernetes-missing-account',
      `${cluster(rule('', 'secrets', 'get')).replace('name: app, namespace: shop }]', 'name: gone, namespace: shop }]')}`,
    ],
    [
      'kubernetes-secret-in-environment',
      pod('containers: [{ env: [{ name: A, valueFrom: { secretKeyRef: { name: db, key: k } } }] }]'),
    ],
    ['kubernetes-secret-in-environment', pod('initContainers: [{ envFrom: [{ secretRef: { name: db } }] }]')],
    ['kubernetes-node-credentials', pod('volumes: [{ name: v, hostPath: { path: /var/lib/kubelet/pods } }]')],
    ['kubernetes-node-credentials', pod('containers: [{ securityContext: { privileged: true } }]')],
    [
      'kubernetes-long-lived-token',
      pod(
        'volumes: [{ projected: { sources: [{ serviceAccountToken: { audience: vault, expirationSeconds: 604800 } }] } }]',
      ),
    ],
    [
      'kubernetes-unbound-role',
      `${RBAC}kind: ClusterRole\nmetadata: { name: r }\nrules: [${rule('*', '"*"', '"*"')}]\n`,
    ],
    [
      'kubernetes-cluster-admin',
      `${RBAC}kind: ClusterRole\nmetadata: { name: r }\nrules: [${rule('*', '"*"', '"*"')}]\n`,
    ],
  ])('%s', async (id, text) => {
    expect(await rulesOf(text)).toContain(id);
  });

  it('kubernetes-orphan-account and kubernetes-shared-account, with the workloads that use an account', async () => {
    const job = (name: string): string => `---\n${pod('containers: []').replace('name: web', `name: ${name}`)}`;
    expect(await joinedRules(`${cluster(rule('', 'secrets', 'get'))}${job('a')}${job('b')}`)).toContain(
      'kubernetes-shared-account',
    );
    const other = job('a').replace('serviceAccountName: app', 'serviceAccountName: other');
    expect(await joinedRules(`${cluster(rule('', 'secrets', 'get'))}${other}`)).toContain('kubernetes-orphan-account');
  });
});

async function joinedRules(text: string): Promise<readonly string[]> {
  const { identities, edges } = await declare(collector, { 'a.yaml': text });
  const { attributes } = join.join({ identities, pending: edges } as unknown as Parameters<typeof join.join>[0]);
  const joined = identities.map((identity) => {
    return { ...identity, attributes: { ...identity.attributes, ...attributes?.get(identity.id) } };
  });
  const context = { now: new Date('2026-11-22T00:00:00Z'), thresholds: DEFAULT_THRESHOLDS };
  return evaluatePosture(builtIn.posture, joined, operators, context).failures.map((failure) => failure.rule.id);
}

describe('rules about Kubernetes are silent on', () => {
  it.each([
    ['one named secret', inNamespace(rule('', 'secrets', 'get, list', ', resourceNames: [tls]'))],
    ['named roles to bind', cluster(rule(RBAC_GROUP, 'clusterroles', 'bind', ', resourceNames: [view]'))],
    [
      'making objects by name, which a server refuses',
      inNamespace(rule('', 'secrets', 'create', ', resourceNames: [a]')),
    ],
    ['everything of an operator', cluster(rule('argoproj.io', '"*"', '"*"'))],
    [
      'the own webhook',
      cluster(rule('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'patch', ', resourceNames: [a]')),
    ],
    [
      'approval of one kind of certificate',
      cluster(
        `${rule(CERTIFICATES, 'certificatesigningrequests/approval', 'update')}, ${rule(CERTIFICATES, 'signers', 'approve', ', resourceNames: [kubernetes.io/kubelet-serving]')}`,
      ),
    ],
    [
      'nodes/proxy in a namespace, where there are no nodes',
      inNamespace(rule('', 'nodes/proxy, persistentvolumes', 'get, create')),
    ],
    [
      'leases, events and reviews',
      cluster(
        `${rule('coordination.k8s.io', 'leases', '"*"').replace('"*"', 'create, update')}, ${rule('authentication.k8s.io', 'tokenreviews', 'create')}`,
      ),
    ],
    ['the discovery that everybody has', bound('Group', 'system:unauthenticated', '"system:public-info-viewer"')],
    [
      'a pod that needs no token',
      pod(
        'containers: [{ volumeMounts: [] }], volumes: [{ secret: { secretName: db } }, { hostPath: { path: /data } }]',
      ),
    ],
  ])('%s', async (_, text) => {
    expect(await rulesOf(text)).toEqual([]);
  });
});
