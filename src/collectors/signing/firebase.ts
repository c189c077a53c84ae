import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { environmentOf } from '../shared/client-files/hosts.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asObject, asText } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';
import { readPlist } from './plist.ts';

const PROJECT = /^[a-z][a-z0-9-]{3,60}$/;

/** Adds the app of Firebase that a phone's program is: its project, and the app's own id. Its API key is public. */
export async function readFirebase(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  if (/\.plist$/.test(file.path)) {
    const values = readPlist(file.text);
    addApp(file, drafts, values.get('PROJECT_ID'), values.get('GOOGLE_APP_ID'), values.get('BUNDLE_ID'), 1);
    return [];
  }
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  for (const document of documents) {
    const value = asObject(document.value);
    const project = asText(asObject(value['project_info'])['project_id']);
    const clients = Array.isArray(value['client']) ? value['client'] : [];
    for (const [index, client] of clients.entries()) {
      const info = asObject(asObject(client)['client_info']);
      const name = asText(asObject(info['android_client_info'])['package_name']);
      const line = document.place(['client', index]).start.line;
      addApp(file, drafts, project, asText(info['mobilesdk_app_id']), name, line);
    }
  }
  return gaps;
}

function addApp(
  file: ClientFile,
  drafts: Drafts,
  project: string | undefined,
  app: string | undefined,
  name: string | undefined,
  line: number,
): void {
  if (project === undefined || !PROJECT.test(project) || app === undefined || !/^[\w:]{5,100}$/.test(app)) return;
  const id = `firebase:app:${app}`;
  const head = { id, type: 'oauth_app', provider: 'firebase', name: (name ?? app).slice(0, 200), account: project };
  const draft = drafts.identity(head, file.evidence(line));
  setFacts(draft, { environment: environmentOf(project) }, file.path);
  addKey(draft, 'gcp-project', project);
}
