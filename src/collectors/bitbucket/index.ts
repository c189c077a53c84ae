import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/**
 * Bitbucket Pipelines: steps, the variables and identity tokens that they use, and their deployments.
 * https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/
 */
export default defineCollector({
  id: 'bitbucket',
  title: 'Bitbucket Pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['bitbucket-pipelines.y'],
  accepts: (path) => /(?:^|\/)bitbucket-pipelines\.ya?ml$/.test(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectPipelines } = await import('../shared/ci/collect-pipelines.ts');
  const { addPipeline } = await import('./pipeline.ts');
  yield* collectPipelines(files, { provider: 'bitbucket', collector: 'bitbucket', add: addPipeline });
}
