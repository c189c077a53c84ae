import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { textWith } from '../shared/sniff.ts';

/**
 * Kubernetes manifests: service accounts with what their bindings grant, workloads that use them, and Secret objects.
 * Bindings and roles may be in other files of the same repository. Of unrendered Helm templates it reads what is YAML
 * without their directives. https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export default defineCollector({
  id: 'kubernetes',
  title: 'Kubernetes manifests',
  reads: 'artifact',
  permissions: [],
  accepts: (path) => /\.(?:ya?ml|json)$/.test(path) && !path.startsWith('.github/'),
  sniff,
  collect,
});

/**
 * The blanks before a key are matched on its own line. `\s*` would search through empty lines again from each of them.
 */
function sniff(bytes: Uint8Array): boolean {
  const text = textWith(bytes, 'apiVersion', 'kind');
  if (text === undefined) return false;
  return /(?:^|[{,])[ \t]*["']?apiVersion["']?\s*:/m.test(text) && /(?:^|[{,])[ \t]*["']?kind["']?\s*:/m.test(text);
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectManifests } = await import('./collect.ts');
  yield* collectManifests(files);
}
