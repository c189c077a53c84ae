import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { holdsAny } from '../shared/sniff.ts';
import { condense } from './condense.ts';
import { MARKS } from './kinds.ts';

/**
 * Identities of workloads and who may call them: entries of SPIRE, objects of its controller, policies of Istio and
 * Linkerd.
 * https://spiffe.io/docs/latest/deploying/registering/
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * https://linkerd.io/2/reference/authorization-policy/
 */
export default defineCollector({
  id: 'service-mesh',
  title: 'SPIFFE identities and policies of service meshes',
  reads: 'artifact',
  permissions: [],
  marks: ['.yml', '.yaml', '.json'],
  accepts: (path) => /\.(?:ya?ml|json)$/i.test(path),
  sniff,
  condense: (bytes) => condense(bytes),
  collect,
});

function sniff(bytes: Uint8Array): boolean {
  return holdsAny(bytes, MARKS);
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectMesh } = await import('./collect.ts');
  yield* collectMesh(files);
}
