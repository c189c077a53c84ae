import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { isAction, isDependabot, isWorkflow } from './paths.ts';

/**
 * GitHub Actions: workflows, composite actions, and Dependabot. Each workflow and each job uses secrets and holds a
 * GITHUB_TOKEN. https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax
 */
export default defineCollector({
  id: 'workflows',
  title: 'GitHub Actions workflows, composite actions, Dependabot',
  reads: 'artifact',
  permissions: [],
  marks: ['.github/', 'action.y'],
  accepts: (path) => isWorkflow(path) || isAction(path) || isDependabot(path),
  collect,
});

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectWorkflows } = await import('./collect.ts');
  yield* collectWorkflows(files);
}
