import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

const NAMED =
  /(?:^|\/)(?:\.?azure-pipelines?[^/]*\.ya?ml|(?:\.?azure-pipelines?|\.azuredevops|\.pipelines)\/(?:[^/]+\/)*[^/]+\.ya?ml)$/i;
/** A folder that other systems use as well: there the file has to say whose it is. */
const SHARED = /(?:^|\/)(?:pipelines?|\.ado|ado)\/(?:[^/]+\/){0,4}[^/]+\.ya?ml$/i;
/** `task: AzureCLI@2`, an image of Microsoft's agents, a stage in a list. */
const OWN_WORDS = /^[ \t]*(?:(?:-[ \t]+)?(?:task:[ \t]*['"]?[A-Za-z]\w{0,80}@\d|vmImage:)|-[ \t]+stage:)/m;

/**
 * Azure Pipelines: jobs, and the service connections, variable groups and secure files that they use.
 * https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/
 */
export default defineCollector({
  id: 'azure-pipelines',
  title: 'Azure Pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['azure-pipeline', '.azuredevops/', '.pipelines/', 'pipelines/', 'pipeline/', 'ado/'],
  accepts: (path) => NAMED.test(path) || SHARED.test(path),
  sniff,
  collect,
});

/** A file that may be of another system has to hold a word of this one. */
function sniff(bytes: Uint8Array, path = ''): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (!/(?:steps|jobs|stages|extends|variables)\s*:/.test(text)) return false;
  return NAMED.test(path) || (OWN_WORDS.test(text) && !/^apiVersion:/m.test(text));
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectPipelines } = await import('../shared/ci/collect-pipelines.ts');
  const { addPipeline } = await import('./pipeline.ts');
  yield* collectPipelines(files, { provider: 'azure-devops', collector: 'azure-pipelines', add: addPipeline });
}
