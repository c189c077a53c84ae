import type { Artifact } from '../../model/artifact.ts';
import { type CollectContext, type DeclaredItem, defineCollector } from '../contract.ts';
import { holdsAny } from '../shared/sniff.ts';

/** Words of the projects and flows that are read. */
const MARKS = ['studioVersion', 'connectionReferences', 'GetRobotCredential', 'GetRobotAsset', 'GetSecureCredential'];
const FILES = /(?:^|\/)(?:project\.json|definition\.json|workflows\/[^/]+\.json)$|\.xaml$/i;

/**
 * Robots: projects of UiPath with the assets of the Orchestrator that they take, and flows of Power Automate with the
 * connections as which they act.
 * https://docs.uipath.com/studio/standalone/latest/user-guide/about-the-projectjson-file
 * https://learn.microsoft.com/en-us/power-automate/export-flow-solution
 */
export default defineCollector({
  id: 'rpa',
  title: 'Robots: UiPath projects and Power Automate flows',
  reads: 'artifact',
  permissions: [],
  marks: ['project.json', 'definition.json', 'workflows/', '.xaml'],
  accepts: (path) => FILES.test(path),
  sniff,
  collect,
});

function sniff(bytes: Uint8Array): boolean {
  return holdsAny(bytes, MARKS);
}

/** Loads the readers lazily, because most runs need none. */
async function* collect(_context: CollectContext, files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const { collectRobots } = await import('./collect.ts');
  yield* collectRobots(files);
}
