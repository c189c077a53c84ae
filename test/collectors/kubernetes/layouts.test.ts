import { describe, expect, it } from 'vitest';
import collector from '../../../src/collectors/kubernetes/index.ts';
import { itRarely } from '../../it-rarely.ts';
import { declare } from '../declared.ts';

const RBAC = 'apiVersion: rbac.authorization.k8s.io/v1\n';
const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: app }\n';
const BINDING = `${RBAC}kind: ClusterRoleBinding\nmetadata: { name: app }\nroleRef: { kind: ClusterRole, name: cluster-admin }\n`;
const DEPLOYMENT =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { serviceAccountName: app } } }\n';
const idsOf = async (files: Readonly<Record<string, string>>) =>
  (await declare(collector, files)).identities.map(({ id }) => id.slice('kubernetes:acme/shop:'.length)).sort();

describe('namespaces', () => {
  it('are unknown where nothing names them', async () => {
    expect(await idsOf({ 'a.yaml': ACCOUNT, 'b.yaml': DEPLOYMENT })).toEqual([':Deployment/web', ':app']);
  });

  it('come from the binding that names the account', async () => {
    const binding = `${BINDING}subjects: [{ kind: ServiceAccount, name: app, namespace: argocd }]\n`;
    const files = { 'base/a.yaml': ACCOUNT, 'base/b.yaml': DEPLOYMENT, 'cluster/c.yaml': binding };
    expect(await idsOf(files)).toEqual(['*:binding/app', 'argocd:Deployment/web', 'argocd:app']);
    expect((await declare(collector, files)).facts('argocd/app')).toMatchObject({
      clusterAdmin: true,
      privilegeTier: 0,
    });
  });

  it('come from kustomize, one copy for each overlay, with prefixes in references', async () => {
    const files = {
      'base/kustomization.yaml': 'resources: [all.yaml]\n',
      'base/all.yaml': `${ACCOUNT}---\n${DEPLOYMENT}---\n${BINDING}subjects: [{ kind: ServiceAccount, name: app }]\n`,
      'dev/kustomization.yaml': 'resources: [../base]\nnamespace: dev\nnamePrefix: dev-\n',
      'prod/kustomization.yaml': 'resources: [../base/]\nnamespace: prod\n',
    };
    expect(await idsOf(files)).toEqual([
      '*:binding/app',
      '*:binding/dev-app',
      'dev:Deployment/dev-web',
      'dev:dev-app',
      'prod:Deployment/web',
      'prod:app',
    ]);
    const { edges, facts } = await declare(collector, files);
    expect(edges.map(({ toKey }) => toKey.value)).toEqual(expect.arrayContaining(['dev:dev-app', 'prod:app']));
    expect(facts('dev/dev-app')).toMatchObject({ clusterAdmin: true });
  });

  it('and what a patch changes is the object of another file, in that overlay only', async () => {
    const patch = (spec: string) =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: ${spec} } }\n`;
    const files = {
      'base/kustomization.yaml': 'resources: [all.yaml]\n',
      'base/all.yaml': `${ACCOUNT}---\n${DEPLOYMENT}---\n${BINDING}subjects: [{ kind: ServiceAccount, name: app }]\n`,
      'dev/kustomization.yaml':
        'resources: [../base]\nnamespace: dev\npatches: [{ path: pid.yaml }, { path: op.yaml, target: { kind: Deployment } }]\n',
      'dev/pid.yaml': patch('{ hostPID: true }'),
      'dev/op.yaml': '[{ op: add, path: /a, value: 1 }]\n',
      'prod/kustomization.yaml':
        'resources: [../base]\nnamespace: prod\npatchesStrategicMerge: [role.yaml, far.yaml]\n',
      'prod/role.yaml': `${RBAC}kind: ClusterRoleBinding\nmetadata: { name: app }\nroleRef: { kind: ClusterRole, name: view }\n`,
      'prod/far.yaml': patch('{ hostPID: true }').replace('web', 'elsewhere'),
    };
    expect(await idsOf(files)).toEqual([
      '*:binding/app',
      ':Deployment/elsewhere',
      'dev:Deployment/web',
      'dev:app',
      'prod:Deployment/web',
      'prod:app',
    ]);
    const { facts, identities } = await declare(collector, files);
    expect(facts('dev/Deployment/web')).toMatchObject({ nodeAccess: ['hostPID'] });
    expect(facts('prod/Deployment/web')).not.toHaveProperty('nodeAccess', ['hostPID']);
    expect([facts('dev/app'), facts('prod/app')]).toMatchObject([{ privilegeTier: 0 }, { privilegeTier: 3 }]);
    const web = identities.find(({ id }) => id.endsWith('dev:Deployment/web'));
    expect(web?.evidence.map(({ location }) => location?.path)).toEqual(['base/all.yaml']);
  });

  it('end where kustomizations use each other in a circle', async () => {
    const files = {
      'top/kustomization.yaml': 'resources: [../a]\n',
      'a/kustomization.yaml': 'resources: [../b, x.yaml]\nnamespace: shop\n',
      'b/kustomization.yaml': 'resources: [../a]\n',
      'a/x.yaml': ACCOUNT,
    };
    expect(await idsOf(files)).toEqual(['shop:app']);
  });

  it('and names come from the values of a chart; others keep the name of what they are', async () => {
    const chart =
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ .Values.account.name | quote }}\n  namespace: {{ .Release.Namespace }}\n---\n' +
      'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: {{ include "shop.fullname" . }}-job\n  namespace: {{ .Values.ns | default "batch" }}\n';
    const files = {
      'chart/Chart.yaml': 'name: shop\nversion: 1.0.0\n',
      'chart/values.yaml': 'account: { name: web }\n',
      'chart/templates/a.yaml': chart,
    };
    expect(await idsOf(files)).toEqual([':web', 'batch:<shop.fullname>-job']);
  });
});

describe('roles', () => {
  const aggregate = (name: string, label: string, wants: string, rules = '[]'): string =>
    `${RBAC}kind: ClusterRole\nmetadata: { name: ${name}, labels: { ${label}: "true" } }\n` +
    `aggregationRule: { clusterRoleSelectors: [{ matchLabels: { ${wants}: "true" } }] }\nrules: ${rules}\n---\n`;
  const everything = '[{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]';

  it('take in others, also in a circle', async () => {
    const part = `${RBAC}kind: ClusterRole\nmetadata: { name: part, labels: { c: "true" } }\nrules: ${everything}\n---\n`;
    const text = aggregate('top', 'a', 'b') + aggregate('middle', 'b', 'c') + aggregate('loop', 'c', 'a') + part;
    expect((await declare(collector, { 'a.yaml': text })).facts('top')).toMatchObject({
      clusterAdmin: true,
      privilegeTier: 0,
    });
  });

  it('that take in what is elsewhere are unknown', async () => {
    const { facts } = await declare(collector, { 'a.yaml': aggregate('top', 'a', 'elsewhere') });
    expect(facts('top')).not.toHaveProperty('privilegeTier');
    expect(facts('top')).not.toHaveProperty('clusterAdmin');
  });

  it('that every cluster has are extended by their labels, and give a reason', async () => {
    const label = 'rbac.authorization.k8s.io/aggregate-to-view';
    const more = `${RBAC}kind: ClusterRole\nmetadata: { name: more, labels: { ${label}: "true" } }\nrules: [{ apiGroups: [""], resources: [secrets], verbs: [list] }]\n---\n`;
    const binding = BINDING.replace('cluster-admin', 'view');
    const { facts } = await declare(collector, {
      'a.yaml': `${more}${binding}subjects: [{ kind: Group, name: team }]\n`,
    });
    expect(facts('team')).toMatchObject({ readsSecrets: true, privilegeTier: 1 });
    expect(facts('team')['tierReasons']).toEqual([
      'list secrets on cluster (ClusterRole view by ClusterRoleBinding app, a.yaml:8)',
    ]);
  });
});

describe('dumps', () => {
  const pod = (name: string, owner: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ownerReferences: [{ kind: 'ReplicaSet', name: owner, controller: true }] },
    spec: {
      serviceAccountName: 'app',
      containers: [{ name: 'c', args: ['['.repeat(300)], envFrom: [{ secretRef: { name: 'db' } }] }],
    },
  });
  const items = [
    ...Array.from({ length: 900 }, (_, index) => pod(`web-${index}`, 'web')),
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop' }, data: { k: 'c2VjcmV0' } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace: 'shop' } },
  ];
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 1);

  it('keep apart what one operator makes', async () => {
    const made = (kind: string, name: string) => ({
      apiVersion: 'apps/v1',
      kind,
      metadata: { name, namespace: 'shop', ownerReferences: [{ kind: 'Agent', name: 'agent', controller: true }] },
      spec: { template: { spec: { containers: [{ name: 'c' }] } } },
    });
    const job = { ...made('Job', 'once'), apiVersion: 'batch/v1' };
    const list = { apiVersion: 'v1', kind: 'List', items: [made('DaemonSet', 'node'), made('Deployment', 'hub'), job] };
    const { identities } = await declare(collector, { 'a.json': JSON.stringify(list) });
    const names = identities.filter(({ type }) => type === 'k8s_workload').map(({ name }) => name);
    expect(names.sort()).toEqual(['shop/Agent/agent', 'shop/DaemonSet/node', 'shop/Deployment/hub']);
  });

  it('say the same when condensed, and hold no secret then', async () => {
    const short = Buffer.from(collector.condense?.(Buffer.from(text)) ?? '').toString();
    expect(short.length).toBeLessThan(text.length / 2);
    expect(short).not.toContain('c2VjcmV0');
    const [whole, condensed] = [
      await declare(collector, { 'a.json': text }),
      await declare(collector, { 'a.json': short }),
    ];
    expect(condensed).toMatchObject({ identities: whole.identities, edges: whole.edges, gaps: [] });
    expect(whole.identities.map(({ name }) => name).sort()).toEqual(['shop/ReplicaSet/web', 'shop/app', 'shop/db']);
  });

  it('leave out, when condensed, what controllers of the same dump made, and say the same', async () => {
    const made = (kind: string, name: string, by: object | undefined, namespace: string | undefined = 'shop') => {
      const metadata = { name, namespace, ...(by && { ownerReferences: [{ controller: true, ...by }] }) };
      const spec = { serviceAccountName: name, containers: [{ envFrom: [{ secretRef: { name: `of-${name}` } }] }] };
      return { apiVersion: 'v1', kind, metadata, spec: kind === 'Pod' ? spec : { template: { spec } } };
    };
    const cluster = [
      ...items,
      made('Pod', 'top-a-1', { kind: 'ReplicaSet', name: 'top-a' }),
      made('ReplicaSet', 'top-a', { kind: 'Deployment', name: 'top' }),
      made('Deployment', 'top', undefined),
      made('Pod', 'low-a-1', { kind: 'ReplicaSet', name: 'low-a' }),
      made('ReplicaSet', 'low-a', { kind: 'Deployment', name: 'elsewhere' }),
      made('Pod', 'foreign', { kind: 'ReplicaSet', name: 'top-a' }, 'other'),
      made('Pod', 'nowhere', { kind: 'Deployment', name: 'top' }, ''),
      made('Pod', 'circle', { kind: 'Pod', name: 'circle' }),
      made('Pod', 'driver', { kind: 'Deployment', name: 'top' }),
      made('Pod', 'worker', { kind: 'Pod', name: 'driver' }),
    ];
    const long = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: cluster }, null, 1);
    const short = Buffer.from(collector.condense?.(Buffer.from(long)) ?? '').toString();
    const names = ['top-a-1', 'top-a', 'low-a-1', 'nowhere', 'driver', 'worker'];
    const kept = names.filter((name) => short.includes(`"metadata":{"name":"${name}"`));
    expect(kept).toEqual(['top-a', 'low-a-1', 'nowhere', 'driver']);
    const [whole, condensed] = [
      await declare(collector, { 'a.json': long }),
      await declare(collector, { 'a.json': short }),
    ];
    expect(condensed).toMatchObject({ identities: whole.identities, edges: whole.edges, gaps: [] });
  });

  it('say what their objects say one by one, wherever the kind stands and however it is written', async () => {
    const body = (kind: string, index: number) => {
      const owner = { kind: 'ReplicaSet', name: `web-${index % 5}`, controller: true };
      const metadata = { name: `${kind}-${index % 40}`.toLowerCase(), namespace: `ns${index % 3}` };
      const annotations = { 'eks.amazonaws.com/role-arn': `arn:aws:iam::1:role/${index}`, kind: 'Secret' };
      const spec = { serviceAccountName: `sa-${index % 7}`, containers: [], kind: 'Role', status: { kind: 'Pod' } };
      const pod = kind === 'Pod' ? { ownerReferences: [owner] } : {};
      return {
        metadata: { ...metadata, ...(index % 2 === 0 ? { annotations } : pod) },
        spec: kind === 'ReplicaSet' ? { template: { spec } } : spec,
        data: { text: `{"kind": "Pod"} ${'x'.repeat(3_000)}` },
        subjects: [{ kind: 'ServiceAccount', name: 'sa-1', namespace: 'ns1' }],
        roleRef: { kind: 'Role', name: 'role-1' },
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
      };
    };
    const kinds = [
      'Pod',
      'ConfigMap',
      'Role',
      'Service',
      'RoleBinding',
      'ServiceAccount',
      'Event',
      'Secret',
      'ReplicaSet',
      'Ünknown',
      'constructor',
    ];
    const texts = Array.from({ length: 220 }, (_, index) => {
      const kind = kinds[(index * 7) % kinds.length] ?? '';
      const inside = JSON.stringify(body(kind, index)).slice(1, -1);
      const written = [
        `"kind":"${kind}"`,
        `"k\\u0069nd":"${kind}"`,
        `"kind":"\\u${kind.charCodeAt(0).toString(16).padStart(4, '0')}${kind.slice(1)}"`,
        `"kind":"Lease","kind":"${kind}"`,
        '"x":1',
      ];
      const head = written[index % written.length];
      return index % 2 === 0 ? `{"apiVersion":"v1",${head},${inside}}` : `{${inside},${head},"apiVersion":"v1"}`;
    });
    const long = `{"apiVersion": "v1", "items": [${texts.join(',\n')}], "kind": "RoleList"}`;
    const each = texts.map((item) => JSON.stringify({ kind: 'Role', ...JSON.parse(item) }));
    const short = Buffer.from(collector.condense?.(Buffer.from(long)) ?? '').toString();
    const [plain, condensed, whole] = [
      await declare(collector, { 'a.yaml': each.map((item) => `---\n${item}\n`).join('') }),
      await declare(collector, { 'a.json': short }),
      await declare(collector, { 'a.json': long }),
    ];
    const places = new Set(['evidence', 'source', 'location']);
    const withoutPlaces = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value, (key, inner) => {
          if (places.has(key)) return undefined;
          return typeof inner === 'string' ? inner.replaceAll(/a\.\w+:\d+/g, 'a') : inner;
        }),
      );
    expect(plain.identities.length).toBeGreaterThan(40);
    expect(condensed).toMatchObject({ identities: whole.identities, edges: whole.edges, gaps: [] });
    expect(withoutPlaces(condensed.identities)).toEqual(withoutPlaces(plain.identities));
    expect(withoutPlaces(condensed.edges)).toEqual(withoutPlaces(plain.edges));
  });

  it('of more than a megabyte are written once, piece by piece', () => {
    const account = (index: number) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: `a${index}` } });
    const accounts = Array.from({ length: 16_000 }, (_, index) => account(index));
    const long = Buffer.from(JSON.stringify({ apiVersion: 'v1', kind: 'List', items: accounts }));
    const short = Buffer.from(collector.condense?.(long) ?? '').toString();
    expect(short.length).toBeGreaterThan(1024 * 1024);
    expect(JSON.parse(short).items.map(({ metadata }: { metadata: { name: string } }) => metadata.name)).toEqual(
      accounts.map(({ metadata }) => metadata.name),
    );
  });

  it('that end in the middle are a gap, and what stands before is read', async () => {
    const cut = Buffer.from(text.slice(0, text.length - 200));
    const short = Buffer.from(collector.condense?.(cut) ?? '').toString();
    const { gaps, identities } = await declare(collector, { 'a.json': short });
    expect(gaps).toEqual([expect.stringMatching(/^a\.json:\d+: the JSON ends/)]);
    expect(identities.length).toBeGreaterThan(0);
  });

  itRarely('in YAML are read item by item', async () => {
    const list = Array.from(
      { length: 12_000 },
      (_, index) =>
        `- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: c${index}\n  data:\n    text: ${'x'.repeat(60)}\n`,
    );
    const account = '- apiVersion: v1\n  kind: ServiceAccount\n  metadata:\n    name: app\n    namespace: shop\n';
    const yaml = `apiVersion: v1\nitems:\n${list.join('')}${account}- kind: Pod\n  metadata: {\n${account.replace('app', 'b')}kind: List\n`;
    const { identities, gaps } = await declare(collector, { 'a.yaml': yaml });
    expect(identities.map(({ name, evidence }) => [name, evidence[0]?.location?.startLine])).toEqual([
      ['shop/app', 72_006],
      ['shop/b', 72_013],
    ]);
    expect(gaps).toEqual([expect.stringMatching(/^a\.yaml:720[01]\d: /)]);
  });
});
