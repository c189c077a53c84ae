import { allTexts, asList, asObject, asText, type Loose } from '../shared/loose.ts';

/** Facts of an object of Kubernetes that keeps or fetches secrets. */
export interface StoreObject {
  readonly type: 'encrypted_file' | 'secret_store';
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly facts: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** Kind and name of the store that it takes secrets from. */
  readonly store?: { readonly kind: string; readonly name: string };
}

/** Reads a SealedSecret, ExternalSecret, SecretStore or ClusterSecretStore; undefined for other objects. */
export function readStoreObject(body: Loose): StoreObject | undefined {
  const metadata = asObject(body['metadata']);
  const name = asText(metadata['name']);
  const kind = asText(body['kind']) ?? '';
  if (name === undefined || name === '') return undefined;
  const namespace = asText(metadata['namespace']) ?? 'default';
  const spec = asObject(body['spec']);
  const head = { kind, name, namespace };
  if (kind === 'SealedSecret') return { ...head, type: 'encrypted_file', facts: sealedFacts(metadata, spec) };
  if (kind === 'ExternalSecret' || kind === 'ClusterExternalSecret')
    return external(head, kind === 'ExternalSecret' ? spec : asObject(spec['externalSecretSpec']));
  if (kind === 'SecretStore' || kind === 'ClusterSecretStore')
    return { ...head, type: 'secret_store', facts: storeFacts(kind, spec) };
  return undefined;
}

function sealedFacts(metadata: Loose, spec: Loose): StoreObject['facts'] {
  const annotations = asObject(metadata['annotations']);
  return {
    storage: 'encrypted_file',
    secretNames: Object.keys(asObject(spec['encryptedData'])).slice(0, 100),
    clusterWide: asText(annotations['sealedsecrets.bitnami.com/cluster-wide']) === 'true',
  };
}

function external(head: Pick<StoreObject, 'kind' | 'name' | 'namespace'>, spec: Loose): StoreObject {
  const reference = asObject(spec['secretStoreRef']);
  const store = asText(reference['name']);
  const data = asList(spec['data']).map((item) => asText(asObject(item)['secretKey']) ?? '');
  const finds = asList(spec['dataFrom'])
    .map((item) => asObject(asObject(item)['find']))
    .filter((find) => Object.keys(find).length > 0);
  const any = finds.some((find) => {
    const pattern = asText(asObject(find['name'])['regexp']);
    return (
      find['tags'] === undefined &&
      find['path'] === undefined &&
      (pattern === undefined || /^\^?\.[*+]\$?$/.test(pattern))
    );
  });
  const facts = {
    storage: 'vault',
    secretNames: data.filter((name) => name !== '').slice(0, 100),
    wildcardResources: any,
  };
  return {
    ...head,
    type: 'secret_store',
    facts,
    ...(store === undefined ? {} : { store: { kind: asText(reference['kind']) ?? 'SecretStore', name: store } }),
  };
}

/** How the operator proves to the store who it is, and who may use it. */
function storeFacts(kind: string, spec: Loose): StoreObject['facts'] {
  const texts = [...allTexts(spec['provider'])];
  const keys = new Set(texts.flatMap(({ path }) => path.map(String)));
  const federated = ['serviceAccountRef', 'jwt', 'kubernetes', 'workloadIdentity', 'kubernetesAuth'].some((key) =>
    keys.has(key),
  );
  const fixed = [...keys].some((key) => /SecretRef$|SecretAccessKey|^secretRef$|^accessKeyIDSecretRef$/.test(key));
  return {
    storage: 'vault',
    authMethod: federated ? 'federated_oidc' : fixed ? 'static_secret' : undefined,
    plainHttp: texts.some(
      ({ text }) => /^http:\/\//i.test(text) && !/^http:\/\/(?:localhost|127\.|[\w.-]+\.svc\b)/i.test(text),
    ),
    resourceScope: kind === 'SecretStore' || asList(spec['conditions']).length > 0 ? 'selected' : 'all',
  };
}
