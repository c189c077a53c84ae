import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/**
 * GitLab CI: pipelines and jobs, the variables, vault secrets and identity tokens that they use.
 * https://docs.gitlab.com/ci/yaml/
 */
export default defineCollector({
  id: 'gitlab-ci',
  title: 'GitLab CI pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['.gitlab'],
  accepts: (path) =>
    /(?:^|\/)(?:[^/]*\.gitlab-ci\.ya?ml|(?:\.gitlab\/ci|\.gitlab-ci)\/(?:[^/]+\/)*[^/]+\.ya?ml)$/i.test(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectGitlab } = await import('./collect.ts');
  yield* collectGitlab(files);
}
