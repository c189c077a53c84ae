import { describe, expect, it } from 'vitest';
import collector from '../../src/collectors/service-mesh/index.ts';
import { collectorContract } from '../contract/collector-contract.ts';
import { declare, declaredCase } from './declared.ts';
import { firedRules } from './shared/fired-rules.ts';

/** As `spire-server entry show -output json` prints it, and as `entry create -data` takes it. */
const SHOWN = JSON.stringify({
  entries: [
    {
      id: 'aaaa',
      spiffe_id: { trust_domain: 'acme.io', path: '/ns/shop/sa/web' },
      parent_id: { trust_domain: 'acme.io', path: '/agent' },
      selectors: [
        { type: 'k8s', value: 'ns:shop' },
        { type: 'k8s', value: 'sa:web' },
      ],
      x509_svid_ttl: 7200,
    },
    {
      spiffe_id: { trust_domain: 'acme.io', path: '/registrar' },
      selectors: [{ type: 'unix', value: 'uid:0' }],
      admin: true,
    },
  ],
});
const DATA = `{"entries": [{"spiffe_id": "spiffe://acme.io/batch", "selectors": ["k8s:ns:batch"]}]}`;
const OBJECTS = `apiVersion: spire.spiffe.io/v1alpha1
kind: ClusterSPIFFEID
metadata: {name: everything}
spec:
  spiffeIDTemplate: "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}"
  ttl: 1h30m
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: pay, namespace: shop}
spec:
  rules:
  - from: [{source: {principals: ["cluster.local/ns/shop/sa/web"]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: open, namespace: shop}
spec:
  action: ALLOW
  rules:
  - to: [{operation: {methods: [GET]}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: users, namespace: shop}
spec:
  rules:
  - when: [{key: "request.auth.claims[iss]", values: ["https://id.acme.io"]}]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: PERMISSIVE}}}
`;
const LINKERD = `apiVersion: policy.linkerd.io/v1alpha1
kind: MeshTLSAuthentication
metadata: {name: web, namespace: shop}
spec: {identities: ["web.shop.serviceaccount.identity.linkerd.cluster.local"]}
---
apiVersion: policy.linkerd.io/v1alpha1
kind: AuthorizationPolicy
metadata: {name: pay, namespace: shop}
spec:
  targetRef: {kind: Server, name: pay}
  requiredAuthenticationRefs: [{kind: MeshTLSAuthentication, name: web}]
---
apiVersion: policy.linkerd.io/v1beta1
kind: ServerAuthorization
metadata: {name: probe, namespace: shop}
spec: {client: {unauthenticated: true}}
`;
const FILES = {
  'spire/entries.json': SHOWN,
  'spire/batch.json': DATA,
  'mesh/istio.yaml': OBJECTS,
  'mesh/linkerd.yaml': LINKERD,
};

