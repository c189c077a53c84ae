import { addKey, type Draft, type Drafts, type Facts, setFacts } from '../identity-drafts.ts';
import type { ClientFile } from './client-file.ts';
import { isPlainHttp, readServer } from './hosts.ts';
import { shownUser } from './user-name.ts';
import { isLiteral } from './value-kind.ts';

/** A credential for a host, as a file of a package manager or of git names it. */
export interface RegistryCredential {
  /** `npm`, `pypi`, `docker`, `git`, ... */
  readonly ecosystem: string;
  /** URL or host. Undefined: the credential goes wherever the client goes. */
  readonly url: string | undefined;
  readonly user?: string | undefined;
  /** What stands where the secret belongs. It goes nowhere. */
  readonly secrets: readonly (string | undefined)[];
  readonly authMethod: 'static_secret' | 'password' | 'certificate' | 'command' | 'oauth_refresh';
  readonly line: number;
  readonly lastLine?: number;
  /** What only one client says. */
  readonly facts?: Facts;
}

/** Adds a credential, unless nothing or a filler stands in its place. */
export function addRegistryCredential(
  file: ClientFile,
  drafts: Drafts,
  credential: RegistryCredential,
): Draft | undefined {
  const { ecosystem, url, secrets, authMethod, line, lastLine, facts } = credential;
  const literal = authMethod === 'command' ? false : isLiteral(...secrets);
  if (literal === undefined) return undefined;
  const server = url === undefined ? undefined : readServer(url);
  const host = server?.host ?? (url === undefined ? 'any host' : 'unknown host');
  const user = shownUser(credential.user);
  const name = user === undefined ? host : `${user}@${host}`;
  const id = `registry-credential:${file.repository}:${file.path}#${ecosystem}:${name}`;
  const head = { id, type: 'registry_credential', provider: ecosystem, name, account: host };
  const draft = drafts.identity(head, file.evidence(line, lastLine ?? line));
  const storage = literal ? 'plaintext_file' : undefined;
  const common = {
    authMethod,
    literal,
    storage,
    ecosystem,
    plainHttp: isPlainHttp(server),
    anyHost: url === undefined,
  };
  setFacts(draft, { ...common, ...facts }, file.path);
  addKey(draft, 'host', server?.host);
  addKey(draft, 'registry-user', server && user && `${user}@${server.host}`);
  return draft;
}
