import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type Collected, defineCollector } from '../contract.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { isGap, readYamlDocuments } from '../shared/yaml-documents.ts';
import { addWorkflow } from './workflow.ts';

const SCOPE = 'declarations';

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

async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<Collected> {
  const drafts = new Drafts();
  for (const file of files) {
    const documents = await readYamlDocuments(file);
    if (isGap(documents)) yield { kind: 'gap', scope: SCOPE, gap: documents };
    else for (const document of documents.slice(0, 1)) addWorkflow(drafts, file, document);
  }
  yield* drafts.collected();
}
