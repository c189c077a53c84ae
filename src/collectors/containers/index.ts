import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { kindOf } from './kinds.ts';

/**
 * Images and containers as consumers of credentials: Dockerfiles, Compose files, development containers.
 * https://docs.docker.com/reference/compose-file/
 */
export default defineCollector({
  id: 'containers',
  title: 'Dockerfiles, Compose files and development containers',
  reads: 'artifact',
  permissions: [],
  marks: ['dockerfile', 'containerfile', 'compose', 'devcontainer.json'],
  accepts: (path) => kindOf(path) !== undefined,
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectContainers } = await import('./collect.ts');
  yield* collectContainers(files);
}
