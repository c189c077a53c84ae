import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { toClientFile } from '../shared/client-files/client-file.ts';
import { Drafts } from '../shared/identity-drafts.ts';
import { readPlaced } from '../shared/placed-documents.ts';
import { addFlow, isFlow } from './flow.ts';
import { addProject, isProject, type Project, readActivities } from './uipath.ts';

const COLLECTOR = 'rpa';
const LARGEST = 8 * 1024 * 1024;

/** Reads projects and flows, then the activities of each project. */
export async function* collectRobots(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  const drafts = new Drafts();
  const projects: Project[] = [];
  for (const file of files.filter(({ origin }) => !isXaml(origin.path))) {
    const { documents, gaps } = await readPlaced(COLLECTOR, file);
    for (const document of documents) {
      if (isProject(document.value)) projects.push(addProject(drafts, document));
      else if (isFlow(document.value)) addFlow(drafts, document);
    }
    if (isTelling(file)) for (const gap of gaps) yield { kind: 'gap', scope: 'declarations', gap };
  }
  for (const file of files.filter(({ origin }) => isXaml(origin.path))) {
    if (file.bytes.length > LARGEST) yield { kind: 'gap', scope: 'declarations', gap: tooLarge(file.origin.path) };
    else readActivities(drafts, toClientFile(COLLECTOR, file), projects);
  }
  yield* drafts.collected();
}

function isXaml(path: string): boolean {
  return /\.xaml$/i.test(path);
}

/** Words that only stand in what is read here: then a damaged file is a gap. */
function isTelling({ bytes }: Artifact): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return text.includes('"studioVersion"') || text.includes('"connectionReferences"');
}

function tooLarge(path: string): Gap {
  const message = `${path}: more than ${LARGEST} bytes were not read for identities; split the workflow`;
  return { reason: 'too-large', subject: path, message };
}
