import type { YamlDocument } from '../../lib/yaml/read.ts';
import type { Gap } from '../../model/gap.ts';
import type { ClientFile } from '../shared/client-files/client-file.ts';
import { addRegistryCredential } from '../shared/client-files/registry-credential.ts';
import { addKey, type Drafts } from '../shared/identity-drafts.ts';
import { asObject, asText, type Loose } from '../shared/loose.ts';
import { readYamlDocuments } from '../shared/yaml-documents.ts';

/** The name under which a registry of Google takes the JSON of a service account's key. */
const GOOGLE_KEY = '_json_key';

/**
 * Reads `.docker/config.json` (also that of Helm), and the older `.dockercfg`, which is only its list of logins. Where
 * a program keeps the logins nothing secret is in the file.
 */
export async function readDocker(file: ClientFile, drafts: Drafts): Promise<readonly Gap[]> {
  const { documents, gaps } = await readYamlDocuments({ origin: file.origin, bytes: Buffer.from(file.text) });
  for (const document of documents) addLogins(file, drafts, document);
  return gaps;
}

function addLogins(file: ClientFile, drafts: Drafts, document: YamlDocument): void {
  const root = asObject(document.value);
  const isOld = root['auths'] === undefined && /\.dockercfg$/.test(file.path);
  const logins = isOld ? root : asObject(root['auths']);
  const helpers = asObject(root['credHelpers']);
  const hasStore = asText(root['credsStore']) !== undefined;
  const lineOf = (...path: string[]): number => document.place(path, 'key').start.line;
  for (const [host, login] of Object.entries(logins)) {
    const line = isOld ? lineOf(host) : lineOf('auths', host);
    addLogin(file, drafts, host, asObject(login), line, hasStore || helpers[host] !== undefined);
  }
  for (const host of Object.keys(helpers)) {
    if (logins[host] === undefined) addHelper(file, drafts, host, lineOf('credHelpers', host));
  }
}

function addHelper(file: ClientFile, drafts: Drafts, host: string, line: number): void {
  addRegistryCredential(file, drafts, { ecosystem: 'docker', url: host, secrets: [], authMethod: 'command', line });
}

function addLogin(file: ClientFile, drafts: Drafts, host: string, login: Loose, line: number, helped: boolean): void {
  const [auth, token] = [asText(login['auth']), asText(login['identitytoken']) ?? asText(login['registrytoken'])];
  const pair = Buffer.from(auth ?? '', 'base64').toString('utf8');
  const at = pair.indexOf(':');
  const user = at > 0 ? pair.slice(0, at) : asText(login['username']);
  const secrets = [at > 0 ? pair.slice(at + 1) : auth, asText(login['password']), token];
  if (secrets.every((text) => text === undefined || text === '')) {
    if (helped) addHelper(file, drafts, host, line);
    return;
  }
  const authMethod = token === undefined ? 'password' : 'static_secret';
  const draft = addRegistryCredential(file, drafts, {
    ecosystem: 'docker',
    url: host,
    user,
    secrets,
    authMethod,
    line,
  });
  if (draft === undefined || user === undefined || !user.startsWith(GOOGLE_KEY)) return;
  const account = readServiceAccount(
    user.endsWith('base64') ? Buffer.from(pair.slice(at + 1), 'base64').toString() : pair.slice(at + 1),
  );
  addKey(draft, 'gcp-service-account', asText(account['client_email']));
  addKey(draft, 'gcp-key-id', asText(account['private_key_id']));
}

function readServiceAccount(text: string): Loose {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return {};
  }
}
