import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { CATALOGUE, OWNER_FILES } from './names.ts';

/** Reads who owns which paths, from CODEOWNERS files and Backstage catalogues. Adds one node per repository. */
export default defineCollector({
  id: 'codeowners',
  title: 'Code owners: CODEOWNERS and catalog-info.yaml',
  reads: 'artifact',
  permissions: [],
  marks: ['codeowners', CATALOGUE],
  accepts: (path) => OWNER_FILES.includes(path) || path === CATALOGUE || path.endsWith(`/${CATALOGUE}`),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectOwners } = await import('./collect.ts');
  yield* collectOwners(files);
}
