import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';

/**
 * Jenkins pipelines: stages and the credentials that they name. No Groovy is run: a bounded reader of words finds the
 * calls that bind credentials. https://www.jenkins.io/doc/book/pipeline/jenkinsfile/
 */
export default defineCollector({
  id: 'jenkins',
  title: 'Jenkins pipelines',
  reads: 'artifact',
  permissions: [],
  marks: ['jenkinsfile'],
  accepts: (path) => /(?:^|\/)(?:jenkinsfile[^/]*|[^/]+\.jenkinsfile)$/i.test(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectJenkins } = await import('./collect.ts');
  yield* collectJenkins(files);
}
