import type { ClientFile } from '../shared/client-files/client-file.ts';
import { environmentOf, isLocalHost } from '../shared/client-files/hosts.ts';
import { shownUser } from '../shared/client-files/user-name.ts';
import { isLiteral, kindOfValue } from '../shared/client-files/value-kind.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';

/** A login at a database, as a file of a client says it. */
export interface DatabaseLogin {
  readonly system: string;
  readonly user: string | undefined;
  /** Undefined or `*`: any host. */
  readonly host: string | undefined;
  readonly database?: string | undefined;
  /** What stands where the password belongs. It goes nowhere. */
  readonly password: string | undefined;
  /** What is said of the server's certificate; undefined: nothing. */
  readonly tlsVerified?: boolean | undefined;
  readonly line: number;
  readonly lastLine?: number;
}

const ADMINISTRATORS =
  /^(?:root|sa|postgres|admin|administrator|sysadmin|sys|system|rdsadmin|doadmin|cloudsqladmin|avnadmin)$/i;
const HOST = /^[\w.:[\]-]{1,253}$/;

/** Adds the role that logs in. A user or a host that a variable gives is not known. */
export function addRole(file: ClientFile, drafts: Drafts, login: DatabaseLogin): void {
  const { system, database, password, line, lastLine = line } = login;
  const user = kindOfValue(login.user) === 'reference' ? undefined : shownUser(login.user);
  const host = hostOf(login.host);
  if (user === undefined || host === undefined) return;
  const isLocal = host === '*' || isLocalHost(host);
  // Names of this machine are the same everywhere.
  const id = `database:${isLocal ? `${file.repository}:${file.path}:` : ''}${host}:${user}`;
  const head = { id, type: 'database_role', provider: system, name: `${user}@${host}`, account: host };
  const draft = drafts.identity(head, file.evidence(line, lastLine));
  const literal = isLiteral(password);
  const facts = {
    authMethod: literal === undefined ? undefined : 'password',
    plaintextValue: literal,
    storage: literal === true ? 'plaintext_file' : undefined,
    isAdministrator: ADMINISTRATORS.test(user) ? true : undefined,
    resourceScope: database === undefined || database === '*' ? undefined : 'selected',
    environment: environmentOf(host, database, file.path.slice(file.path.lastIndexOf('/') + 1)),
    tlsVerified: isLocal ? undefined : login.tlsVerified,
  };
  setFacts(draft, facts, file.path);
  if (isLocal) return;
  addKey(draft, 'host', host);
  addKey(draft, 'database-role', `${user}@${host}`);
}

function hostOf(text: string | undefined): string | undefined {
  const host = (text ?? '').trim().toLowerCase();
  if (host === '' || host === '*') return '*';
  // A folder is the place of a local socket.
  if (host.startsWith('/')) return 'localhost';
  return HOST.test(host) && !host.includes('..') ? host : undefined;
}
