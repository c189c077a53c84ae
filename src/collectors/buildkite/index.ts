import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/** Buildkite: steps, and the secrets and plugins that they use. https://buildkite.com/docs/pipelines/configure */
export default defineCollector({
  id: 'buildkite',
  title: 'Buildkite pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['buildkite'],
  accepts: (path) =>
    /(?:^|\/)\.?buildkite\/(?:[^/]+\/)*[^/]+\.ya?ml$/.test(path) || /(?:^|\/)buildkite\.ya?ml$/.test(path),
  sniff: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('steps'),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectPipelines } = await import('../shared/ci/collect-pipelines.ts');
  const { addPipeline } = await import('./pipeline.ts');
  yield* collectPipelines(files, { provider: 'buildkite', collector: 'buildkite', add: addPipeline });
}