describe('service-mesh', () => {
  it('looks only at files with words of SPIRE and meshes', () => {
    expect(collector.sniff?.(Buffer.from(SHOWN))).toBe(true);
    expect(collector.sniff?.(Buffer.from('kind: Deployment'))).toBe(false);
    expect([collector.accepts('a.yaml'), collector.accepts('a.ts')]).toEqual([true, false]);
  });

  it('reads identities and policies, with the line', async () => {
    const { identities, gaps } = await declare(collector, FILES);
    expect(gaps).toEqual([]);
    expect(identities.map(({ id, type }) => [type, id])).toEqual([
      ['spiffe_identity', 'spiffe://acme.io/ns/shop/sa/web'],
      ['spiffe_identity', 'spiffe://acme.io/registrar'],
      ['spiffe_identity', 'spiffe://acme.io/batch'],
      ['spiffe_identity', 'kubernetes:acme/shop:*:clusterspiffeid/everything'],
      ['mesh_policy', 'kubernetes:acme/shop:shop:authorizationpolicy/pay'],
      ['mesh_policy', 'kubernetes:acme/shop:shop:authorizationpolicy/open'],
      ['mesh_policy', 'kubernetes:acme/shop:shop:authorizationpolicy/users'],
      ['mesh_policy', 'kubernetes:acme/shop:shop:peerauthentication/default'],
      ['mesh_policy', 'kubernetes:acme/shop:shop:meshtlsauthentication/web'],
      ['mesh_policy', 'kubernetes:acme/shop:shop:serverauthorization/probe'],
    ]);
  });

  it('says who gets an identity, who is let in, and how', async () => {
    const { facts, edges } = await declare(collector, FILES);
    expect(facts('acme.io/ns/shop/sa/web')).toEqual({ authMethod: 'certificate', tokenHours: 2, anyWorkload: false });
    expect(facts('acme.io/registrar')).toMatchObject({ privilegeTier: 0, anyWorkload: true });
    expect(facts('everything')).toEqual({ authMethod: 'certificate', tokenHours: 1.5, anyWorkload: true });
    expect(facts('AuthorizationPolicy/open')).toEqual({ trustsAnyPrincipal: true });
    expect(facts('AuthorizationPolicy/users')).toEqual({ trustsAnyPrincipal: false });
    expect(facts('PeerAuthentication/default')).toEqual({ mutualTls: 'permissive' });
    const accounts = edges.filter(({ toKey }) => toKey.kind === 'kubernetes-service-account');
    expect(accounts.map(({ from, toKey }) => `${toKey.value} ${from}`)).toEqual([
      'shop:web spiffe://acme.io/ns/shop/sa/web',
      'shop:web kubernetes:acme/shop:shop:authorizationpolicy/pay',
      'shop:web kubernetes:acme/shop:shop:meshtlsauthentication/web',
    ]);
  });

  it('is silent about other files with lists of entries, and about deny policies', async () => {
    const { identities } = await declare(collector, {
      'a.json': '{"entries": [{"spiffe_id": "no"}, 1, {"name": "x"}]}',
      'b.yaml': 'kind: AuthorizationPolicy\napiVersion: other/v1\nmetadata: {name: x}\n',
    });
    expect(identities).toEqual([]);
  });

  it('fires rules about them', async () => {
    expect(await firedRules(collector, FILES)).toEqual([
      'identity-tier-zero: acme.io/registrar',
      'mesh-plain-text: PeerAuthentication/default',
      'mesh-policy-open: AuthorizationPolicy/open',
      'mesh-policy-open: ServerAuthorization/probe',
      'spiffe-selector-wide: acme.io/batch',
      'spiffe-selector-wide: acme.io/registrar',
      'spiffe-selector-wide: everything',
    ]);
  });
});

collectorContract(collector, [
  declaredCase('entries and objects', FILES, { identities: 10 }),
  declaredCase('broken', {
    'a.json': '{"entries": [{"spiffe_id": "spiffe://a/b", "selectors": [{"type": [1]}], "admin": "x"}',
    'b.yaml': 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: [x]}\nspec: 1\n---\n[',
    'c.yaml':
      'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: x}\nspec: {rules: [{from: 1}, 2]}',
  }),
]);

describe('dumps of clusters', () => {
  const policy = (name: string, namespace: string) => ({
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace },
    spec: { rules: [{ from: [{ source: { principals: [`cluster.local/ns/${namespace}/sa/web`] } }] }] },
  });
  const filler = Array.from({ length: 700 }, (_, index) => ({
    kind: 'ConfigMap',
    data: { text: `${index} [ ${'x'.repeat(6400)}` },
  }));
  const items = [...filler, policy('pay', 'shop'), { kind: 'constructor' }, policy('send', 'mail')];
  const text = JSON.stringify({ apiVersion: 'v1', items, kind: 'List' }, null, 1);

  it('are read, whatever their size, with the line of each object', async () => {
    const short = Buffer.from(collector.condense?.(Buffer.from(text)) ?? '').toString();
    expect(short.length).toBeLessThan(2000);
    const { identities, edges } = await declare(collector, { 'dump.json': short });
    const lineOf = (name: string) => text.slice(0, text.indexOf(`"name": "${name}"`)).split('\n').length - 4;
    expect(identities.map(({ name, evidence }) => [name, evidence[0]?.location?.startLine])).toEqual([
      ['AuthorizationPolicy/pay', lineOf('pay')],
      ['AuthorizationPolicy/send', lineOf('send')],
    ]);
    expect(edges).toHaveLength(2);
    const small = await declare(collector, { 'dump.json': JSON.stringify({ kind: 'List', items: items.slice(700) }) });
    expect(small.identities.map(({ id }) => id)).toEqual(identities.map(({ id }) => id));
  });

  it('are read as they are where they are no list or small', () => {
    expect(
      collector.condense?.(Buffer.from(JSON.stringify({ kind: 'List', items: items.slice(700) }))),
    ).toBeUndefined();
    expect(collector.condense?.(Buffer.from(JSON.stringify({ entries: filler })))).toBeUndefined();
    const none = Buffer.from(collector.condense?.(Buffer.from(JSON.stringify({ items: filler }))) ?? '').toString();
    expect(JSON.parse(none)).toMatchObject({ items: [] });
  });
});
