import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/** CircleCI: jobs, and the contexts and orbs that they use. https://circleci.com/docs/configuration-reference/ */
export default defineCollector({
  id: 'circleci',
  title: 'CircleCI pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['.circleci/'],
  accepts: (path) => /(?:^|\/)\.circleci\/(?:[^/]+\/)*[^/]+\.ya?ml$/.test(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectPipelines } = await import('../shared/ci/collect-pipelines.ts');
  const { addPipeline } = await import('./pipeline.ts');
  yield* collectPipelines(files, { provider: 'circleci', collector: 'circleci', add: addPipeline });
}
