import { byId, type Drafts, type Facts, setFacts } from '../shared/identity-drafts.ts';
import { asList, asObject, asText, asTexts, type Loose } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';

/** `cluster.local/ns/shop/sa/web`, or with `spiffe://` before it. */
const ISTIO = /^(?:spiffe:\/\/)?[\w.-]{1,255}\/ns\/([\w-]{1,63})\/sa\/([\w.-]{1,253})$/;
/** `web.shop.serviceaccount.identity.linkerd.cluster.local`. */
const LINKERD = /^([\w-]{1,63})\.([\w-]{1,63})\.serviceaccount\.identity\.[\w-]{1,63}\.[\w.-]{1,253}$/;

/** Whom a policy lets in. */
interface Let {
  /** Principals as written. */
  readonly principals: readonly string[];
  readonly facts: Facts;
}

/** Adds a policy of a mesh: who may call a workload, and whether callers prove who they are. */
export function addPolicy(drafts: Drafts, document: PlacedDocument, kind: string): void {
  const { value, path, repository } = document;
  const metadata = asObject(value['metadata']);
  const [name = '', namespace = ''] = [asText(metadata['name']), asText(metadata['namespace'])];
  const evidence = document.evidence(['spec']);
  const id = policyId(repository, namespace, kind, name);
  const provider = /istio/.test(asText(value['apiVersion']) ?? '') ? 'istio' : 'linkerd';
  const head = { id, type: 'mesh_policy', provider, name: `${kind}/${name}`, account: repository };
  const { principals, facts } = readLet(kind, asObject(value['spec']), provider);
  setFacts(drafts.identity(head, evidence), facts, path);
  for (const key of new Set(principals.flatMap(accountOf)))
    drafts.edge(id, 'can-assume', { kind: 'kubernetes-service-account', value: key }, evidence, true);
  if (kind !== 'AuthorizationPolicy' || provider !== 'linkerd') return;
  for (const reference of asList(asObject(value['spec'])['requiredAuthenticationRefs']).map(asObject)) {
    const [other = '', target = ''] = [asText(reference['kind']), asText(reference['name'])];
    drafts.edge(
      id,
      'uses',
      byId(policyId(repository, asText(reference['namespace']) ?? namespace, other, target)),
      evidence,
    );
  }
}

function policyId(repository: string, namespace: string, kind: string, name: string): string {
  return `kubernetes:${repository}:${namespace}:${kind.toLowerCase()}/${name}`;
}

function readLet(kind: string, spec: Loose, provider: string): Let {
  if (kind === 'PeerAuthentication') return { principals: [], facts: { mutualTls: modesOf(spec) } };
  if (kind === 'AuthorizationPolicy' && provider === 'istio') return readIstio(spec);
  if (kind === 'ServerAuthorization') return readServerAuthorization(asObject(spec['client']));
  const principals = [...asTexts(spec['identities']), ...accountsOf(spec['identityRefs'])];
  return {
    principals,
    facts: kind === 'MeshTLSAuthentication' ? { trustsAnyPrincipal: principals.includes('*') } : {},
  };
}

/** An ALLOW policy lets in whom a rule names; a rule without `from` lets in everybody. No rule: nobody. */
function readIstio(spec: Loose): Let {
  const action = asText(spec['action']) ?? 'ALLOW';
  if (action !== 'ALLOW') return { principals: [], facts: {} };
  const rules = asList(spec['rules']).map(asObject);
  const sources = rules.map((rule) => asList(rule['from']).map((from) => asObject(asObject(from)['source'])));
  const open = rules.some((rule, index) => {
    const from = sources[index] ?? [];
    // A condition (a claim of a token, an address) may say who comes in.
    return asList(rule['when']).length === 0 && (from.length === 0 || from.some(isAnybody));
  });
  const principals = sources
    .flat()
    .flatMap((source) => [...asTexts(source['principals']), ...asTexts(source['serviceAccounts'])]);
  return { principals, facts: { trustsAnyPrincipal: open } };
}

/** A source with no field, or with `*` for the principal and nothing else that narrows it. */
function isAnybody(source: Loose): boolean {
  const fields = Object.keys(source);
  if (fields.length === 0) return true;
  return fields.every(
    (field) =>
      /^(?:principals|namespaces|ipBlocks)$/.test(field) &&
      asTexts(source[field]).some((text) => text === '*' || text === '0.0.0.0/0'),
  );
}

function readServerAuthorization(client: Loose): Let {
  const mesh = asObject(client['meshTLS']);
  const principals = [...asTexts(mesh['identities']), ...accountsOf(mesh['serviceAccounts'])];
  const open = client['unauthenticated'] === true || mesh['unauthenticatedTLS'] === true || principals.includes('*');
  return { principals, facts: { trustsAnyPrincipal: open } };
}

function accountsOf(references: unknown): readonly string[] {
  return asList(references)
    .map(asObject)
    .flatMap((reference) => {
      const [namespace, name] = [asText(reference['namespace']), asText(reference['name'])];
      return namespace === undefined || name === undefined ? [] : [`cluster.local/ns/${namespace}/sa/${name}`];
    });
}

/** The weakest mode that holds somewhere: `strict`, `permissive` or `disable`. */
function modesOf(spec: Loose): string | undefined {
  const ports = Object.values(asObject(spec['portLevelMtls'])).map(asObject);
  const modes = [asObject(spec['mtls']), ...ports].map((part) => asText(part['mode'])?.toLowerCase());
  return ['disable', 'permissive', 'strict'].find((mode) => modes.includes(mode));
}

/** `<namespace>:<name>` of the service account that a principal names. */
function accountOf(principal: string): readonly string[] {
  const istio = ISTIO.exec(principal);
  if (istio !== null) return [`${istio[1]}:${istio[2]}`];
  const linkerd = LINKERD.exec(principal);
  return linkerd === null ? [] : [`${linkerd[2]}:${linkerd[1]}`];
}
