import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { textWith } from '../shared/sniff.ts';
import { condense } from './condense.ts';

/** Of a larger file the start decides: a dump says at once what it is. Bytes. */
const SNIFFED = 4 * 1024 * 1024;
/** Files that say how others are to be read. */
const SUPPORT = /(?:^|\/)(?:kustomization\.ya?ml|Kustomization|Chart\.yaml|values\.yaml|_[\w.-]*\.tpl)$/;

/**
 * Kubernetes manifests and dumps of clusters: service accounts, users and groups with what their bindings grant, roles,
 * workloads and the secrets that they use. Bindings and roles may be in other files of the same repository. Of
 * unrendered Helm templates it reads what is YAML without their directives, with the chart's own values and named
 * helpers; of kustomize namespaces and prefixes. https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export default defineCollector({
  id: 'kubernetes',
  title: 'Kubernetes manifests',
  reads: 'artifact',
  permissions: [],
  marks: ['.yaml', '.yml', '.json', '.tpl', 'kustomization'],
  accepts: (path) => (/\.(?:ya?ml|json)$/.test(path) || SUPPORT.test(path)) && !path.startsWith('.github/'),
  sniff,
  condense: (bytes) => condense(bytes),
  collect,
});

/**
 * The blanks before a key are matched on its own line. `\s*` would search through empty lines again from each of them.
 */
function sniff(bytes: Uint8Array, path = ''): boolean {
  if (SUPPORT.test(path)) return true;
  const text = textWith(bytes.subarray(0, SNIFFED), 'apiVersion', 'kind');
  if (text === undefined) return false;
  return /(?:^|[{,])[ \t]*["']?apiVersion["']?\s*:/m.test(text) && /(?:^|[{,])[ \t]*["']?kind["']?\s*:/m.test(text);
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectManifests } = await import('./collect.ts');
  yield* collectManifests(files);
}
