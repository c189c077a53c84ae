import type { ClientFile } from '../shared/client-files/client-file.ts';
import { byId, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import type { PlacedDocument } from '../shared/placed-documents.ts';

/** A project of a robot, and the folder whose workflows are its own. */
export interface Project {
  readonly id: string;
  /** With a slash at its end, or empty. */
  readonly folder: string;
  readonly repository: string;
}

const MOST_ACTIVITIES = 2000;
/** Activities that take a credential or a value out of the store of the Orchestrator, or out of Windows. */
const ACTIVITY =
  /<(?:[\w.-]{1,40}:)?(GetRobotCredential|GetRobotAsset|GetSecureCredential|GetCredential)\b([^>]{0,4000})>/g;
const NAME = /\b(?:AssetName|CredentialName|Target)\s*=\s*"([^"]{1,300})"/;

/** True for the `project.json` of UiPath Studio; many programs have a file of that name. */
export function isProject(value: Loose): boolean {
  const needs = Object.keys(asObject(value['dependencies']));
  return asText(value['studioVersion']) !== undefined && needs.some((name) => name.startsWith('UiPath.'));
}

/** Adds the robot of a project: whether it runs without a person, and what it keeps out of the log. */
export function addProject(drafts: Drafts, document: PlacedDocument): Project {
  const { value, path, repository } = document;
  const id = `rpa:${repository}:${path}`;
  const options = asObject(value['runtimeOptions']);
  const name = asText(value['name']) ?? path;
  const head = { id, type: 'rpa_bot', provider: 'uipath', name: name.slice(0, 200), account: repository };
  const attended = options['isAttended'] ?? options['requiresUserInteraction'];
  const facts = { humanUse: typeof attended === 'boolean' ? attended : undefined };
  setFacts(drafts.identity(head, document.evidence(['name'])), facts, path);
  return { id, folder: path.slice(0, path.lastIndexOf('/') + 1), repository };
}

/** Reads which assets the workflows of a project take. A name that an expression makes is not known. */
export function readActivities(drafts: Drafts, file: ClientFile, projects: readonly Project[]): void {
  const project = projects
    .filter(({ folder, repository }) => repository === file.repository && file.path.startsWith(folder))
    .sort((a, b) => b.folder.length - a.folder.length)[0];
  if (project === undefined) return;
  let [line, from, left] = [1, 0, MOST_ACTIVITIES];
  for (const activity of file.text.matchAll(ACTIVITY)) {
    left -= 1;
    if (left < 0) return;
    for (
      let feed = file.text.indexOf('\n', from);
      feed >= 0 && feed < activity.index;
      feed = file.text.indexOf('\n', from)
    ) {
      line += 1;
      from = feed + 1;
    }
    addAsset(drafts, file, project, activity[1] ?? '', activity[2] ?? '', line);
  }
}

function addAsset(
  drafts: Drafts,
  file: ClientFile,
  project: Project,
  activity: string,
  fields: string,
  line: number,
): void {
  const name = NAME.exec(fields)?.[1]?.replace(/&quot;/g, '') ?? '';
  if (name === '' || /[[\]{}(+]/.test(name)) return;
  const evidence = file.evidence(line);
  const isLocal = activity === 'GetSecureCredential';
  const id = `uipath:asset:${file.repository}:${name}`;
  const head = { id, type: 'rpa_asset', provider: 'uipath', name, account: file.repository };
  const draft = drafts.identity(head, evidence);
  setFacts(draft, { storage: isLocal ? undefined : 'vault' }, file.path);
  drafts.edge(project.id, 'uses', byId(id), evidence);
}
