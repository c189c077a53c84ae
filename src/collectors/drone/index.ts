import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/**
 * Drone and Woodpecker: steps, the secrets that they get, and the images that get them.
 * https://docs.drone.io/yaml/docker/ https://woodpecker-ci.org/docs/usage/workflow-syntax
 */
export default defineCollector({
  id: 'drone',
  title: 'Drone and Woodpecker pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['.drone', '.woodpecker'],
  accepts: (path) => /(?:^|\/)\.(?:drone|woodpecker)(?:\.ya?ml|\/(?:[^/]+\/)*[^/]+\.ya?ml)$/.test(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectPipelines } = await import('../shared/ci/collect-pipelines.ts');
  const { addPipeline, isWoodpecker } = await import('./pipeline.ts');
  for (const provider of ['drone', 'woodpecker']) {
    const own = files.filter(({ origin }) => isWoodpecker(origin.path) === (provider === 'woodpecker'));
    yield* collectPipelines(own, { provider, collector: 'drone', add: addPipeline });
  }
}
