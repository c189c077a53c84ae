import type { Artifact } from '../../model/artifact.ts';
import type { Gap } from '../../model/gap.ts';
import type { DeclaredItem } from '../contract.ts';
import { type ClientFile, collectClientFiles } from '../shared/client-files/client-file.ts';
import { addKey, type Drafts, setFacts } from '../shared/identity-drafts.ts';
import { readSshKey, type SshKeyFacts } from '../shared/ssh-public-key.ts';
import { readClientConfiguration } from './client-configuration.ts';
import { type KeyLine, readKeyLine } from './key-line.ts';

const MOST_LINES = 20_000;

/** Reads the files of SSH. */
export function collectSsh(files: readonly Artifact[]): AsyncGenerator<DeclaredItem> {
  return collectClientFiles('ssh', files, (file, drafts) => {
    if (/config$/.test(file.path)) return readClientConfiguration(file, drafts);
    const add = /\.pub$/.test(file.path)
      ? addPublicKey
      : /known_hosts2?$/.test(file.path)
        ? addHostKey
        : addAuthorisedKey;
    return readLines(file, (line, number) => add(file, drafts, line, number));
  });
}

/** Adds the key of a line; false where there is none. */
type AddLine = (line: string, number: number) => boolean;

function readLines(file: ClientFile, add: AddLine): readonly Gap[] {
  const lines = file.text.split(/\r?\n/, MOST_LINES + 1);
  const wrong: number[] = [];
  for (const [index, line] of lines.slice(0, MOST_LINES).entries()) {
    const trimmed = line.trim();
    if (trimmed !== '' && !trimmed.startsWith('#') && !add(trimmed, index + 1)) wrong.push(index + 1);
  }
  const [first] = wrong;
  // A file called .pub may be anything; only a line that begins like a key says that it is one of SSH.
  const isOther = file.path.endsWith('.pub') && !/^(?:ssh-|ecdsa-|sk-)/m.test(file.text);
  const more = wrong.length > 1 ? `, and ${wrong.length - 1} more lines` : '';
  const gaps = first === undefined || isOther ? [] : [file.gap(first, `no public key of a known type${more}`)];
  return lines.length > MOST_LINES
    ? [...gaps, file.gap(MOST_LINES, 'more lines than are read; split the file', 'limit')]
    : gaps;
}

function addPublicKey(file: ClientFile, drafts: Drafts, line: string, number: number): boolean {
  const key = readKeyLine(line);
  const facts = key && readSshKey(key.key);
  if (key === undefined || facts === undefined) return false;
  const id = `ssh:${facts.fingerprint}`;
  const draft = drafts.identity(
    { id, type: 'ssh_key', provider: 'ssh', name: key.comment ?? facts.fingerprint },
    file.evidence(number),
  );
  setFacts(draft, { authMethod: 'key_pair', keyType: facts.keyType, keyBits: facts.keyBits }, file.path);
  addKey(draft, 'ssh-fingerprint', facts.fingerprint);
  return true;
}

function addHostKey(file: ClientFile, drafts: Drafts, line: string, number: number): boolean {
  const [, hosts = '', rest = ''] = /^(?:@(?:cert-authority|revoked)\s+)?(\S{1,2000})\s+(.*)$/.exec(line) ?? [];
  const facts = readSshKey(rest);
  if (facts === undefined) return false;
  // A name that is hashed stays unknown.
  const names = hosts.split(',').filter((name) => !name.startsWith('|') && !/[*?!]/.test(name));
  const id = `ssh-host:${facts.fingerprint}`;
  const head = { id, type: 'ssh_host_key', provider: 'ssh', name: names[0] ?? facts.fingerprint };
  const draft = drafts.identity(head, file.evidence(number));
  setFacts(draft, { keyType: facts.keyType, keyBits: facts.keyBits }, file.path);
  for (const name of names.slice(0, 20)) addKey(draft, 'host', name.replace(/^\[(.*)\](?::\d+)?$/, '$1').toLowerCase());
  return true;
}

function addAuthorisedKey(file: ClientFile, drafts: Drafts, line: string, number: number): boolean {
  const key = readKeyLine(line);
  const facts = key && readSshKey(key.key);
  if (key === undefined || facts === undefined) return false;
  const id = `authorised-key:${file.repository}:${file.path}#${facts.fingerprint}`;
  const user = userOf(file.path);
  const name = key.comment ?? facts.fingerprint;
  const head = { id, type: 'authorised_ssh_key', provider: 'ssh', name, account: user ?? file.path };
  const draft = drafts.identity(head, file.evidence(number));
  setFacts(draft, authorisedFacts(key, facts, user), file.path);
  addKey(draft, 'ssh-fingerprint', facts.fingerprint);
  return true;
}

function authorisedFacts({ options }: KeyLine, { keyType, keyBits }: SshKeyFacts, user: string | undefined) {
  const limits = ['from', 'command', 'restrict'].filter((name) => options.has(name));
  const isAuthority = options.has('cert-authority');
  return {
    authMethod: 'key_pair',
    keyType,
    keyBits,
    keyLimits: limits,
    networkRestricted: options.has('from'),
    logsInAsRoot: user === undefined ? undefined : user === 'root',
    anyPrincipal: isAuthority && !options.has('principals'),
  };
}

/** The user whose file it is: `/root/.ssh/…`, `home/<user>/.ssh/…`, `authorized_keys.d/<user>`. */
function userOf(path: string): string | undefined {
  if (/(?:^|\/)root\/\.ssh\//.test(path)) return 'root';
  return /(?:^|\/)home\/([\w.-]{1,64})\/\.ssh\//.exec(path)?.[1];
}
