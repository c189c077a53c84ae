import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/**
 * Azure Pipelines: jobs, and the service connections, variable groups and secure files that they use.
 * https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
 */
export default defineCollector({
  id: 'azure-pipelines',
  title: 'Azure Pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['azure-pipeline', '.azuredevops/', '.pipelines/'],
  accepts: (path) =>
    /(?:^|\/)(?:\.?azure-pipelines?[^/]*\.ya?ml|(?:\.?azure-pipelines?|\.azuredevops|\.pipelines)\/(?:[^/]+\/)*[^/]+\.ya?ml)$/i.test(
      path,
    ),
  sniff: (bytes) => /(?:steps|jobs|stages|extends|variables)\s*:/.test(Buffer.from(bytes).toString('latin1')),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectPipelines } = await import('../shared/ci/collect-pipelines.ts');
  const { addPipeline } = await import('./pipeline.ts');
  yield* collectPipelines(files, { provider: 'azure-devops', collector: 'azure-pipelines', add: addPipeline });
}
