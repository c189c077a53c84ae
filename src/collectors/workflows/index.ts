import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';

/**
 * GitHub Actions workflows: each file and each job is a consumer of secrets and the holder of a GITHUB_TOKEN.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */
export default defineCollector({
  id: 'workflows',
  title: 'GitHub Actions workflows',
  reads: 'artifact',
  permissions: [],
  accepts: (path) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path),
  collect,
});

/** The readers are loaded where there is something to read. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<Collected> {
  const { collectWorkflows } = await import('./collect.ts');
  yield* collectWorkflows(files);
}
