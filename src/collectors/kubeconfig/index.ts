import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { withoutExampleEnd } from '../shared/client-files/example.ts';
import { textWith } from '../shared/sniff.ts';

const FILES =
  /(?:\.ya?ml|\.json|(?:^|\/)\.kube\/[^/]+|(?:^|\/)[^/]*kubeconfig[^/]*|(?:^|\/)(?:super-)?(?:admin|kubelet|scheduler|controller-manager)\.conf)$/i;

/**
 * Client configurations of Kubernetes: each user with the way it logs in, the clusters and contexts that use it.
 * https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
export default defineCollector({
  id: 'kubeconfig',
  title: 'Client configurations of Kubernetes (kubeconfig)',
  reads: 'artifact',
  permissions: [],
  marks: ['.yaml', '.yml', '.json', '.kube/', 'kubeconfig', '.conf'],
  accepts: (path) => FILES.test(withoutExampleEnd(path)),
  sniff: (bytes) =>
    /["']?kind["']?\s?:\s?["']?Config\b/.test(textWith(bytes, 'kind', 'Config', 'users', 'clusters') ?? ''),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectKubeconfigs } = await import('./collect.ts');
  yield* collectKubeconfigs(files);
}
