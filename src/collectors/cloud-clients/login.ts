import type { ClientFile } from '../shared/client-files/client-file.ts';
import { environmentOf } from '../shared/client-files/hosts.ts';
import { addKey, byId, type Draft, type Drafts, type Facts, setFacts } from '../shared/identity-drafts.ts';

/** A login for a cloud or a storage service, as a file of its client has it. */
export interface CloudLogin {
  readonly provider: string;
  readonly name: string;
  /** What tells it from others in the file; the name where nothing else does. */
  readonly part?: string;
  readonly account: string | undefined;
  readonly facts: Facts;
  readonly line: number;
  readonly lastLine?: number;
  /** An application of Entra as which it acts. */
  readonly clientId?: string | undefined;
  readonly host?: string | undefined;
}

const AWS_KEY = /^A(?:KIA|SIA)[A-Z2-7]{16}$/;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LONGEST = 200;

/** Adds a login, and the application as which it acts. */
export function addCloudLogin(file: ClientFile, drafts: Drafts, login: CloudLogin): Draft {
  const { provider, account, facts, line, lastLine = line, clientId, host } = login;
  const name = isPlain(login.name) ? login.name : file.path;
  const part = login.part !== undefined && isPlain(login.part) ? login.part : name;
  const id = `cloud-login:${file.repository}:${file.path}#${part.slice(0, LONGEST)}`;
  const evidence = file.evidence(line, lastLine);
  const head = { id, type: 'cloud_login', provider, name: name.slice(0, LONGEST), account };
  const draft = drafts.identity(head, evidence);
  setFacts(draft, { environment: environmentOf(name, host), ...facts }, file.path);
  addKey(draft, 'host', host?.toLowerCase());
  if (clientId !== undefined && GUID.test(clientId))
    drafts.edge(id, 'can-assume', { kind: 'azure-client-id', value: clientId.toLowerCase() }, evidence);
  return draft;
}

/** A section may be called anything. */
function isPlain(name: string): boolean {
  return name.trim() !== '' && !/\p{Cc}/u.test(name);
}

/** Adds the key of AWS that a login uses. The id of a key is no secret. */
export function addAwsKey(file: ClientFile, drafts: Drafts, login: Draft, key: string | undefined, line: number): void {
  if (key === undefined || !AWS_KEY.test(key)) return;
  const id = `aws:access-key:${key}`;
  const evidence = file.evidence(line);
  const draft = drafts.identity({ id, type: 'access_key', provider: 'aws', name: key }, evidence);
  setFacts(
    draft,
    { authMethod: 'static_secret', literal: true, temporary: key.startsWith('ASIA'), storage: 'plaintext_file' },
    file.path,
  );
  addKey(draft, 'aws-access-key-id', key);
  drafts.edge(login.id, 'uses', byId(id), evidence);
}
