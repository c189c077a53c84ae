import type { ClientFile } from '../shared/client-files/client-file.ts';
import { environmentOf } from '../shared/client-files/hosts.ts';
import { shownUser } from '../shared/client-files/user-name.ts';
import { kindOfValue } from '../shared/client-files/value-kind.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { asText, type Loose } from '../shared/loose.ts';

/** Variables that say how Ansible logs in. The older names have `ssh` in them. */
const USERS = ['ansible_user', 'ansible_ssh_user', 'remote_user'];
const PASSWORDS = ['ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'];
const BECOME_PASSWORDS = [
  'ansible_become_password',
  'ansible_become_pass',
  'ansible_sudo_pass',
  'ansible_su_pass',
  'ansible_enable_password',
];
const KEYS = ['ansible_ssh_private_key_file', 'ansible_private_key_file', 'private_key_file'];
const ARGUMENTS = ['ansible_ssh_common_args', 'ansible_ssh_extra_args', 'ssh_args', 'ssh_common_args'];
const VAULTED = '$ANSIBLE_VAULT';
const LONGEST_NAME = 200;

/** Where variables stand, and which hosts they are about. */
export interface LoginPlace {
  /** A host, a group, or `all`. */
  readonly scope: string;
  readonly isHost: boolean;
  readonly line: number;
  readonly lastLine?: number;
}

/** Adds the login that some variables describe. Variables that say nothing of a login add nothing. */
export function addLogin(file: ClientFile, drafts: Drafts, variables: Loose, place: LoginPlace): void {
  const text = (...names: readonly string[]): string | undefined =>
    names.map((name) => asText(variables[name])).find((value) => value !== undefined);
  const user = text(...USERS);
  const secrets = [...PASSWORDS, ...BECOME_PASSWORDS].flatMap((name) => asText(variables[name]) ?? []);
  const key = text(...KEYS);
  if (user === undefined && secrets.length === 0 && key === undefined) return;
  const scope = place.scope.slice(0, LONGEST_NAME);
  const shown = kindOfValue(user) === 'reference' ? undefined : shownUser(user);
  const name = shown === undefined ? scope : `${shown}@${scope}`;
  const id = `ansible-login:${file.repository}:${file.path}#${name}`;
  const head = { id, type: 'ansible_login', provider: 'ansible', name, account: scope };
  const draft = drafts.identity(head, file.evidence(place.line, place.lastLine ?? place.line));
  const address = asText(variables['ansible_host']) ?? (place.isHost ? scope : undefined);
  const facts = {
    authMethod: PASSWORDS.some((password) => variables[password] !== undefined)
      ? 'password'
      : key === undefined
        ? undefined
        : 'key_pair',
    ...storageOf(secrets),
    logsInAsRoot: shown === undefined ? undefined : shown === 'root' || /^administrator$/i.test(shown),
    checksHostKeys: hostKeysOf(text(...ARGUMENTS)),
    tlsVerified: text('ansible_winrm_server_cert_validation') === 'ignore' ? false : undefined,
    environment: environmentOf(scope, file.path),
  };
  setFacts(draft, facts, file.path);
  if (address !== undefined && /^[\w.:-]{1,253}$/.test(address)) addKey(draft, 'host', address.toLowerCase());
}

/** Whether a password stands in the file. A value of a vault, or one of another variable, does not. */
function storageOf(secrets: readonly string[]): { readonly literal?: boolean; readonly storage?: string } {
  const kinds = secrets.map((secret) => (secret.startsWith(VAULTED) ? 'vault' : kindOfValue(secret)));
  if (kinds.includes('literal')) return { literal: true, storage: 'plaintext_file' };
  if (kinds.includes('vault')) return { literal: false, storage: 'encrypted_file' };
  return kinds.includes('reference') ? { literal: false } : {};
}

function hostKeysOf(argument: string | undefined): boolean | undefined {
  if (argument === undefined || !/StrictHostKeyChecking/i.test(argument)) return undefined;
  return !/StrictHostKeyChecking[= ]"?(?:no|off)\b/i.test(argument);
}
